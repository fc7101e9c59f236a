"""Which changesets the refs of a Mercurial repository have got."""

from collections.abc import Collection

from kallithea.vcs.hg.history import HgHistory
from kallithea.vcs.history import Arrived
from kallithea.vcs.types import RevisionNotFoundError


class HgArrivals(HgHistory):
    """Implements ``backend.Arrivals``."""

    def arrived(self, tips: Collection[str], known: Collection[str], *, limit: int) -> Arrived:
        """See ``backend.Arrivals``."""
        starts, ends = self._revisions(tips), self._revisions(known)
        if not starts:
            return Arrived(0, ())
        found = sorted(self._changelog.findmissingrevs(ends or None, starts), reverse=True)
        return Arrived(len(found), tuple(self._commit(revision) for revision in found[:limit]))

    def _revisions(self, commit_ids: Collection[str]) -> list[int]:
        found = []
        for commit_id in commit_ids:
            try:
                found.append(self._revision(commit_id))
            except RevisionNotFoundError:
                continue
        return sorted(found)
