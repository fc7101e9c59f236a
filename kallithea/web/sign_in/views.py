"""Signing in and out."""

import datetime
from dataclasses import dataclass

from kallithea.auth.opener import keeps_passwords
from kallithea.core.errors import ThrottledError, message_of
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.mail_links import can_send
from kallithea.services.registrations import is_open
from kallithea.services.sign_in import SignInRefusedError, begin_session, sign_in_with_password
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.known_browser import know_browser, read_mark
from kallithea.web.request import Request
from kallithea.web.way_back import find_referring_path, find_way_back

_LONGEST_PASSWORD = 10_000


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form. ``problem`` says why the last try failed, empty at first; ``days``: how long one can stay signed in.

    ``takes_passwords``: whether there is a form at all; ``mails``: whether there is a way to another password;
    ``registers``: whether people make their own accounts.
    """

    name: str
    came_from: str
    problem: str
    days: int
    mails: bool
    registers: bool
    takes_passwords: bool


def show_sign_in(context: SiteContext, request: Request) -> SignInPage | Response:
    """The form; whoever is signed in goes on to where they wanted."""
    came_from = find_way_back(request.query.get("came_from", "") or find_referring_path(request))
    if request.visitor.signed_in:
        return redirect(came_from or request.links.home())
    request.browser_session.ensure_id()
    return _make_page(request, "", came_from, "")


def sign_in(context: SiteContext, request: Request) -> SignInPage | Response:
    """Check the password and begin a session with a new id."""
    application = request.application
    name, password = request.form.get("username", ""), request.form.get("password", "")
    came_from = find_way_back(request.form.get("came_from", ""))
    try:
        words = (name[:255], password[:_LONGEST_PASSWORD])
        user = sign_in_with_password(application, *words, request.address, read_mark(request))
        session_id = _begin_session(request, user)
    except SignInRefusedError:
        request.response.status_int = 200
        return _make_page(request, name, came_from, _("Login or password is wrong."))
    except ThrottledError as problem:
        request.response.status_int = 429
        request.response.headers["Retry-After"] = str(problem.retry_after)
        return _make_page(request, name, came_from, message_of(problem))
    lifetime = datetime.timedelta(seconds=application.settings.session_timeout)
    request.browser_session.start(session_id, lifetime if request.form.get("remember") else None)
    answer = redirect(came_from or request.links.home())
    know_browser(request, answer, user.name)
    return answer


def _begin_session(request: Request, user: User) -> str:
    client = request.environ.get("HTTP_USER_AGENT", "")
    with writing(request.application) as services:
        old_id = request.browser_session.id
        return begin_session(services, user, address=request.address, client=client, instead_of=old_id)


def sign_out(context: SiteContext, request: Request) -> Response:
    """End the session here and on the server."""
    if request.browser_session.id is not None:
        request.services.user_sessions.end(request.browser_session.id)
    if request.visitor.signed_in:
        request.services.audit.add(request.actor, "user.sign-out", f"user:{request.visitor.name}")
    request.browser_session.end()
    return redirect(request.links.home())


def _make_page(request: Request, name: str, came_from: str, problem: str) -> SignInPage:
    settings = request.application.settings
    mails = can_send(settings) and keeps_passwords(settings)
    takes_passwords = any(method.takes_passwords for method in request.application.sign_in_methods)
    registers = mails and _registers(request)
    days = settings.session_timeout // 86400
    return SignInPage(name, came_from, problem, days, mails, registers, takes_passwords)


def _registers(request: Request) -> bool:
    """Asked in a unit of its own, where the page hashes a password and is in none."""
    if request.opened_services is not None:
        return is_open(request.services)
    with reading(request.application) as services:
        return is_open(services)
