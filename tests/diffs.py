"""What tests ask about the changes of one commit."""

from collections.abc import Iterator
from typing import Protocol

from kallithea.vcs.backend import Diffs
from kallithea.vcs.diff import Diff, DiffLimits, DiffOptions, FileChange, FileDiff, against_parent
from kallithea.vcs.types import Commit


class _Repository(Diffs, Protocol):
    def commit(self, commit_id: str) -> Commit: ...


def diff_of(
    repository: _Repository,
    commit_id: str,
    *,
    options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
    limits: DiffLimits = DiffLimits(),  # noqa: B008 - frozen
) -> Diff:
    """The commit against its first parent."""
    return repository.diff(against_parent(repository.commit(commit_id)), options=options, limits=limits)


def raw_diff_of(repository: _Repository, commit_id: str) -> Iterator[bytes]:
    """The same as text."""
    return repository.raw_diff(against_parent(repository.commit(commit_id)))


def changes_of(repository: _Repository, commit_id: str) -> dict[bytes, FileChange]:
    """The files that a commit changed, by path."""
    return {file.path: file for file in diff_of(repository, commit_id).changes.files}


def bodies_of(repository: _Repository, commit_id: str) -> dict[bytes, FileDiff]:
    """The lines that a commit changed, by path of the file."""
    return {file.change.path: file for file in diff_of(repository, commit_id).files}
