"""The way to another password for those who have forgotten theirs."""

from dataclasses import dataclass, replace

from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, message_of
from kallithea.core.settings import Settings
from kallithea.core.words import _
from kallithea.services.kept_passwords import require_kept_passwords
from kallithea.services.mail_links import Asker, can_send
from kallithea.services.password_resets import ask_for_reset, require_reset, reset_password
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class ResetPage:
    """The form that asks for a link. ``problem``: why there is none; ``sent``: one was asked for."""

    email: TextField
    problem: str
    sent: bool = False


@dataclass(frozen=True, slots=True)
class NewPasswordPage:
    """The form that a link leads to; ``token`` is the link's secret part. ``problem``: why there is no form."""

    name: str
    token: str
    password: TextField
    problem: str = ""


def show_reset(context: SiteContext, request: Request) -> ResetPage:
    """The form."""
    request.browser_session.ensure_id()
    return _reset_page(request)


def ask(context: SiteContext, request: Request) -> ResetPage:
    """Send a link; the page says the same whether the address is known or not."""
    email = request.form.get("email", "")[:_LONGEST]
    page = _reset_page(request, email)
    if page.problem:
        return page
    try:
        ask_for_reset(request.services, email, Asker(request.address, request.reader.language.tag))
    except InvalidError as problem:
        request.response.status_int = 422
        return _reset_page(request, email, problem.problems["email"])
    return replace(page, sent=True)


def show_new_password(context: SiteContext, request: Request) -> NewPasswordPage:
    """The form for the password itself. The link is used up by sending it: programs that look at mails open links."""
    token = request.query.get("token", "")
    try:
        user = require_reset(request.services, token)
    except (ConflictError, ForbiddenError, NotFoundError) as problem:
        return replace(_new_password_page("", ""), problem=message_of(problem))
    request.browser_session.ensure_id()
    return _new_password_page(user.name, token)


def set_new_password(context: SiteContext, request: Request) -> NewPasswordPage | Response:
    """Store the password; the way on is to sign in with it."""
    token, password = request.form.get("token", ""), request.form.get("password", "")[:_LONGEST]
    try:
        reset_password(request.application, token, password, request.address)
    except InvalidError as problem:
        request.response.status_int = 422
        return _new_password_page(request.form.get("username", ""), token, problem.problems["password"])
    return redirect(request.links.page("_admin/login"))


def _reset_page(request: Request, email: str = "", problem: str = "") -> ResetPage:
    field = TextField("email", _("E-mail address"), email, problem, kind="email", required=True, autocomplete="email")
    return ResetPage(field, _find_obstacle(request.application.settings))


def _find_obstacle(settings: Settings) -> str:
    """Why nobody gets a link, empty where people do."""
    try:
        require_kept_passwords(settings)
    except ForbiddenError as obstacle:
        return message_of(obstacle)
    return "" if can_send(settings) else _("This site sends no mails. Ask its administrators for another password.")


def _new_password_page(name: str, token: str, problem: str = "") -> NewPasswordPage:
    field = TextField(
        "password",
        _("New password"),
        problem=problem,
        kind="password",
        required=True,
        autocomplete="new-password",
        longest=1024,
    )
    return NewPasswordPage(name, token, field)
