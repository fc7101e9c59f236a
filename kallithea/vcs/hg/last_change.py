"""The last change of each entry of a folder in Mercurial: see ``kallithea.vcs.last_change`` for what that is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.hg.file_walks import watching
from kallithea.vcs.hg.handle import DAMAGE, naming
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.last_change import DEFAULT_SECONDS, LastChanges, search_deadline
from kallithea.vcs.types import EntryKind, PathNotFoundError, RevisionNotFoundError

_STATE = b".hgsubstate"
# Changesets read between two looks at the clock.
_BETWEEN_LOOKS = 256


class HgLastChange(HgTree):
    """Implements ``backend.LastChange``."""

    def last_changes(
        self,
        commit_id: str,
        path: bytes,
        names: Collection[bytes],
        *,
        known: LastChanges | None = None,
        seconds: float = DEFAULT_SECONDS,
    ) -> LastChanges:
        """See ``backend.LastChange``."""
        if self.entry(commit_id, path).kind is not EntryKind.FOLDER:
            raise PathNotFoundError(_("There is no folder at this path."))
        at, listing, deadline = self._revision(commit_id), self._listing(commit_id), search_deadline(seconds)
        prefix = path + b"/" if path else b""
        pinned = {name for name in names if prefix + name in listing.subrepositories}
        wanted = set(names) - pinned
        with naming(commit_id), watching(self._repository, deadline.check):
            found = self._find_known(at, listing.manifest, prefix, wanted, known, deadline) if known else {}
            found |= self._find(at, listing.manifest, prefix, wanted - found.keys(), deadline)
            found |= {name: self._find_pinning(at, prefix + name, deadline) for name in pinned}
        node = self._repository.changelog.node
        return LastChanges(commit_id, {name: node(revision).hex() for name, revision in found.items()})

    def _find_known(
        self, at: int, manifest: Any, prefix: bytes, names: Set[bytes], known: LastChanges, deadline: Deadline
    ) -> dict[bytes, int]:
        """What follows from the answers at an ancestor, and from the changesets that came since."""
        changelog = self._repository.changelog
        old = self._find_revision(known.commit_id)
        if old is None or not changelog.isancestorrev(old, at):
            return {}
        before = self._repository[old].manifest()
        listed: dict[bytes, int] = {}
        for revision, name, _node in self._named_in(reversed(changelog.findmissingrevs([old], [at])), prefix, deadline):
            listed.setdefault(name, revision)
        found: dict[bytes, int] = {}
        for name in names & known.changes.keys():
            path, earlier = prefix + name, self._find_revision(known.changes[name])
            if earlier is not None and path not in manifest:
                found[name] = max(earlier, listed.get(name, earlier))
            elif earlier is not None and name not in listed and before.get(path) == manifest[path]:
                found[name] = earlier
        return found

    def _find(self, at: int, manifest: Any, prefix: bytes, names: Set[bytes], deadline: Deadline) -> dict[bytes, int]:
        """The changesets that introduced files, and the newest that touch folders."""
        ancestors = self._repository.changelog.ancestors([at], inclusive=True)
        found: dict[bytes, int] = {}
        elsewhere: dict[bytes, bytes] = {}
        for name in names:
            deadline.check()
            if prefix + name in manifest:
                node = manifest[prefix + name]
                linked = self._linked(prefix + name, node)
                if linked is not None and linked in ancestors:
                    found[name] = linked
                else:
                    # The same revision of the file was made twice, on branches that knew nothing of each other; or
                    # the file's history is damaged, and that of the manifests tells.
                    elsewhere[name] = node
        folders = names - found.keys() - elsewhere.keys()
        return found | self._search(ancestors, prefix, folders, elsewhere, deadline)

    def _search(
        self,
        ancestors: Iterable[int],
        prefix: bytes,
        folders: Set[bytes],
        files: Mapping[bytes, bytes],
        deadline: Deadline,
    ) -> dict[bytes, int]:
        """Go through the ancestors, newest first, until all are found."""
        left = folders | files.keys()
        found: dict[bytes, int] = {}
        if not left:
            return found
        for revision, name, below in self._named_in(ancestors, prefix, deadline):
            if name not in left:
                continue
            node = files.get(name)
            if node is None or (not below and self._introduces(revision, prefix + name, node)):
                found[name] = revision
                left -= {name}
                if not left:
                    break
        return found

    def _named_in(
        self, revisions: Iterable[int], prefix: bytes, deadline: Deadline
    ) -> Iterator[tuple[int, bytes, bool]]:
        """Of each changeset, the entries of the folder that it names, and whether it names something below them."""
        for count, revision in enumerate(revisions):
            if count % _BETWEEN_LOOKS == 0:
                deadline.check()
            for path in _files(self._text(revision)):
                if path.startswith(prefix):
                    name, slash, _below = path[len(prefix) :].partition(b"/")
                    yield revision, name, bool(slash)

    def _linked(self, path: bytes, node: bytes) -> int | None:
        """The local number of the changeset that first introduced a version of a file; None where that is damaged."""
        try:
            storage = self._repository.file(path)
            return int(storage.linkrev(storage.rev(node)))
        except DAMAGE:
            return None

    def _introduces(self, revision: int, path: bytes, node: bytes) -> bool:
        """Whether the file became this version at a changeset that names it, as ``_adjustlinkrev`` decides it."""
        new = self._repository[revision].manifestctx().read_delta_parents(exact=False)
        return bool(new.get(path) == node)

    def _find_pinning(self, at: int, path: bytes, deadline: Deadline) -> int:
        """The changeset that pinned a sub-repository to the commit where it is."""
        state = self._repository[at][_STATE]
        pinned = _pinned(state, path)
        while True:
            deadline.check()
            state = state.introfilectx()
            same = [parent for parent in state.parents() if _pinned(parent, path) == pinned]
            if not same:
                return int(state.rev())
            state = same[0]

    def _find_revision(self, commit_id: str) -> int | None:
        try:
            return self._revision(commit_id)
        except RevisionNotFoundError:
            return None


def _files(text: bytes) -> list[bytes]:
    """The paths that a changelog entry names."""
    return text.partition(b"\n\n")[0].split(b"\n")[3:]


def _pinned(state: Any, path: bytes) -> bytes | None:
    """What a revision of ``.hgsubstate`` says of a path."""
    rows = (line.partition(b" ") for line in state.data().splitlines())
    return next((at for at, _size, where in rows if where.strip(b"/") == path), None)
