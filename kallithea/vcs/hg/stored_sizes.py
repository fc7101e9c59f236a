"""Sizes of files, read from the indexes of their histories alone.

Mercurial makes an object of some forty parts for the history of a file; to look into the index of it takes a fraction
of that. The format is version 1 of ``hg help internals.revlogs``, which Mercurial's own parser reads.
"""

import os
from typing import Any

from kallithea.vcs.hg import mercurial_setup  # noqa: F401 - prepares Mercurial

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import revlog
from mercurial.revlogutils import constants

_FLAGS = constants.FLAG_INLINE_DATA | constants.FLAG_GENERALDELTA
# An index of more bytes is mapped into memory by Mercurial, and not read.
_LARGEST = 1 << 20


def find_size(repository: Any, path: bytes, node: bytes) -> int | None:
    """Bytes of one version of a file; None where only Mercurial tells, as of a version that may begin with a record."""
    data = _read(repository, path)
    header = constants.INDEX_HEADER.unpack(data[:4])[0] if len(data) >= constants.INDEX_HEADER.size else 0
    if header & 0xFFFF != constants.REVLOGV1 or header & ~0xFFFF & ~_FLAGS:
        return None
    try:
        index, _chunks = revlog.parse_index_v1(
            data, bool(header & constants.FLAG_INLINE_DATA), bool(header & constants.FLAG_GENERALDELTA), False
        )
        number = index.get_rev(node)
    except (ValueError, IndexError, TypeError):
        return None
    if number is None:
        return None
    entry = index[number]
    flags = entry[constants.ENTRY_DATA_OFFSET] & 0xFFFF
    size: int = entry[constants.ENTRY_DATA_UNCOMPRESSED_LENGTH]
    # a version that was copied begins with a record of it, and has no parent
    return size if not flags and size >= 0 and entry[constants.ENTRY_PARENT_1] >= 0 else None


def _read(repository: Any, path: bytes) -> bytes:
    """The index; nothing where there is none or it is large."""
    try:
        file = os.open(repository.svfs.join(b"data/%s.i" % path), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        data = os.read(file, _LARGEST)
    finally:
        os.close(file)
    return data if len(data) < _LARGEST else b""
