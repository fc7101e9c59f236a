"""Changesets of two Mercurial repositories, compared in this process.

Ids are hashes of contents and history, so those of changesets, manifests and versions of files mean the same in both:
what both have is looked at in one of them.
"""

import contextlib
import pathlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kallithea.vcs.diff import Sides
from kallithea.vcs.hg.changed_files import find_copies
from kallithea.vcs.hg.diffs import HgDiffs
from kallithea.vcs.hg.file_walks import watching
from kallithea.vcs.hg.history import HgHistory
from kallithea.vcs.hg.mercurial_setup import context, copies
from kallithea.vcs.hg.walks import heads_of, until_known
from kallithea.vcs.history import AheadBehind, LogPage
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import RevisionNotFoundError


@dataclass(frozen=True, slots=True)
class _Meeting:
    """How the history of ``base`` begins outside of the second repository: so many changesets, and then these."""

    base: str
    missing: int
    known: tuple[int, ...]


class _Alone(context.changectx):  # type: ignore[misc]  # Mercurial has no types
    """A changeset beside one of another repository, with which it must share no storage of files."""

    def filectx(self, path: bytes, fileid: Any = None, filelog: Any = None) -> Any:
        """A file, from this repository whatever storage is offered."""
        return super().filectx(path, fileid)

    def __eq__(self, other: object) -> bool:
        """Local numbers of two repositories say nothing to each other."""
        return self is other

    __hash__ = context.changectx.__hash__


class _Side(HgHistory):
    """One of two repositories that are compared."""

    def alone(self, commit_id: str) -> Any:
        """The context of a changeset. Raises RevisionNotFoundError."""
        node = self._node(commit_id)
        return _Alone(self._repository, self._changelog.rev(node), node)

    def knows(self, commit_id: str) -> bool:
        """Whether visitors see this changeset here."""
        with contextlib.suppress(RevisionNotFoundError):
            return bool(self._node(commit_id))
        return False

    def count_until(self, commit_id: str, other: "_Side") -> tuple[int, list[bytes]]:
        """See ``walks.until_known``. Raises RevisionNotFoundError."""
        return until_known(self._changelog, self._revision(commit_id), other._is_visible)  # noqa: SLF001 - its own kind


class HgComparison(_Side, HgDiffs):
    """Implements ``comparison.Comparison``: the second repository, with the first beside it."""

    shallow = False

    def __init__(self, base: pathlib.Path, other: pathlib.Path) -> None:
        super().__init__(other)
        try:
            self._first: _Side = _Side(base) if base != other else self
        except BaseException:
            super().close()
            raise
        self._last_meeting: _Meeting | None = None

    def merge_bases(self, base: str, tip: str) -> tuple[str, ...]:
        """See ``comparison.Comparison``."""
        return tuple(self._changelog.node(revision).hex() for revision in self._merge_bases(base, tip))

    def merge_base(self, base: str, tip: str) -> str | None:
        """See ``comparison.Comparison``. It is the one farthest from the roots, as Mercurial chooses it.

        Of several ways by which the first history leaves the second, it is on the one with the highest local number.
        """
        changelog, node = self._changelog, self._node(tip)
        best = [changelog.ancestor(changelog.node(known), node) for known in self._meet(base).known]
        found = max((changelog.rev(ancestor) for ancestor in best), default=-1)
        return bytes(changelog.node(found)).hex() if found >= 0 else None

    def ahead_behind(self, tip: str, base: str) -> AheadBehind:
        """See ``comparison.Comparison``."""
        revision, meeting = self._revision(tip), self._meet(base)
        behind = len(self._changelog.findmissingrevs([revision], list(meeting.known)))
        return AheadBehind(len(self._added(base, revision)), meeting.missing + behind)

    def added(self, base: str, tip: str, *, offset: int = 0, limit: int = 50) -> LogPage:
        """See ``comparison.Comparison``."""
        found = self._added(base, self._revision(tip))[::-1]
        more = len(found) > offset + limit
        commits = tuple(self._commit(revision) for revision in found[offset : offset + limit])
        return LogPage(commits, offset + limit if more else None)

    def close(self) -> None:
        """See ``comparison.Comparison``."""
        super().close()
        if self._first is not self:
            self._first.close()

    @contextlib.contextmanager
    def _working(self, seconds: float, **turn: float) -> Iterator[Callable[[], None]]:
        """See ``HgHandle``; in both repositories."""
        with super()._working(seconds, **turn) as check, watching(self._first._repository, check):  # noqa: SLF001
            yield check

    def _meet(self, base: str) -> _Meeting:
        if self._last_meeting is None or self._last_meeting.base != base:
            missing, nodes = self._first.count_until(base, self)
            known = heads_of(self._changelog, [self._changelog.rev(node) for node in nodes])
            self._last_meeting = _Meeting(base, missing, tuple(sorted(known)))
        return self._last_meeting

    def _merge_bases(self, base: str, tip: str) -> set[int]:
        changelog, node = self._changelog, self._node(tip)
        found = {
            changelog.rev(ancestor)
            for known in self._meet(base).known
            for ancestor in changelog.commonancestorsheads(changelog.node(known), node)
        }
        return heads_of(changelog, found)

    def _added(self, base: str, tip: int) -> list[int]:
        """Local numbers, ascending, of what the history up to ``tip`` adds."""
        found: list[int] = self._changelog.findmissingrevs(list(self._meet(base).known), [tip])
        return found

    def _contexts(self, sides: Sides) -> tuple[Any, Any]:
        """See ``HgDiffs``. An old side that only the first repository has comes from there."""
        if sides.old is None or self._first is self or self.knows(sides.old):
            return super()._contexts(sides)
        return self._first.alone(sides.old), self.alone(sides.new)

    def _find_copies(self, old: Any, new: Any) -> Mapping[bytes, bytes]:
        """See ``changed_files.FindCopies``: backwards to what both histories have, and from there to the other side."""
        if old.repo() is new.repo():
            return find_copies(old, new)
        base = self.merge_base(old.hex().decode(), new.hex().decode())
        if base is None:
            return {}
        before = dict(find_copies(self._first.alone(base), old))
        # As in one repository, a version that the old side has ends the search as well as one of the base; there is no
        # public call that is told of both.
        after: dict[bytes, bytes] = dict(copies._forwardcopies(self.alone(base), new, old))  # noqa: SLF001
        for path in [path for path, source in before.items() if after.get(path) == source]:
            del before[path], after[path]
        renamed = {source: path for path, source in sorted(before.items()) if source not in old}
        chained = renamed | {path: renamed.get(source, source) for path, source in after.items()}
        return {path: source for path, source in chained.items() if path != source and source in old and path in new}


def open_comparison(base: pathlib.Path, other: pathlib.Path, options: VcsOptions) -> HgComparison:
    """See ``opener.open_comparison``."""
    comparison = HgComparison(base, other)
    comparison.options = options
    return comparison
