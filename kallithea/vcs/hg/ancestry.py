"""How changesets of a Mercurial repository lie to each other."""

import itertools
from collections.abc import Iterable, Mapping

from kallithea.vcs.deadline import Deadline
from kallithea.vcs.hg.effort import working
from kallithea.vcs.hg.history import HgHistory
from kallithea.vcs.hg.walks import all_ancestors, children
from kallithea.vcs.history import AheadBehind

# As for git's walk.
_CHILDREN_SECONDS = 20.0


class HgAncestry(HgHistory):
    """Implements ``backend.Ancestry``."""

    def count(self, start: str | None) -> int:
        """See ``backend.Ancestry``."""
        if start is None:
            return len(self._changelog) - len(self._changelog.filteredrevs)
        return len(all_ancestors(self._changelog, self._revision(start)))

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """See ``backend.Ancestry``."""
        found = self._changelog.commonancestorsheads(self._node(one), self._node(other))
        return tuple(node.hex() for node in found)

    def merge_base(self, one: str, other: str) -> str | None:
        """See ``backend.Ancestry``. It is the one farthest from the roots, as Mercurial chooses it."""
        changelog = self._changelog
        found = changelog.ancestor(self._node(one), self._node(other))
        return None if found == changelog.nullid else bytes(found).hex()

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """See ``backend.Ancestry``."""
        return bool(self._changelog.isancestor(self._node(ancestor), self._node(descendant)))

    def children(self, commit_id: str, *, limit: int) -> tuple[str, ...]:
        """See ``backend.Ancestry``."""
        changelog, parent = self._changelog, self._revision(commit_id)
        with working(self.options, _CHILDREN_SECONDS) as check:
            found = itertools.islice(children(changelog, parent, check), limit)
            return tuple(changelog.node(revision).hex() for revision in found)

    def ahead_behind(self, tip: str, base: str) -> AheadBehind:
        """See ``backend.Ancestry``."""
        changelog = self._changelog
        one, other = self._revision(tip), self._revision(base)
        ahead = len(changelog.findmissingrevs([other], [one]))
        return AheadBehind(ahead, len(changelog.findmissingrevs([one], [other])))

    def ahead_behind_all(self, tips: Iterable[str], base: str, *, seconds: float) -> Mapping[str, AheadBehind]:
        """See ``backend.Ancestry``."""
        deadline = Deadline(seconds)
        found: dict[str, AheadBehind] = {}
        for tip in tips:
            if deadline.is_over:
                break
            if tip not in found:
                found[tip] = self.ahead_behind(tip, base)
        return found
