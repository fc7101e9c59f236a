"""Ending mails by the link in one of them: by a click of a mail program (RFC 8058), or by people, signed in or not."""

from dataclasses import dataclass

from kallithea.services.mail_choices import Unsubscription
from kallithea.web.context import SiteContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class UnsubscribePage:
    """What is to be ended, and whether it is. Nothing says whose mails they are, or of which repository."""

    whole: bool
    done: bool
    address: str


def show_unsubscribe(context: SiteContext, request: Request) -> UnsubscribePage:
    """The button. Looking at the page ends nothing: programs look at addresses in mails before people do."""
    return _make_page(context, request, done=False)


def unsubscribe(context: SiteContext, request: Request) -> UnsubscribePage:
    """End the mails; what the form holds does not matter."""
    request.services.mail_choices.end(_read(context, request))
    return _make_page(context, request, done=True)


def _make_page(context: SiteContext, request: Request, *, done: bool) -> UnsubscribePage:
    wanted = _read(context, request)
    address = request.links.page(f"_unsubscribe/{context.rest[0].decode('ascii')}")
    return UnsubscribePage(wanted.repository_id is None, done, address)


def _read(context: SiteContext, request: Request) -> Unsubscription:
    """What the link ends. Raises NotFoundError."""
    text = b"/".join(context.rest).decode("latin-1")
    return request.services.mail_choices.parse_link(text)
