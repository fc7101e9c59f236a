"""From errors to answers: the one table, and the page that says it."""

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound

from kallithea.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    KallitheaError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
    message_of,
)
from kallithea.core.storage import StorageError, find_storage_fault
from kallithea.core.words import _
from kallithea.render.text import field_value, short_line
from kallithea.services.traffic import told_path
from kallithea.vcs.types import (
    AmbiguousRevisionError,
    BusyError,
    LimitExceededError,
    PathNotFoundError,
    RepositoryMissingError,
    RevisionNotFoundError,
    TooLargeError,
    VcsError,
)
from kallithea.vcs.writing import RefMovedError, RefusedWriteError
from kallithea.web.answers import Response, redirect
from kallithea.web.context import RepositoryContext
from kallithea.web.csrf import ForeignFormError
from kallithea.web.downloads import NoSuchPartError
from kallithea.web.kept_forms import KeptForm, find_kept_form
from kallithea.web.nearby import Nearby
from kallithea.web.pages import MethodNotAllowedError, NoSuchPageError, SignInNeededError
from kallithea.web.paths import read_path
from kallithea.web.request import BadRequestError, Request
from kallithea.web.ui.filters import element
from kallithea.web.way_back import find_own_path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What happened and where to go. ``reference`` finds a failure in the log, empty where there is nothing to find.

    ``kept`` is what the visitor wrote into a form that came to nothing. Of what was not found in a repository that the
    visitor may read, ``nearby`` says more; ``wanted`` is a name to search for.
    """

    code: int
    title: str
    text: str
    link_name: str
    link_address: str
    reference: str = ""
    kept: KeptForm | None = None
    nearby: Nearby | None = None
    wanted: str = ""


#: Which error becomes which status, the first that fits; what is not here is a failure of ours.
STATUSES: tuple[tuple[type[Exception], HTTPStatus, str], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND, _("Nothing is here")),
    (HTTPNotFound, HTTPStatus.NOT_FOUND, _("Nothing is here")),
    (AmbiguousRevisionError, HTTPStatus.NOT_FOUND, _("More than one commit fits")),
    (RevisionNotFoundError, HTTPStatus.NOT_FOUND, _("Nothing is here")),
    (PathNotFoundError, HTTPStatus.NOT_FOUND, _("Nothing is here")),
    (ForbiddenError, HTTPStatus.FORBIDDEN, _("You may not do this")),
    (HTTPForbidden, HTTPStatus.FORBIDDEN, _("You may not do this")),
    (SignInNeededError, HTTPStatus.FORBIDDEN, _("You are not signed in")),
    (ForeignFormError, HTTPStatus.FORBIDDEN, _("Nothing was changed")),
    (MethodNotAllowedError, HTTPStatus.METHOD_NOT_ALLOWED, _("This cannot be done here")),
    (NoSuchPartError, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, _("The file is shorter")),
    (ConflictError, HTTPStatus.CONFLICT, _("Something else is there already")),
    (InvalidError, HTTPStatus.BAD_REQUEST, _("This was not understood")),
    (BadRequestError, HTTPStatus.BAD_REQUEST, _("This was not understood")),
    (ThrottledError, HTTPStatus.TOO_MANY_REQUESTS, _("Too much at once")),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE, _("Not available at the moment")),
    (RefMovedError, HTTPStatus.CONFLICT, _("Somebody was faster")),
    (RefusedWriteError, HTTPStatus.BAD_REQUEST, _("This cannot be written")),
    (BusyError, HTTPStatus.SERVICE_UNAVAILABLE, _("Too much at the same time")),
    (TooLargeError, HTTPStatus.FORBIDDEN, _("This is too large")),
    (LimitExceededError, HTTPStatus.SERVICE_UNAVAILABLE, _("This takes too long")),
    (RepositoryMissingError, HTTPStatus.SERVICE_UNAVAILABLE, _("Not available at the moment")),
    (VcsError, HTTPStatus.INTERNAL_SERVER_ERROR, _("The repository cannot be read")),
)

# A longer name is none that somebody typed.
_LONGEST_WANTED = 80
_FAILED = _("Your request was not completed and nothing was changed. The failure is in the log of this site.")
_OLD_FORM = _("The form is older than your session here: nothing was changed.")
_FAILED_TITLE = _("Something broke on our side")


def show_error(problem: Exception, request: Request) -> ErrorPage:
    """The page for an error that somebody foresaw."""
    status, title = find_status(problem)
    request.response.status_int = status
    if isinstance(problem, MethodNotAllowedError):
        request.response.headers["Allow"] = ", ".join(problem.allowed)
    if isinstance(problem, NoSuchPartError):
        request.response.headers["Content-Range"] = f"bytes */{problem.size}"
    log_unwritable(problem, request)
    if isinstance(problem, ThrottledError):
        request.response.headers["Retry-After"] = str(problem.retry_after)
    reference = ""
    if status == HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(problem, RepositoryMissingError):
        reference = _log_failure(problem, request)
    kept = find_kept_form(request)
    words, way_on = _words(problem, request, status, kept), _find_way_on(request, problem)
    if status != HTTPStatus.NOT_FOUND:
        return ErrorPage(status, title, words, *way_on, reference, kept)
    return ErrorPage(status, title, words, *way_on, reference, kept, request.nearby, _find_wanted(request))


def show_sign_in_needed(problem: SignInNeededError, request: Request) -> ErrorPage | Response:
    """The way to the sign-in page and back; a form cannot take it, and is told so."""
    if request.method in ("GET", "HEAD"):
        return redirect(request.links.page("_admin/login", came_from=find_own_path(request)))
    return show_error(problem, request)


def show_failure(problem: Exception, request: Request) -> ErrorPage:
    """The page for an error that nobody foresaw; what it was is only in the log.

    That nothing can be stored may show anywhere, and is said.
    """
    fault = find_storage_fault(problem) if isinstance(problem, OSError) else None
    if fault is not None:
        refused = StorageError(fault)
        refused.__cause__ = problem
        return show_error(refused, request)
    request.response.status_int = HTTPStatus.INTERNAL_SERVER_ERROR
    reference = _log_failure(problem, request)
    way_on, kept = _find_way_on(request), find_kept_form(request)
    return ErrorPage(HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED_TITLE, _FAILED, *way_on, reference, kept)


def includeme(config: Any) -> None:
    """Register the pages of errors."""
    for kind in (KallitheaError, VcsError, HTTPNotFound, HTTPForbidden):
        config.add_exception_view(show_error, context=kind, renderer="error.mako")
    config.add_exception_view(show_sign_in_needed, context=SignInNeededError, renderer="error.mako")
    config.add_exception_view(show_failure, context=Exception, renderer="error.mako")


def find_status(problem: Exception) -> tuple[HTTPStatus, str]:
    """The status and the title of the page for an error."""
    if isinstance(problem, StorageError) and problem.full:
        return HTTPStatus.INSUFFICIENT_STORAGE, _("There is no room")
    for kind, status, title in STATUSES:
        if isinstance(problem, kind):
            return status, title
    return HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED_TITLE


def log_unwritable(problem: Exception, request: Request) -> None:
    """Tell the operator where the problem is that nothing can be stored: nobody else can help."""
    if isinstance(problem, StorageError):
        path = told_path(request.watched, str(request.environ.get("PATH_INFO", "")))
        log.warning("%s %s was refused, since nothing can be stored: %s", request.method, path, problem.describe())


def _words(problem: Exception, request: Request, status: HTTPStatus, kept: KeptForm | None) -> str:
    """Outside of a repository that the visitor may read, a page that is not found says nothing of its own."""
    in_repository = _find_repository(request) is not None
    if status == HTTPStatus.NOT_FOUND and not (in_repository and isinstance(problem, VcsError)):
        return _nothing_here(request)
    if isinstance(problem, ForeignFormError) and kept is not None:
        return _OLD_FORM
    if isinstance(problem, KallitheaError | VcsError):
        return message_of(problem)
    return _("This needs more rights than you have.")


def _nothing_here(request: Request) -> str:
    """The same for what is hidden and what is not there: it names what was typed and nothing else."""
    if request.watched.hidden:
        return _("There is no page at this address, or you may not see it.")
    path = short_line(read_path(request.environ))
    return _("There is no page at %(path)s, or you may not see it.", path=element("code", path, class_="text-break"))


def _find_wanted(request: Request) -> str:
    """The last part of the address, if one can search for it: a number says nothing to anybody else."""
    if request.watched.hidden:
        return ""
    name = field_value(read_path(request.environ).rstrip(b"/").rpartition(b"/")[2])
    return name if len(name) <= _LONGEST_WANTED and not name.isdecimal() else ""


def _find_way_on(request: Request, problem: Exception | None = None) -> tuple[str, str]:
    path = problem.path if isinstance(problem, NoSuchPageError) else _find_repository(request)
    if path is not None:
        return _("Go to %(repository)s", repository=path), request.links.repository(path)
    return _("Go to the repositories"), request.links.home()


def _find_repository(request: Request) -> str | None:
    """The path of the repository, which the visitor may read, whose page failed."""
    context = request.found_place.context if request.found_place is not None else None
    return context.path if isinstance(context, RepositoryContext) else None


def _log_failure(problem: Exception, request: Request) -> str:
    reference = secrets.token_hex(4)
    path = told_path(request.watched, str(request.environ.get("PATH_INFO", "")))
    log.error("%s %s failed, reference %s", request.method, path, reference, exc_info=problem)
    return reference
