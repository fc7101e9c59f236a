"""Where a change begins: who may make it, and which branch or bookmark it moves from which commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.render.text import encoding_of, one_line
from kallithea.services.edit_targets import FIRST_BRANCH
from kallithea.services.revisions import is_full_id
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, PathNotFoundError, Ref, RefKind
from kallithea.vcs.writing import RefTarget
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import all_refs, find
from kallithea.web.context import RepositoryContext, require_writer
from kallithea.web.request import BadRequestError, Request
from kallithea.web.ui.commits import commit_line
from kallithea.web.ui.edit_menu import find_targets_of
from kallithea.web.ui.ref_menu import RefLabel, label

_BRANCHES_SHOWN = 10

# What can be done in an empty repository.
_FIRST_VERBS = ("add", "upload")


@dataclass(frozen=True, slots=True)
class Start:
    """What is moved, what else is at the same commit and could be, and the path in the address."""

    target: RefTarget
    others: tuple[Ref, ...]
    path: bytes


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A branch on which the same can be done."""

    label: RefLabel
    address: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """Why there is no form, and where there is one."""

    path: str
    words: str
    back_address: str
    elsewhere: tuple[Elsewhere, ...] = ()


def find_barrier(context: RepositoryContext, request: Request, verb: str) -> Response | None:
    """The way to the sign-in page for who is not signed in, else None. Raises ForbiddenError for who may not write."""
    if not request.visitor.signed_in:
        here = request.links.change(verb, context.path, "", b"/".join(context.rest), request.query_bytes("at"))
        return redirect(request.links.page("_admin/login", came_from=here))
    require_writer(context)
    return None


def find_start(context: RepositoryContext, request: Request, repository: Repository, verb: str) -> Start | RefusedPage:
    """What the address of a form names; a page that says where the form is, for a commit that is no head of a branch.

    Raises RevisionNotFoundError.
    """
    if verb in _FIRST_VERBS and not context.rest and repository.is_empty():
        return Start(RefTarget(RefKind.BRANCH, FIRST_BRANCH[repository.kind], None), (), b"")
    found = find(context, request, repository)
    targets = find_targets_of(context, request, repository, found)
    if targets:
        first, *others = targets
        return Start(RefTarget(first.kind, first.name, found.commit_id), tuple(others), found.path)
    request.response.status_int = 422
    request.override_renderer = "edits/refused.mako"
    return RefusedPage(
        context.path,
        _say_why(request, repository, request.query_bytes("at")),
        request.links.files(context.path, found.commit_id, found.path, found.at),
        _find_elsewhere(context, request, repository, verb, found.path),
    )


def read_target(context: RepositoryContext, request: Request, repository: Repository) -> RefTarget:
    """What the address of a posted form moves, and where it was when the form was made.

    Raises NotFoundError, BadRequestError.
    """
    if not context.rest:
        return RefTarget(RefKind.BRANCH, FIRST_BRANCH[repository.kind], None)
    name = request.query_bytes("at")
    if not is_full_id(context.rest[0]):
        raise NotFoundError(_("A form is sent to the full id of a commit."))
    if name is None:
        raise BadRequestError(_("The form does not name its branch."))
    ref = repository.find_ref(name)
    return RefTarget(ref.kind if ref is not None else RefKind.BRANCH, name, context.rest[0].decode())


def require_path(context: RepositoryContext) -> bytes:
    """The path in the address of a form that is about a file. Raises NotFoundError."""
    if len(context.rest) < 2:
        raise NotFoundError(_("There is no such file."))
    return b"/".join(context.rest[1:])


def shown_path(path: bytes, encodings: Sequence[str]) -> str:
    """A path as a field of a form holds it."""
    return one_line(path, encodings)


def written_path(text: str, like: bytes, encodings: Sequence[str]) -> bytes:
    """The path that a field says: ``like`` itself, if it was left as it was, else one in the same encoding."""
    if text == shown_path(like, encodings):
        return like
    try:
        return text.strip().encode(encoding_of(like, encodings))
    except UnicodeEncodeError:
        return text.strip().encode()


def _say_why(request: Request, repository: Repository, at: bytes | None) -> str:
    """Why files cannot be changed at a commit, by the ref that the address names."""
    ref, encodings = repository.find_ref(at) if at else None, request.application.settings.default_encoding
    if at and ref is None:
        branch = one_line(at, encodings)
        return _("There is no branch %(branch)s any more. Files are changed at the head of a branch.", branch=branch)
    if ref is not None and ref.kind is not RefKind.TAG and not ref.closed:
        commit = commit_line(repository.commit(ref.commit_id), encodings).short
        branch = one_line(ref.name, encodings)
        return _(
            "%(branch)s has moved on: its head is %(commit)s now. Files are changed there.",
            branch=branch,
            commit=commit,
        )
    return _("Files can be changed at the head of a branch only, and this commit is none.")


def _find_elsewhere(
    context: RepositoryContext, request: Request, repository: Repository, verb: str, path: bytes
) -> tuple[Elsewhere, ...]:
    refs = all_refs(context, request, repository)
    open_refs = [ref for ref in (*refs.branches, *refs.bookmarks) if not ref.closed]
    at = request.query_bytes("at")
    nearest = sorted(open_refs, key=lambda ref: (ref.name != at, ref != refs.default))[:_BRANCHES_SHOWN]
    encodings = request.application.settings.default_encoding
    return tuple(
        Elsewhere(label(ref, encodings), request.links.change(verb, context.path, ref.commit_id, path, ref.name))
        for ref in nearest
        if _exists(repository, ref.commit_id, path)
    )


def _exists(repository: Repository, commit_id: str, path: bytes) -> bool:
    try:
        return repository.entry(commit_id, path).kind is not EntryKind.SUBREPOSITORY
    except PathNotFoundError:
        return False
