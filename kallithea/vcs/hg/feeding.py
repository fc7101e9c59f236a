"""What an index is made from: all files of a changeset, and the changesets that it does not know yet."""

from collections.abc import Iterable, Mapping, Sequence

from kallithea.vcs import feeding
from kallithea.vcs.feeding import bounded
from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.hg.history import HgHistory
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.types import EntryKind, TreeEntry

_KINDS = {b"": EntryKind.FILE, b"x": EntryKind.EXECUTABLE, b"l": EntryKind.SYMLINK}


class HgFeeding(HgHistory, HgTree):
    """Implements ``backend.Feeding``."""

    def listing(self, commit_id: str) -> tuple[TreeEntry, ...]:
        """See ``backend.Feeding``."""
        listing = self._listing(commit_id)
        files = [
            TreeEntry(path, _KINDS.get(flags, EntryKind.FILE), None, node.hex())
            for path, node, flags in bounded(listing.manifest.iterentries(), feeding.MOST_FILES)
            if path not in listing.subrepositories
        ]
        pinned = listing.subrepositories.items()
        return (*files, *(TreeEntry(path, EntryKind.SUBREPOSITORY, None, at) for path, at in pinned))

    def commits_without(self, tips: Sequence[str], known: Iterable[str], *, limit: int) -> list[str]:
        """See ``backend.Feeding``."""
        heads = [self._revision(commit_id) for commit_id in tips]
        common = [self._changelog.rev(bytes.fromhex(one)) for one in known if self._named(one.encode("ascii"))]
        missing = self._changelog.findmissingrevs(common or None, heads)
        return [self._changelog.node(revision).hex() for revision in sorted(missing, reverse=True)[:limit]]

    def changed_paths(self, commit_ids: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        """See ``backend.Feeding``."""
        found: dict[str, list[bytes]] = {commit_id: [] for commit_id in commit_ids}
        changes = (
            (commit_id, path)
            for commit_id in commit_ids
            for path in parse_entry(self._text(self._revision(commit_id))).files
        )
        for commit_id, path in bounded(changes, feeding.MOST_CHANGES):
            found[commit_id].append(path)
        return found
