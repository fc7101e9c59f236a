"""Links in mails. Whoever opens one proves to read the address that it was sent to; each counts once and not for long.

The text of a link is made from its row and a secret of the .ini when the mail is written, and again when the link is
opened: neither the database nor a job in it opens anything.
"""

import datetime
import enum
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from kallithea.core.addresses import network_of
from kallithea.core.errors import NotFoundError, ThrottledError
from kallithea.core.jobs import SendLink
from kallithea.core.names import name_key
from kallithea.core.settings import Settings
from kallithea.core.words import _
from kallithea.model.mail_link import MailLink
from kallithea.model.user import User
from kallithea.services.outbox import Outbox

_SPAN = datetime.timedelta(hours=1)
#: Links that are sent to one address, and asked for from one network, in that span.
_MOST_TO_ADDRESS = 5
_MOST_FROM_NETWORK = 50
_MOST_DIGITS = 9


class Purpose(enum.StrEnum):
    """What a link is for. NOTICE has none, its mail says that the address has an account; NOBODY sends no mail."""

    EMAIL = "email"
    PASSWORD = "password"  # noqa: S105  # the word, not a secret
    REGISTRATION = "registration"
    NOTICE = "notice"
    NOBODY = "nobody"


LIFETIMES = {
    Purpose.EMAIL: datetime.timedelta(hours=24),
    Purpose.PASSWORD: datetime.timedelta(hours=1),
    Purpose.REGISTRATION: datetime.timedelta(hours=24),
    Purpose.NOTICE: _SPAN,
    Purpose.NOBODY: _SPAN,
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a link: from which IP address, and the tag of the language that the mail is to be in."""

    address: str
    language: str


def can_send(settings: Settings) -> bool:
    """Whether this site sends mails with links: there is a mail server, and the site knows its own address.

    What a request calls the site is anybody's choice, so that is never written into a mail.
    """
    return bool(settings.smtp_server and settings.canonical_url)


def make_text(secret: str, link: MailLink) -> str:
    """The secret part of a link."""
    message = f"mail link:{link.mail_link_id}:{link.purpose}:{link.nonce}"
    return f"{link.mail_link_id}-{hmac.digest(secret.encode(), message.encode(), hashlib.sha256).hex()}"


class MailLinks:
    """Makes links, and finds and uses them up."""

    def __init__(self, session: Session, now: datetime.datetime, secret: str, outbox: Outbox) -> None:
        self._session = session
        self._now = now
        self._secret = secret
        self._outbox = outbox

    def create(
        self,
        purpose: Purpose,
        email: str,
        asker: Asker,
        *,
        user: User | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Send a link to the address. Takes the same statements whatever the purpose. Raises ThrottledError.

        An address that has been sent many lately is sent no more, which nobody is told.
        """
        self.require_few(asker.address)
        key, network = name_key(email), network_of(asker.address)
        silent = self._count(MailLink.email_key == key) >= _MOST_TO_ADDRESS
        link = MailLink(
            purpose=(Purpose.NOBODY if silent else purpose).value,
            nonce=secrets.token_hex(16),
            user_id=None if user is None else user.user_id,
            email=email,
            email_key=key,
            stamp=0 if user is None else user.password_version,
            details=json.dumps(dict(details or {})),
            language=asker.language,
            network=network,
            created=self._now,
            expires=self._now + LIFETIMES[purpose],
        )
        self._session.add(link)
        self._session.flush()
        self._outbox.add(SendLink(link.mail_link_id))

    def require_few(self, address: str) -> None:
        """Raise ThrottledError if many links have been asked for from the network of the address lately."""
        if self._count(MailLink.network == network_of(address)) >= _MOST_FROM_NETWORK:
            raise ThrottledError(_("Your network has asked for many mails. Try again in an hour."), 3600)

    def get(self, purpose: Purpose, text: str) -> MailLink:
        """The link with this text. Raises NotFoundError for one that is wrong, used up, or too old."""
        number, _dash, _rest = text.partition("-")
        right = number.isdecimal() and number.isascii() and len(number) <= _MOST_DIGITS
        link = self._session.get(MailLink, int(number) if right else 0)
        if link is None or link.purpose != purpose or link.expires <= self._now:
            raise NotFoundError(_("This link does not count any more. Ask for another one."))
        if not hmac.compare_digest(make_text(self._secret, link).encode(), text.encode("utf-8", "replace")):
            raise NotFoundError(_("This link does not count any more. Ask for another one."))
        return link

    def use(self, link: MailLink) -> Mapping[str, str]:
        """Use the link up and return its details. Raises NotFoundError where somebody else has just done so."""
        mine = select(MailLink.mail_link_id).where(MailLink.mail_link_id == link.mail_link_id)
        if self._session.scalar(mine.with_for_update()) is None:
            raise NotFoundError(_("This link does not count any more. Ask for another one."))
        details: dict[str, str] = json.loads(link.details)
        self._session.delete(link)
        self._session.flush()
        return details

    def list_waiting(self, user_id: int) -> Sequence[MailLink]:
        """The links that the user has been sent to prove addresses and has not opened."""
        own = (MailLink.user_id == user_id, MailLink.purpose == Purpose.EMAIL, MailLink.expires > self._now)
        return self._session.scalars(select(MailLink).where(*own).order_by(MailLink.mail_link_id).limit(100)).all()

    def forget(self, user_id: int, purpose: Purpose) -> None:
        """Let no link of the user for this purpose count any more."""
        self._session.execute(delete(MailLink).where(MailLink.user_id == user_id, MailLink.purpose == purpose))

    def _count(self, condition: ColumnElement[bool]) -> int:
        lately = select(func.count()).select_from(MailLink).where(MailLink.created > self._now - _SPAN)
        return self._session.scalar(lately.where(condition)) or 0
