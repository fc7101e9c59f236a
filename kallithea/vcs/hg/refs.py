"""Named branches, bookmarks and tags of Mercurial repositories."""

from kallithea.vcs.fingerprint import fingerprint_of
from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.hg.handle import HgHandle
from kallithea.vcs.hg.mercurial_setup import bookmarks, encoding
from kallithea.vcs.types import Ref, RefKind, Refs, RefState

# Whatever names, hides or publishes changesets: the changelog, bookmarks (in either place), phases, obsolescence.
_STATE_FILES = (
    "bookmarks",
    "localtags",
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
        tags = tuple(self._ref(RefKind.TAG, name, at, dates) for name, at in sorted(self._tags().items()))
        return Refs(branches, tags, marks, self._default(branches, marks))

    def state(self) -> RefState:
        """See ``backend.RefStore``."""
        # Taken first: what changes while it is read makes the fingerprint old, never wrongly new.
        fingerprint = self.fingerprint()
        heads = self._repository.branchmap()
        refs = {
            b"heads/" + encoding.fromlocal(name): ",".join(
                sorted(at.hex() for at in heads.branchheads(name, closed=True))
            )
            for name in heads
        }
        refs |= {b"bookmarks/" + name: at.hex() for name, at in self._bookmarks().items()}
        return RefState(fingerprint, refs)

    def fingerprint(self) -> str:
        """See ``backend.RefStore``."""
        return fingerprint_of(self.path / ".hg", _STATE_FILES)

    def is_empty(self) -> bool:
        """Whether no changeset is visible."""
        return bool(self._repository.changelog.tiprev() < 0)

    def _bookmarks(self) -> dict[bytes, bytes]:
        """Names and binary ids of the bookmarks on visible changesets, without divergent ones such as ``@default``."""
        return {encoding.fromlocal(name): at for name, at in bookmarks.listbinbookmarks(self._repository)}

    def _tags(self) -> dict[bytes, bytes]:
        """Names and binary ids of the tags that are part of the history."""
        repository = self._repository
        return {
            encoding.fromlocal(name): at
            for name, at in repository.tags().items()
            if repository.tagtype(name) == b"global" and self._is_visible(at)
        }

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
