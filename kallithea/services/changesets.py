"""Changes as text."""

import tempfile
from typing import BinaryIO

from kallithea.vcs.backend import Diffs, Tree
from kallithea.vcs.diff import DiffOptions, Sides

#: Raw diffs up to this many bytes are kept in memory, longer ones in a temporary file.
_SPOOLED = 1_048_576


def spool_diff(
    repository: Diffs, tree: Tree, sides: Sides, options: DiffOptions, path: bytes = b"", *, before: bytes = b""
) -> tuple[int, BinaryIO]:
    """The whole diff, or that of one path, as unified text after the text ``before``: its size, and a file to close.

    ``tree`` is the repository of the new side. Raises RevisionNotFoundError, LimitExceededError; PathNotFoundError for
    a path that neither changed nor is there.
    """
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115 - the caller closes it
    try:
        spool.write(before)
        for chunk in repository.raw_diff(sides, paths=[path] if path else [], options=options):
            spool.write(chunk)
        size = spool.tell()
        if path and size == len(before):
            tree.entry(sides.new, path)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return size, spool  # type: ignore[return-value]  # a spooled file has what BinaryIO promises, not its type
