"""How often mails tell people of events, and links in these mails that end them."""

import datetime
import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.jobs import MailDigest
from kallithea.core.watching import MailSchedule, Watch
from kallithea.core.words import _
from kallithea.model.follower import Follower
from kallithea.model.notification import MailChoice, Notification
from kallithea.model.user import User
from kallithea.services.outbox import Outbox

#: Accounts that are asked about by one statement.
_BATCH = 500
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """What a link in a mail ends: all mails about events, or, with an id, those about one repository."""

    user_id: int
    repository_id: int | None


def make_link_text(secret: str, wanted: Unsubscription) -> str:
    """The secret part of a link, bound to whom it is for and what it ends. It has no end of its own."""
    return f"{wanted.user_id}-{wanted.repository_id or 0}-{_sign(secret, wanted)}"


def _sign(secret: str, wanted: Unsubscription) -> str:
    message = f"unsubscribe:{wanted.user_id}:{wanted.repository_id or 0}"
    return hmac.digest(secret.encode(), message.encode(), hashlib.sha256).hex()


class MailChoices:
    """Remembers what people choose, and finds who is to be sent many events together."""

    def __init__(self, session: Session, now: datetime.datetime, secret: str, outbox: Outbox) -> None:
        self._session = session
        self._now = now
        self._secret = secret
        self._outbox = outbox

    def get_schedule(self, user_id: int) -> MailSchedule:
        """What the user has chosen."""
        row = self._session.get(MailChoice, user_id)
        return MailSchedule(row.schedule) if row is not None else MailSchedule.AT_ONCE

    def set_schedule(self, user_id: int, schedule: str) -> None:
        """Choose. What came before is told by no mail any more. Raises InvalidError for what is no choice."""
        if schedule not in set(MailSchedule):
            raise InvalidError({"schedule": _("choose one of the list")})
        row = self._session.get(MailChoice, user_id)
        if row is None:
            self._session.add(MailChoice(user_id=user_id, schedule=schedule, digested=self._now))
        else:
            row.schedule, row.digested = schedule, self._now
        untold = (Notification.user_id == user_id, Notification.mailed.is_(None))
        self._session.execute(update(Notification).where(*untold).values(mailed=self._now))

    def parse_link(self, text: str) -> Unsubscription:
        """What a link ends. Raises NotFoundError for one that was not made here."""
        parts = text.split("-")
        numbers = parts[: _PARTS - 1]
        if len(parts) == _PARTS and all(one.isascii() and one.isdecimal() and len(one) < 10 for one in numbers):
            wanted = Unsubscription(int(numbers[0]), int(numbers[1]) or None)
            if hmac.compare_digest(_sign(self._secret, wanted).encode(), parts[-1].encode("utf-8", "replace")):
                return wanted
        raise NotFoundError(_("This link was not made here."))

    def end(self, wanted: Unsubscription) -> None:
        """Send no more of these mails. Doing it twice changes nothing."""
        if wanted.repository_id is None:
            if self._session.get(User, wanted.user_id) is not None:
                self.set_schedule(wanted.user_id, MailSchedule.OFF)
            return
        row = self._session.get(Follower, (wanted.user_id, wanted.repository_id))
        if row is not None:
            row.level = Watch.NOTHING

    def ask_for_digests(self) -> None:
        """Ask for the mails of those whose day or week is over and who have been told something in it."""
        due = [
            and_(MailChoice.schedule == schedule, MailChoice.digested <= self._now - every)
            for schedule in MailSchedule
            if (every := schedule.every) is not None
        ]
        last = (
            select(MailChoice, func.max(Notification.notification_id))
            .join(Notification, Notification.user_id == MailChoice.user_id)
            .where(or_(*due), Notification.mailed.is_(None))
            .group_by(MailChoice.user_id, MailChoice.schedule, MailChoice.digested)
            .order_by(MailChoice.user_id)
            .limit(_BATCH)
        )
        for choice, until_id in self._session.execute(last).all():
            choice.digested = self._now
            self._outbox.add(MailDigest(choice.user_id, until_id))
