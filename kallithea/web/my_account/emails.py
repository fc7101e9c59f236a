"""The addresses of one's own account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError, message_of
from kallithea.core.names import parse_email
from kallithea.core.words import _
from kallithea.model.email_address import EmailAddress
from kallithea.model.mail_link import MailLink
from kallithea.services.mail_links import Asker, Purpose, can_send
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField

_NAME = "_admin/my_account/emails"
_SAVED = {
    "sent": _("A mail with a link is on its way. The address is yours once you have opened the link."),
    "added": _("The address belongs to your account."),
    "first": _("Mails go to this address."),
    "deleted": _("The address is removed."),
}


@dataclass(frozen=True, slots=True)
class EmailsPage:
    """``first`` is where mails go, empty where there is none; ``waiting`` are links that have not been opened.

    ``possible``: whether the site sends mails, without which nobody can prove an address.
    """

    first: str
    further: Sequence[EmailAddress]
    waiting: Sequence[MailLink]
    possible: bool
    field: TextField
    saved: str = ""


@dataclass(frozen=True, slots=True)
class EmailConfirmationPage:
    """The address that a link has been sent to, and its secret part. ``problem``: why there is nothing to confirm."""

    email: str
    token: str
    saved: str = ""
    problem: str = ""


def show_emails(context: SiteContext, request: Request) -> EmailsPage:
    """The list."""
    return _page(request, request.services, saved=_SAVED.get(request.query.get("saved", ""), ""))


def add_email(context: SiteContext, request: Request) -> EmailsPage | Response:
    """Send a link to another address. Whoever has it already is told so by mail alone."""
    typed = request.form.get("email", "")

    def change() -> str | EmailsPage:
        email = parse_email(typed)
        with writing(request.application) as services:
            if not can_send(request.application.settings):
                return _page(request, services, typed)
            user = services.users.get_by_id(request.visitor.member_id)
            known = services.email_addresses.find_user(email) is not None
            stored = services.email_addresses.find_stored(email)
            purpose = Purpose.NOTICE if known else Purpose.EMAIL
            asker = Asker(request.address, request.reader.language.tag)
            services.mail_links.create(purpose, stored or email, asker, user=user)
        return request.links.page(_NAME, saved="sent")

    def show_again(services: Services, problems: Mapping[str, str]) -> EmailsPage:
        return _page(request, services, typed, problems["email"])

    return change_or_show_again(request, change, show_again, field="email")


def show_confirmation(context: SiteContext, request: Request) -> EmailConfirmationPage:
    """A button: programs that look at mails open links, so that the link alone adds nothing."""
    token = request.query.get("token", "")
    try:
        return EmailConfirmationPage(_find_link(request, token).email, token)
    except NotFoundError as problem:
        return EmailConfirmationPage("", "", problem=message_of(problem))


def confirm_email(context: SiteContext, request: Request) -> Response:
    """Add the address of a link."""
    link, services = _find_link(request, request.form.get("token", "")), request.services
    services.mail_links.use(link)
    user = services.users.get_by_id(request.visitor.member_id)
    services.email_addresses.add(request.actor, user, link.email)
    return redirect(request.links.page(_NAME, saved="added"))


def choose_first(context: SiteContext, request: Request) -> Response:
    """Let mails go to another address."""
    user = request.services.users.get_by_id(request.visitor.member_id)
    request.services.email_addresses.make_first(request.actor, user, _number(request))
    return redirect(request.links.page(_NAME, saved="first"))


def delete_email(context: SiteContext, request: Request) -> Response:
    """Remove an address that mails do not go to."""
    user = request.services.users.get_by_id(request.visitor.member_id)
    request.services.email_addresses.delete(request.actor, user, _number(request))
    return redirect(request.links.page(_NAME, saved="deleted"))


def _find_link(request: Request, token: str) -> MailLink:
    """The link, if the visitor is who has asked for it: somebody else would get an address of theirs."""
    link = request.services.mail_links.get(Purpose.EMAIL, token)
    if link.user_id != request.visitor.member_id:
        raise NotFoundError(_("This link does not count any more. Ask for another one."))
    return link


def _number(request: Request) -> int:
    return parse_id(request.form.get("address", "")) or 0


def _page(request: Request, services: Services, typed: str = "", problem: str = "", *, saved: str = "") -> EmailsPage:
    user = services.users.get_by_id(request.visitor.member_id)
    return EmailsPage(
        user.email or "",
        services.email_addresses.list_(user),
        services.mail_links.list_waiting(user.user_id),
        can_send(request.application.settings),
        TextField("email", _("Another address"), typed, problem, kind="email", required=True, autocomplete="email"),
        saved,
    )
