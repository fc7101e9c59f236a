"""Archives of commits, made once and kept."""

import hashlib
from typing import BinaryIO

from kallithea.cache.file_store import FileStore, StoredFile
from kallithea.core.errors import UnavailableError
from kallithea.core.words import _, _n
from kallithea.vcs.archive import ArchiveOrder, BoundedSink
from kallithea.vcs.backend import Repository

# Counts up whenever we write archives in another way.
_FORMAT = 1
#: Time that making one archive may take.
_SECONDS = 900.0


def archive_key(repository_id: int, order: ArchiveOrder) -> str:
    """A name for the bytes of an archive: with the same name they are the same."""
    compressor = order.format.compressor
    parts = (_FORMAT, repository_id, order.commit_id, order.path, order.prefix, order.format.value, compressor)
    return f"archive:{hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"


def make_archive(
    store: FileStore, repository_id: int, repository: Repository, order: ArchiveOrder, *, limit: int
) -> StoredFile:
    """The archive as an open file, made now if nobody has asked for it before.

    Raises TooLargeError above ``limit`` bytes, UnavailableError while another process makes it or where there is no
    room for it, VcsError. Nothing of an archive that failed is kept.
    """
    words = _n(
        "This archive would have more than %(count)s byte, the limit of this site (archive_size_limit).",
        "This archive would have more than %(count)s bytes, the limit of this site (archive_size_limit).",
        limit,
    )

    def write(target: BinaryIO) -> None:
        bounded = BoundedSink(target, limit=limit, limit_words=words, seconds=_SECONDS)
        repository.write_archive(order, bounded, seconds=_SECONDS)

    try:
        return store.produce(archive_key(repository_id, order), write)
    except OSError as problem:
        raise UnavailableError(
            _("The archive could not be stored. There may be no room for it on the server.")
        ) from problem
