"""Commits of two Git repositories, compared by git processes that see the objects of both.

What a process is lent it is told by its environment (``GIT_ALTERNATE_OBJECT_DIRECTORIES``), so that neither repository
ever knows of the other.
"""

import pathlib
from dataclasses import replace

from kallithea.core.words import _
from kallithea.vcs.git.ancestry import GitAncestry
from kallithea.vcs.git.diffs import GitDiffs
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.log import AS_WRITTEN, WALK, GitLog
from kallithea.vcs.git.process import run_git
from kallithea.vcs.history import LogPage
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Commit, RevisionNotFoundError

_MOST_BASES = 100


class GitComparison(GitAncestry, GitLog, GitDiffs):
    """Implements ``comparison.Comparison``: the second repository, to which the first lends its objects."""

    _last_bases: tuple[tuple[str, str], tuple[str, ...]] | None = None

    def __init__(self, options: VcsOptions, base: pathlib.Path, other: pathlib.Path) -> None:
        """Raises RevisionNotFoundError where ids of the one can be none of the other."""
        self._first = GitLog(options, base) if base != other else None
        lent = (git_folder(base) / "objects",) if self._first is not None else ()
        super().__init__(replace(options, lent_objects=lent), other)
        if self._first is not None and self._first.format_name != self.format_name:
            self.close()
            raise RevisionNotFoundError(_("Commits of SHA-1 and SHA-256 repositories cannot be compared."))

    @property
    def shallow(self) -> bool:
        """See ``comparison.Comparison``."""
        return super().shallow or (self._first is not None and self._first.shallow)

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """See ``comparison.Comparison``. The last answer is remembered, because a page asks several times."""
        if self._last_bases is None or self._last_bases[0] != (one, other):
            self._last_bases = ((one, other), super().merge_bases(one, other))
        return self._last_bases[1]

    def commit(self, commit_id: str) -> Commit:
        """The commit of a full id, in either repository. Raises RevisionNotFoundError, CorruptObjectError."""
        if self._first is None or self._objects.find(commit_id) is not None:
            return super().commit(commit_id)
        return self._first.commit(commit_id)

    def added(self, base: str, tip: str, *, offset: int = 0, limit: int = 50) -> LogPage:
        """See ``comparison.Comparison``."""
        command = ["rev-list", f"--skip={offset}", f"--max-count={limit + 1}", *AS_WRITTEN]
        # Without the merge bases, git says more than it should where dates run backwards.
        shared = self.merge_bases(base, tip)[:_MOST_BASES]
        command += ["--end-of-options", tip, *(f"^{one}" for one in (base, *shared)), "--"]
        found = self._parse(run_git(self._options, self.path, *command, limits=WALK))
        return LogPage(tuple(found[:limit]), offset + limit if len(found) > limit else None)

    def close(self) -> None:
        """See ``comparison.Comparison``."""
        super().close()
        if self._first is not None:
            self._first.close()


def open_comparison(base: pathlib.Path, other: pathlib.Path, options: VcsOptions) -> GitComparison:
    """See ``opener.open_comparison``."""
    return GitComparison(options, base, other)
