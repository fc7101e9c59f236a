"""Contents of files, to be sent as they are."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from typing import BinaryIO

from kallithea.cache.file_store import FileStore, StoredFile
from kallithea.core.errors import UnavailableError
from kallithea.core.words import _, _n
from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import Kind, TooLargeError, TreeEntry

#: Bytes at a file's beginning that tell what it is.
HEAD = 8_000

# A larger file is read once and kept where it would have to be read whole for every part of it.
_KEPT = 16 << 20
_FORMAT = 1
# Most files are sent in one piece: each costs a call of the server's and of the system's.
_CHUNK = 1 << 18
# Seconds to wait until other heavy work is done.
_PATIENCE = 5.0


class RawContent:
    """``size`` in bytes and ``head``, the first bytes of a content; ``chunks`` gives any part of it, once.

    ``stored`` is the entry of a store that it is read from, if it is.
    """

    def __init__(self, size: int, stream: BinaryIO, stored: StoredFile | None = None) -> None:
        self.size = size
        self.stored = stored
        self._stream = stream
        self._origin = stream.tell() if stream.seekable() else None
        self.head = stream.read(HEAD)

    def chunks(self, start: int, size: int) -> Iterator[bytes]:
        """``size`` bytes from ``start`` on, in pieces; what lies before is not kept in memory."""
        if self._origin is not None:
            self._stream.seek(self._origin + start)
        elif start < len(self.head):
            piece = self.head[start : start + size]
            size -= len(piece)
            yield piece
        else:
            self._skip(start - len(self.head))
        while size and (chunk := self._stream.read(min(_CHUNK, size))):
            size -= len(chunk)
            yield chunk

    def _skip(self, count: int) -> None:
        while count and (chunk := self._stream.read(min(_CHUNK, count))):
            count -= len(chunk)


def require_size(entry: TreeEntry, limit: int) -> None:
    """Raise TooLargeError for a file of more than ``limit`` bytes; 0 is no limit."""
    if limit and (entry.size or 0) > limit:
        raise TooLargeError(
            _n(
                "This file has %(count)s byte. Files of more than %(limit)s bytes are not sent by this site "
                "(raw_size_limit). Clone the repository to get it.",
                "This file has %(count)s bytes. Files of more than %(limit)s bytes are not sent by this site "
                "(raw_size_limit). Clone the repository to get it.",
                entry.size or 0,
                limit=limit,
            )
        )


@contextlib.contextmanager
def open_raw(  # noqa: PLR0913  # where it is kept, what is read, and how
    store: FileStore,
    options: VcsOptions,
    repository_id: int,
    repository: Repository,
    commit_id: str,
    entry: TreeEntry,
    *,
    whole: bool,
    before_reading: Callable[[], None] = lambda: None,
) -> Iterator[RawContent]:
    """The content of a file or symbolic link of a commit; ``whole`` if no single part of it is wanted.

    Only Git gives a large file piece by piece, and only from its beginning; else it is copied into the store, unless it
    is there, as heavy work for which there is room. ``before_reading`` is called before a large one is read. Raises
    UnavailableError, VcsError, and what that raises.
    """
    large = (entry.size or 0) > _KEPT
    if not large or (whole and repository.kind is Kind.GIT):
        if large:
            before_reading()
        with repository.open_blob(commit_id, entry.path) as (size, stream):
            yield RawContent(size, stream)
        return

    def copy(target: BinaryIO) -> None:
        before_reading()
        slot = take_slot(options, Weight.HEAVY, _PATIENCE)
        with slot or contextlib.nullcontext(), repository.open_blob(commit_id, entry.path) as (_size, stream):
            shutil.copyfileobj(stream, target, _CHUNK)

    try:
        key = f"raw:{_FORMAT}:{repository_id}:{entry.object_id}"
        stored = store.produce(key, copy, expected=entry.size or 0)
    except OSError as problem:
        raise UnavailableError(_("There is no room on the server for this file at the moment.")) from problem
    with contextlib.closing(stored):
        yield RawContent(stored.size, stored.open(), stored)
