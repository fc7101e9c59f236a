"""What forms ask for: a change, and then another page, or the form again with what was written and what is wrong."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from kallithea.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    KallitheaError,
    NotFoundError,
    ThrottledError,
    message_of,
)
from kallithea.core.record_marks import ChangedMeanwhileError
from kallithea.services.scope import Services
from kallithea.services.work import reading
from kallithea.web.answers import Response, redirect
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import MEANWHILE, say_stored

Page = TypeVar("Page")

#: With which status the form comes again.
_STATUSES: dict[type[KallitheaError], int] = {
    InvalidError: 422,
    ConflictError: 409,
    ForbiddenError: 403,
    NotFoundError: 404,
    ThrottledError: 429,
}


def change_or_show_again(
    request: Request,
    change: Callable[[], str | Page],
    show_again: Callable[[Services, Mapping[str, str]], Page],
    *,
    field: str = "name",
    also: tuple[type[KallitheaError], ...] = (),
) -> Page | Response:
    """Go on to the address that ``change`` returns, or make the page of the form again, with the problems by field.

    A change whose outcome is shown once, and nowhere else, returns a page.
    ``change`` opens its units of work itself, so that what fails commits nothing, and what takes long is done in none;
    the page is made in a unit of its own. A conflict, and an error of those that are shown ``also``, says what is wrong
    with ``field``; one with what somebody else has changed says under MEANWHILE what that is. All other errors have
    pages of their own.
    """
    shown: tuple[type[KallitheaError], ...] = (InvalidError, ConflictError, *also)
    try:
        done = change()
        return redirect(done) if isinstance(done, str) else done
    except shown as problem:
        request.response.status_int = next(status for kind, status in _STATUSES.items() if isinstance(problem, kind))
        if isinstance(problem, ThrottledError):
            request.response.headers["Retry-After"] = str(problem.retry_after)
        problems = _problems(problem, field)
    with reading(request.application) as services:
        return show_again(services, problems)


def _problems(problem: KallitheaError, field: str) -> Mapping[str, str]:
    if isinstance(problem, InvalidError):
        return problem.problems
    if isinstance(problem, ChangedMeanwhileError):
        return {MEANWHILE: say_stored(problem.stored)}
    return {field: message_of(problem)}
