"""Named branches, bookmarks and tags of Mercurial repositories."""

from typing import Any

from kallithea.vcs.fingerprint import fingerprint_of
from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.hg.handle import HgHandle, naming
from kallithea.vcs.hg.mercurial_setup import bookmarks, encoding, tags
from kallithea.vcs.types import Ref, RefKind, Refs, RefState

# Whatever names, hides or publishes changesets: the changelog, bookmarks (in either place), phases, obsolescence.
_STATE_FILES = (
    "bookmarks",
    "requires",
    "store/00changelog.i",
    "store/00changelog.d",
    "store/bookmarks",
    "store/obsstore",
    "store/phaseroots",
)


class HgRefs(HgHandle):
    """Implements ``backend.RefStore``."""

    def refs(self, *, dates: bool = False) -> Refs:
        """See ``backend.RefStore``. A named branch is one ref, at its newest open head, else its newest head."""
        heads = self._repository.branchmap()
        branches = tuple(
            self._ref(RefKind.BRANCH, name, heads.branchtip(name), dates, not heads.hasbranch(name, open_only=True))
            for name in sorted(heads)
        )
        marks = tuple(self._ref(RefKind.BOOKMARK, name, at, dates) for name, at in sorted(self._bookmarks().items()))
        tagged = tuple(self._ref(RefKind.TAG, name, at, dates) for name, at in sorted(self._tags().items()))
        return Refs(branches, tagged, marks, self._default(branches, marks))

    def state(self) -> RefState:
        """See ``backend.RefStore``."""
        # Taken first: what changes while it is read makes the fingerprint old, never wrongly new.
        fingerprint = self.fingerprint()
        return RefState(fingerprint, read_refs(self._repository))

    def fingerprint(self) -> str:
        """See ``backend.RefStore``."""
        return fingerprint_of(self.path / ".hg", _STATE_FILES)

    def is_empty(self) -> bool:
        """Whether no changeset is visible."""
        return bool(self._repository.changelog.tiprev() < 0)

    def _bookmarks(self) -> dict[bytes, bytes]:
        """Names and binary ids of the bookmarks on visible changesets, without divergent ones such as ``@default``."""
        return _read_bookmarks(self._repository)

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

    def _default_node(self) -> bytes | None:
        """Binary id of the changeset that a visitor sees first, None in an empty repository."""
        if self.is_empty():
            return None
        repository = self._repository
        return (
            self._bookmarks().get(b"@") or self._branch_tip(b"default") or self._branch_tip(repository[b"tip"].branch())
        )

    def _default(self, branches: tuple[Ref, ...], marks: tuple[Ref, ...]) -> Ref | None:
        if self.is_empty():
            return None
        tip_branch = encoding.fromlocal(self._repository[b"tip"].branch())
        found = [mark for mark in marks if mark.name == b"@"]
        found += [branch for branch in branches if branch.name == b"default"]
        found += [branch for branch in branches if branch.name == tip_branch]
        return found[0] if found else None

    def _ref(self, kind: RefKind, name: bytes, at: bytes, dates: bool, closed: bool = False) -> Ref:
        when = parse_entry(self._text(self._repository.changelog.rev(at))).author.when if dates else None
        return Ref(kind, bytes(encoding.fromlocal(name)), at.hex(), closed, when)


def read_refs(repository: Any) -> dict[bytes, str]:
    """``RefState.refs`` of an open Mercurial repository, which may be in the middle of a transaction."""
    heads = repository.branchmap()
    refs = {
        b"heads/" + encoding.fromlocal(name): ",".join(sorted(at.hex() for at in heads.branchheads(name, closed=True)))
        for name in heads
    }
    return refs | {b"bookmarks/" + name: at.hex() for name, at in _read_bookmarks(repository).items()}


def _read_bookmarks(repository: Any) -> dict[bytes, bytes]:
    return {encoding.fromlocal(name): at for name, at in bookmarks.listbinbookmarks(repository)}
