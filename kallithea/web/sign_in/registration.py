"""Making an account for oneself."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.errors import ForbiddenError, InvalidError, NotFoundError, message_of
from kallithea.core.words import _
from kallithea.services.mail_links import Asker, Purpose
from kallithea.services.registrations import Wish, confirm, register, require_open
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The form; ``sent`` is the address that a mail went to, empty before. ``problem``: why there is no form."""

    fields: tuple[TextField, ...] = ()
    sent: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmationPage:
    """What a link leads to: first a button, then whether the account counts already. ``problem``: why there is none."""

    name: str
    token: str
    made: bool = False
    active: bool = False
    problem: str = ""


def show_register(context: SiteContext, request: Request) -> RegisterPage:
    """The form."""
    try:
        require_open(request.services)
    except ForbiddenError as problem:
        return RegisterPage(problem=message_of(problem))
    request.browser_session.ensure_id()
    return _page(Wish("", "", "", ""), {})


def create_registration(context: SiteContext, request: Request) -> RegisterPage:
    """Send the mail, or say what is wrong."""
    form = request.form
    wish = Wish(*(form.get(name, "")[:_LONGEST].strip() for name in ("username", "email", "firstname", "lastname")))
    asker = Asker(request.address, request.reader.language.tag)
    try:
        register(request.application, wish, form.get("password", "")[:_LONGEST], asker)
    except InvalidError as problem:
        request.response.status_int = 422
        return _page(wish, problem.problems)
    return RegisterPage(sent=wish.email)


def show_confirmation(context: SiteContext, request: Request) -> ConfirmationPage:
    """A button. Programs that look at mails open links, so that the link alone makes no account."""
    token = request.query.get("token", "")
    try:
        require_open(request.services)
        link = request.services.mail_links.get(Purpose.REGISTRATION, token)
    except (ForbiddenError, NotFoundError) as problem:
        return ConfirmationPage("", "", problem=message_of(problem))
    request.browser_session.ensure_id()
    return ConfirmationPage(link.email, token)


def confirm_registration(context: SiteContext, request: Request) -> ConfirmationPage:
    """Make the account."""
    user = confirm(request.services, request.form.get("token", ""), request.address)
    return ConfirmationPage(user.name, "", made=True, active=user.active)


def _page(wish: Wish, problems: Mapping[str, str]) -> RegisterPage:
    def field(name: str, key: str, label: str, value: str, kind: str = "text", autocomplete: str = "off") -> TextField:
        required = key in ("name", "email", "password")
        return TextField(
            name, label, value, problems.get(key, ""), kind=kind, required=required, autocomplete=autocomplete
        )

    return RegisterPage(
        (
            field("username", "name", _("Login"), wish.name, autocomplete="username"),
            field("email", "email", _("E-mail address"), wish.email, "email", "email"),
            field("firstname", "first_name", _("First name"), wish.first_name, autocomplete="given-name"),
            field("lastname", "last_name", _("Last name"), wish.last_name, autocomplete="family-name"),
            field("password", "password", _("Password"), "", "password", "new-password"),
        )
    )
