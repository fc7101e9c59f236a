"""Which changeset a named branch or a bookmark is continued from."""

from typing import Any

from kallithea.core.words import _
from kallithea.vcs.hg.mercurial_setup import encoding, error
from kallithea.vcs.hg.refs import read_bookmarks
from kallithea.vcs.types import RefKind
from kallithea.vcs.writing import RefMovedError, RefTarget, RefusedWriteError

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import scmutil


def require_unmoved(served: Any, target: RefTarget) -> None:
    """Raise RefMovedError unless the target is where it is expected, RefusedWriteError where it cannot be written to.

    ``served`` is the repository as visitors see it.
    """
    match target.kind:
        case RefKind.BRANCH:
            _require_head(served, target)
        case RefKind.BOOKMARK:
            at = read_bookmarks(served).get(target.name)
            current = at.hex() if at else None
            if current != target.expected:
                raise RefMovedError(current)
            if current is None:
                _require_free_name(served, target)
        case _:
            raise RefusedWriteError(_("Only branches and bookmarks can be written to."))


def branch_of(repository: Any, target: RefTarget, parent: bytes | None) -> bytes:
    """The named branch, in UTF-8, of a changeset made at the target on top of ``parent``."""
    if target.kind is RefKind.BRANCH:
        return target.name
    return bytes(encoding.fromlocal(repository[parent].branch())) if parent else b"default"


def move_bookmark(repository: Any, transaction: Any, target: RefTarget, to: bytes) -> None:
    """Move the target if it is a bookmark; no other bookmark moves. A named branch is where its changesets are."""
    if target.kind is RefKind.BOOKMARK:
        changes = [(encoding.tolocal(target.name), to)]
        repository._bookmarks.applychanges(repository, transaction, changes)  # noqa: SLF001 - there is no other way


def _require_head(served: Any, target: RefTarget) -> None:
    heads = served.branchmap()
    name = encoding.tolocal(target.name)
    if not heads.hasbranch(name):
        if target.expected is not None:
            raise RefMovedError(None)
        _require_free_name(served, target)
        return
    expected = bytes.fromhex(target.expected or "")
    if expected in heads.branchheads(name, closed=False):
        return
    if expected in heads.branchheads(name, closed=True):
        raise RefusedWriteError(_("The branch is closed here. A commit by hg can open it again."))
    raise RefMovedError(_next_head(served, name, expected).hex())


def _next_head(served: Any, name: bytes, expected: bytes) -> bytes:
    """The head of a named branch that goes on from where it was expected; the tip of the branch where none does."""
    heads, log = served.branchmap(), served.changelog
    if expected and log.hasnode(expected):
        start = log.rev(expected)
        following = [head for head in heads.branchheads(name, closed=False) if log.isancestorrev(start, log.rev(head))]
        if following:
            return bytes(max(following, key=log.rev))
    return bytes(heads.branchtip(name))


def _require_free_name(served: Any, target: RefTarget) -> None:
    name = encoding.tolocal(target.name)
    try:
        scmutil.checknewlabel(served, name, target.kind.value.encode())
    except error.InputError as problem:
        raise RefusedWriteError(
            _("Mercurial refuses the name: %(words)s.", words=problem.message.decode(errors="replace"))
        ) from problem
    if not name:
        raise RefusedWriteError(_("A name must not be empty."))
    if name in read_bookmarks(served) or served.branchmap().hasbranch(name):
        raise RefusedWriteError(_("A branch or a bookmark has this name already."))
