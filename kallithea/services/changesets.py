"""One commit with what it changed."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Commit, Diff, DiffLimits, FileDiff

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
    diff = repository.diff(commit_id, limits=PAGE_LIMITS)
    return Changeset(repository.commit(commit_id), replace(diff, files=tuple(_cut(diff.files, limit))))


def _cut(files: Iterable[FileDiff], limit: int) -> Iterator[FileDiff]:
    """The files, each without its lines from where all lines together exceed the limit."""
    left = limit
    for file in files:
        left -= sum(len(line.text) for hunk in file.hunks for line in hunk.lines)
        yield file if left >= 0 else replace(file, hunks=(), hidden_lines=max(file.added + file.deleted, 1))


def spool_diff(repository: Repository, commit_id: str, *, before: bytes = b"") -> tuple[int, BinaryIO]:
    """The whole diff as unified text after the text ``before``: its size, and a file to read and close."""
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115 - the caller closes it
    spool.write(before)
    for chunk in repository.raw_diff(commit_id):
        spool.write(chunk)
    size = spool.tell()
    spool.seek(0)
    return size, spool  # type: ignore[return-value]  # a spooled file has what BinaryIO promises, not its type
