"""Histories of Mercurial repositories."""

import datetime
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kallithea.vcs.blame import LARGEST_FILE, lines_of
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.hg.changed_paths import open_changed_paths
from kallithea.vcs.hg.changesets import parse_time, split_head
from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.history import HgHistory
from kallithea.vcs.hg.line_history import following_lines
from kallithea.vcs.hg.mercurial_setup import encoding, phases
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.hg.walks import among, ancestors, changing, first_parents, following, visible, watched
from kallithea.vcs.history import LogFilter, LogPage, Merges, Phase, UntilDamage
from kallithea.vcs.types import Commit

#: Seconds after which a search hands over what it has found.
SEARCH_SECONDS = 3.0
# How long a page waits until a history is looked through, as for git's.
_SECONDS = 20.0


class HgLog(HgHistory, HgTree):
    """Implements ``backend.Log``."""

    def log(
        self,
        start: str | None,
        wanted: LogFilter = LogFilter(),  # noqa: B008
        *,
        offset: int = 0,
        limit: int = 50,
    ) -> LogPage:
        """See ``backend.Log``. Files are those that a changeset names as changed, as in ``hg log --removed``.

        A file is followed through the versions that lead to the one in ``start``, as in ``hg log --follow``; what is
        no file there is not followed. Lines are followed as the revset ``followlines`` does it.
        """
        revision = self._revision(start) if start is not None else None
        if wanted.finds_nothing or (start is None and wanted.lines is not None):
            return LogPage(())
        with self._changelog.reading(), self._working(_SECONDS) as check:
            walk = self._walk(revision, wanted, offset, check)
            if (conditions := _Conditions.of(wanted)) is not None:
                return self._search_log(walk, conditions, offset, limit)
            commits = UntilDamage(map(self._commit, walk))
            found = tuple(itertools.islice(commits, limit + 1))
        if len(found) > limit:
            return LogPage(found[:limit], offset + limit)
        return LogPage(found, damage=commits.damage_behind(found))

    def _walk(self, start: int | None, wanted: LogFilter, offset: int, check: Callable[[], None]) -> Iterator[int]:
        """Ancestors that meet the conditions for which no entry has to be parsed, but for the newest ones."""
        if not (wanted.path or wanted.branch is not None or wanted.merges is not Merges.ALL or wanted.phase):
            return self._whole_walk(start, offset)
        # What is looked through for the conditions takes time, however little of it meets them.
        walk = watched(self._longest_walk(start, wanted, check), check)
        if wanted.merges is Merges.FIRST and wanted.path:
            walk = among(walk, first_parents(self._changelog, start))
        elif wanted.merges in (Merges.NONE, Merges.ONLY):
            walk = self._with_merges(walk, wanted.merges is Merges.ONLY)
        if wanted.branch is not None:
            walk = self._on_branch(walk, wanted.branch)
        if wanted.phase is not None:
            walk = self._in_phase(walk, wanted.phase)
        return itertools.islice(walk, offset, None)

    def _longest_walk(self, start: int | None, wanted: LogFilter, check: Callable[[], None]) -> Iterator[int]:
        if wanted.path:
            return self._path_walk(start, wanted, check)
        return first_parents(self._changelog, start) if wanted.merges is Merges.FIRST else self._whole_walk(start)

    def _whole_walk(self, start: int | None, offset: int = 0) -> Iterator[int]:
        if start is None:
            return visible(self._changelog, offset)
        return ancestors(self._changelog, start, offset)

    def _path_walk(self, start: int | None, wanted: LogFilter, check: Callable[[], None]) -> Iterator[int]:
        if start is not None and wanted.lines is not None:
            blob = self.blob(self._changelog.node(start).hex(), wanted.path, limit=LARGEST_FILE)
            lines = lines_of(blob, wanted.lines)
            if lines is None:
                return iter(())
            return following_lines(self._repository, start, wanted.path, lines, SEARCH_SECONDS)
        if start is not None and wanted.follow:
            with naming(self._changelog.node(start).hex()):
                is_file = wanted.path in self._repository[start]
            if is_file:
                return following(self._repository, start, wanted.path)
        index = open_changed_paths(self._repository)
        return changing(self._changelog, self._read_entries, index, start, wanted.path, check)

    def _with_merges(self, walk: Iterator[int], merges: bool) -> Iterator[int]:
        parents = self._changelog.parentrevs
        return (revision for revision in walk if (parents(revision)[1] >= 0) == merges)

    def _on_branch(self, walk: Iterator[int], branch: bytes) -> Iterator[int]:
        branch_of = self._repository.revbranchcache().branchinfo
        local = encoding.tolocal(branch)
        return (revision for revision in walk if branch_of(revision)[0] == local)

    def _in_phase(self, walk: Iterator[int], phase: Phase) -> Iterator[int]:
        # All other phases are those of few changesets.
        drafts = frozenset(self._phases.getrevset(self._repository, phases.mutablephases))
        if phase is Phase.PUBLIC:
            return (revision for revision in walk if revision not in drafts)
        oldest = min(drafts, default=self._changelog.tiprev() + 1)
        return (revision for revision in itertools.takewhile(oldest.__le__, walk) if revision in drafts)

    def _search_log(self, walk: Iterator[int], conditions: "_Conditions", offset: int, limit: int) -> LogPage:
        deadline = Deadline(SEARCH_SECONDS)
        found: list[Commit] = []
        # A block of entries is read when all of its numbers are there: those before the end of the walk count as well.
        revisions = UntilDamage(walk)
        entries = UntilDamage(self._read_entries(revisions))
        for position, (revision, text) in enumerate(entries, offset):
            # What has stopped by itself would stop there again.
            if position > offset and deadline.is_over and not revisions.stopped:
                return LogPage(tuple(found), position, searched=position - offset)
            if conditions.met_by(text):
                if len(found) == limit:
                    return LogPage(tuple(found), position)
                found.append(self._commit(revision))
        return LogPage(tuple(found), damage=entries.damage_behind(found) or revisions.damage_behind(found))


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What has to be read in an entry; words in small letters."""

    wanted: LogFilter
    author: str
    text: str
    dated: bool

    @classmethod
    def of(cls, wanted: LogFilter) -> "_Conditions | None":
        """The conditions of a filter, None where it has none of these."""
        dated = wanted.since is not None or wanted.until is not None
        if not (wanted.author or wanted.text or dated):
            return None
        return cls(wanted, _small(wanted.author), _small(wanted.text), dated)

    def met_by(self, text: bytes) -> bool:
        """Whether the entry is one that is looked for."""
        user, date = split_head(text)
        return (
            (not self.author or self.author in _small(user))
            and (not self.dated or self._is_in_time(parse_time(date)))
            and (not self.text or self.text in _small(text.partition(b"\n\n")[2]))
        )

    def _is_in_time(self, when: datetime.datetime) -> bool:
        since, until = self.wanted.since, self.wanted.until
        return (since is None or since <= when) and (until is None or when <= until)


def _small(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape").lower()
