"""Named branches, bookmarks and tags of Mercurial repositories."""

from collections.abc import Collection
from typing import Any

from kallithea.vcs.hg.handle import HgHandle, naming
from kallithea.vcs.hg.mercurial_setup import bookmarks, encoding, tags
from kallithea.vcs.types import Ref, RefKind, Refs, RefState


class HgRefs(HgHandle):
    """Implements ``backend.RefStore``."""

    def refs(self) -> Refs:
        """See ``backend.RefStore``. A named branch is one ref, at its newest open head, else its newest head."""
        heads = self._repository.branchmap()
        branches = tuple(_branch(heads, name) for name in sorted(heads))
        marks = tuple(_ref(RefKind.BOOKMARK, name, at) for name, at in sorted(self._bookmarks().items()))
        tagged = tuple(_ref(RefKind.TAG, name, at) for name, at in sorted(self._tags().items()))
        return Refs(branches, tagged, marks, self.default_ref())

    def find_ref(self, *names: bytes) -> Ref | None:
        """See ``backend.RefStore``."""
        return next((ref for name in names if (ref := self._find_ref(name)) is not None), None)

    def _find_ref(self, name: bytes) -> Ref | None:
        heads = self._repository.branchmap()
        if heads.hasbranch(name):
            return _branch(heads, name)
        for kind, read in ((RefKind.BOOKMARK, self._bookmarks), (RefKind.TAG, self._tags)):
            if (at := read().get(name)) is not None:
                return _ref(kind, name, at)
        return None

    def default_ref(self) -> Ref | None:
        """See ``backend.RefStore``."""
        if self.is_empty():
            return None
        mark = self._bookmarks().get(b"@")
        if mark is not None:
            return _ref(RefKind.BOOKMARK, b"@", mark)
        heads = self._repository.branchmap()
        return _branch(heads, b"default" if heads.hasbranch(b"default") else self._repository[b"tip"].branch())

    def refs_at(self, commit_ids: Collection[str]) -> tuple[Ref, ...]:
        """See ``backend.RefStore``."""
        refs = self.refs()
        return tuple(ref for ref in (*refs.bookmarks, *refs.branches, *refs.tags) if ref.commit_id in commit_ids)

    def state(self) -> RefState:
        """See ``backend.RefStore``."""
        return RefState(self.fingerprint(), read_refs(self._repository))

    def fingerprint(self) -> str:
        """See ``backend.RefStore``."""
        # Of what this handle has read, also when the repository has changed since.
        return self._state

    def is_empty(self) -> bool:
        """Whether no changeset is visible."""
        return bool(self._repository.changelog.tiprev() < 0)

    def _bookmarks(self) -> dict[bytes, bytes]:
        """Names and binary ids of the bookmarks on visible changesets, without divergent ones such as ``@default``."""
        return read_bookmarks(self._repository)

    def _tags(self) -> dict[bytes, bytes]:
        """Names and binary ids of the tags that are part of the history, of visible changesets only."""
        repository = self._repository
        # Not repository.tags(): it fails for all tags when one names an id that Mercurial reserves.
        with naming(".hgtags"):
            found = tags.findglobaltags(repository.ui, repository)
        return {encoding.fromlocal(name): at for name, (at, _) in found.items() if self._is_visible(at)}

    def _branch_tip(self, name: bytes) -> bytes | None:
        """Binary id of a named branch's newest head, open ones first."""
        heads = self._repository.branchmap()
        return bytes(heads.branchtip(name)) if heads.hasbranch(name) else None


def _branch(heads: Any, name: bytes) -> Ref:
    return _ref(RefKind.BRANCH, name, heads.branchtip(name), not heads.hasbranch(name, open_only=True))


def _ref(kind: RefKind, name: bytes, at: bytes, closed: bool = False) -> Ref:
    return Ref(kind, bytes(encoding.fromlocal(name)), at.hex(), closed)


def read_refs(repository: Any) -> dict[bytes, str]:
    """``RefState.refs`` of an open Mercurial repository, which may be in the middle of a transaction."""
    heads = repository.branchmap()
    refs = {
        b"heads/" + encoding.fromlocal(name): ",".join(sorted(at.hex() for at in heads.branchheads(name, closed=True)))
        for name in heads
    }
    return refs | {b"bookmarks/" + name: at.hex() for name, at in read_bookmarks(repository).items()}


def read_bookmarks(repository: Any) -> dict[bytes, bytes]:
    """Names and binary ids of the bookmarks of an open Mercurial repository, as far as it shows them."""
    return {encoding.fromlocal(name): at for name, at in bookmarks.listbinbookmarks(repository)}
