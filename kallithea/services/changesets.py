"""One commit with what it changed."""

import tempfile
from dataclasses import dataclass, replace
from typing import BinaryIO

from kallithea.vcs.backend import Repository
from kallithea.vcs.diff import Diff, DiffLimits, against_parent
from kallithea.vcs.types import Commit

#: What a page shows of a diff: more files, or more changed lines of one file or of all, are only counted.
PAGE_LIMITS = DiffLimits(files=300, lines_per_file=2000, lines=20000)

#: A file with more changed lines is folded until the visitor unfolds it.
FOLDED_LINES = 400

#: Raw diffs up to this many bytes are kept in memory, longer ones in a temporary file.
_SPOOLED = 1_048_576


@dataclass(frozen=True, slots=True)
class Changeset:
    """A commit and its changes against its first parent."""

    commit: Commit
    diff: Diff


def read_changeset(repository: Repository, commit_id: str, *, limit: int) -> Changeset:
    """The commit with what a page shows of its changes: at most ``limit`` bytes of lines.

    Raises RevisionNotFoundError, LimitExceededError.
    """
    commit = repository.commit(commit_id)
    return Changeset(commit, repository.diff(against_parent(commit), limits=replace(PAGE_LIMITS, bytes=limit)))


def spool_diff(repository: Repository, commit_id: str, *, before: bytes = b"") -> tuple[int, BinaryIO]:
    """The whole diff as unified text after the text ``before``: its size, and a file to read and close."""
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115 - the caller closes it
    spool.write(before)
    for chunk in repository.raw_diff(against_parent(repository.commit(commit_id))):
        spool.write(chunk)
    size = spool.tell()
    spool.seek(0)
    return size, spool  # type: ignore[return-value]  # a spooled file has what BinaryIO promises, not its type
