"""What the audit log has of those who come in without a form, and of those who fail to, in a bounded number of entries.

Whoever comes by a token, by the name that a proxy tells, or with a password at git or hg, comes with each request
anew: a day has one entry for each account, way and network. Failures have an entry when they are one, two, four, eight
and so on at the same account from the same address; all together have a hundred within an hour, and after those again
one at each doubling.
"""

import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.actor import VISITOR_NAME, Actor, Way
from kallithea.core.jobs import NoteSignIn
from kallithea.model.sign_in_failure import SignInFailure, count_failure
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.audit import Audit
from kallithea.services.sign_in_failures import network, wide_network

#: Failures that are noted within an hour, whatever they are.
MOST_AN_HOUR = 100
_DAY = datetime.timedelta(days=1)
_HOUR = datetime.timedelta(hours=1)


def note_way_in(application: Application, user_id: int, by: str, way: Way, address: str) -> None:
    """Have it noted soon that somebody came in: ``by`` is ``password``, ``proxy``, or ``token`` and how it begins."""
    if application.noted_ways.is_new(f"{user_id}:{by}:{way}:{network(address)}", application.clock()):
        application.later.add(NoteSignIn(user_id, by, way.value, address))


def note_refused_token(application: Application, shown: str, way: Way, address: str) -> None:
    """Have it noted soon that a token counts no more, or never did; ``shown`` is how it begins."""
    if application.refused_ways.is_new(wide_network(address), application.clock()):
        application.later.add(NoteSignIn(None, f"token {shown}", way.value, address))


class SignInNotes:
    """Writes such entries."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._audit = audit

    def note(self, job: NoteSignIn) -> None:
        """Note how somebody came in, or what nobody could come in with, unless that was noted within a day."""
        user = None if job.user_id is None else self._session.get(User, job.user_id)
        if user is None and job.user_id is not None:
            return
        way, after = Way(job.way), {"by": job.by, "network": network(job.address)}
        if user is None:
            actor, action, target = Actor(None, VISITOR_NAME, way, job.address), "token.refuse", "token"
        else:
            actor, action, target = (
                Actor(user.user_id, user.name, way, job.address),
                "user.sign-in",
                f"user:{user.name}",
            )
        if not self._audit.has_noted(actor, action, after, since=self._now - _DAY):
            self._audit.add(actor, action, target, after=after)

    def note_failure(self, account: str, way: Way, address: str, count: int) -> None:
        """Note a wrong password, the ``count``-th of late at the account from the address.

        ``account`` is empty for a name that nobody has: people type passwords into the wrong field. The statements are
        the same.
        """
        if not _is_power_of_two(count):
            return
        subject = f"noted:{self._now:%Y-%m-%dT%H}"
        dialect = self._session.get_bind().dialect.name
        self._session.execute(count_failure(dialect, subject, self._now, self._now - _HOUR))
        noted = self._session.scalar(select(SignInFailure.count).where(SignInFailure.subject == subject)) or 0
        if noted > MOST_AN_HOUR and not _is_power_of_two(noted):
            return
        after = {"count": count} | ({"noted": noted} if noted >= MOST_AN_HOUR else {})
        target = f"user:{account}" if account else "user"
        self._audit.add(Actor(None, VISITOR_NAME, way, address), "user.fail-sign-in", target, after=after)


def _is_power_of_two(count: int) -> bool:
    return count & (count - 1) == 0
