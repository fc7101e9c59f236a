"""Saving what a form says as a commit, or finding the words for why it was not saved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from kallithea.core.errors import UnavailableError, message_of
from kallithea.core.words import _
from kallithea.services.edits import commit_files, make_text
from kallithea.services.file_texts import NoTextError, UnfitCharacterError
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import BusyError, EntryKind, PathNotFoundError, RevisionNotFoundError
from kallithea.vcs.writing import (
    CommitRequest,
    FileChange,
    NothingChangedError,
    RefMovedError,
    RefTarget,
    RefusedPathError,
    RefusedWriteError,
)
from kallithea.web.answers import Response, redirect
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.edits.conflicts import Conflict, read_conflict
from kallithea.web.edits.overwriting import read_chosen_head
from kallithea.web.edits.starts import read_target
from kallithea.web.errors import find_status, log_unwritable
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class Saved:
    """A new commit, and what was moved to it."""

    commit_id: str
    target: RefTarget


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was saved: words by the name of a field, an empty name for what belongs to none.

    ``target`` is what the form was made of and stays made of: nothing but its own buttons lets it go on elsewhere.
    """

    target: RefTarget
    status: int
    problems: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. ``paths`` are the files that the form is about, at least one."""

    message: str
    paths: Sequence[bytes]
    plan: Callable[[Repository, RefTarget], tuple[FileChange, ...]]


def save(context: RepositoryContext, request: Request, wish: Wish) -> Saved | Refusal:
    """The new commit, or why there is none. Raises NotFoundError, ForbiddenError, BadRequestError, VcsError.

    ``wish.plan`` makes the changes from the commit that is continued: the one that the form was made of, or the later
    one that the visitor chose. It may raise what ``services.file_texts`` raises.
    """
    with open_repository(context, request) as repository:
        target = read_target(context, request, repository)
        continued = replace(target, expected=read_chosen_head(request) or target.expected)
        try:
            changes = wish.plan(repository, continued)
        except RevisionNotFoundError:
            # the commit that the form began from was hidden or taken away with its branch
            ref = repository.find_ref(target.name)
            moved = read_conflict(context, request, repository, target, ref.commit_id if ref else None, wish.paths)
            return Refusal(target, HTTPStatus.CONFLICT, conflict=moved)
        except (UnfitCharacterError, NoTextError) as problem:
            return Refusal(target, HTTPStatus.UNPROCESSABLE_ENTITY, {"content": message_of(problem)})
    try:
        return Saved(_commit(context, request, continued, wish.message, changes), continued)
    except RefMovedError as problem:
        with open_repository(context, request) as repository:
            moved = read_conflict(context, request, repository, target, problem.current, wish.paths)
        return Refusal(target, HTTPStatus.CONFLICT, conflict=moved)
    except RefusedWriteError as problem:
        return Refusal(target, HTTPStatus.UNPROCESSABLE_ENTITY, _describe(problem, wish.message))
    except (UnavailableError, BusyError) as problem:
        log_unwritable(problem, request)
        return Refusal(target, find_status(problem)[0], {"": message_of(problem)})


def posted_target(context: RepositoryContext, request: Request) -> RefTarget:
    """What a posted form moves, for one of which nothing is saved."""
    with open_repository(context, request) as repository:
        return read_target(context, request, repository)


def show_saved(context: RepositoryContext, request: Request, saved: Saved, path: bytes) -> Response:
    """The way to what lies at the path after the change, or to the nearest folder above it."""
    with open_repository(context, request) as repository:
        while path and not _is_there(repository, saved.commit_id, path):
            path = path.rpartition(b"/")[0]
    address = request.links.maker("files", context.path, saved.commit_id, saved.target.name, {"saved": 1})
    return redirect(address(path))


def _commit(
    context: RepositoryContext, request: Request, target: RefTarget, message: str, changes: tuple[FileChange, ...]
) -> str:
    visitor, application = request.visitor, request.application
    text = make_text(message, visitor.full_name, visitor.email, application.clock())
    order = CommitRequest(target, text, changes)
    return commit_files(application, request.actor, visitor.viewer, context.repository.repository_id, order)


def _describe(problem: RefusedWriteError, message: str) -> Mapping[str, str]:
    if isinstance(problem, RefusedPathError):
        return {"path": message_of(problem)}
    if isinstance(problem, NothingChangedError):
        return {"": _("Nothing was changed, so there is nothing to save.")}
    return {"" if message.strip() else "message": message_of(problem)}


def _is_there(repository: Repository, commit_id: str, path: bytes) -> bool:
    try:
        return repository.entry(commit_id, path).kind is not EntryKind.SUBREPOSITORY
    except PathNotFoundError:
        return False
