"""Signed-in browsers."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.core.allow_lists import is_allowed, require_allowed
from kallithea.core.errors import NotFoundError
from kallithea.core.names import name_key
from kallithea.core.site_documents import Looks, unpack_looks
from kallithea.core.words import _
from kallithea.model.unchanged import find_unchanged
from kallithea.model.user import User, full_name
from kallithea.model.user_session import BY_DIGEST, VOUCHED_USER, UserSession
from kallithea.services.audit import Audit
from kallithea.services.rows import plain_rows
from kallithea.services.viewers import viewer_of_rows

_WIDTH = 255


@dataclass(frozen=True, slots=True)
class LivingUser:
    """Somebody who asks for a page: what pages show of them and are made with, and what they may.

    ``unread``: whether there are notifications that they have not read, of whatever.
    """

    user_id: int
    name: str
    full_name: str
    email: str
    language: str
    time_zone: str
    looks: Looks
    viewer: Viewer
    unread: bool


@dataclass(frozen=True, slots=True)
class LivingSession:
    """A signed-in browser: when it was last seen, and whose it is."""

    user_session_id: int
    seen: datetime.datetime
    user: LivingUser


class UserSessions:
    """Gives meaning to the random id in a cookie. A session ends ``timeout`` after it was last seen."""

    def __init__(self, session: Session, now: datetime.datetime, timeout: datetime.timedelta, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._timeout = timeout
        self._audit = audit

    def create(self, user: User, *, address: str, client: str) -> str:
        """Start a session. Returns its id for the cookie: 256 random bits, of which only a digest is kept."""
        session_id = secrets.token_urlsafe(32)
        row = UserSession(
            digest=_digest(session_id),
            user_id=user.user_id,
            created=self._now,
            seen=self._now,
            expires=self._now + self._timeout,
            address=address[:_WIDTH],
            client=client[:_WIDTH],
        )
        self._session.add(row)
        return session_id

    def find(self, session_id: str, address: str | None = None) -> LivingSession | None:
        """The session with this id if it has not ended and its user is active; one statement.

        Where the ``address`` matters from which it is used, it is None unless the account may be used there, and this
        raises AddressRefusedError if the site answers nobody there.
        """
        digest = _digest(session_id)
        rows = find_unchanged(
            self._session.connection(),
            (BY_DIGEST, digest),
            lambda: plain_rows(self._session, BY_DIGEST, {"digest": digest}),
        )
        if not rows or rows[0].expires <= self._now:
            return None
        user = _living_user(rows, address)
        return None if user is None else LivingSession(rows[0].user_session_id, rows[0].seen, user)

    def find_vouched(self, name: str, address: str) -> LivingUser | None:
        """The active user with this name, for whom somebody vouches; one statement.

        None where the account may not be used at the address. Raises AddressRefusedError if the site answers nobody
        there.
        """
        return _living_user(plain_rows(self._session, VOUCHED_USER, {"name_key": name_key(name)}), address)

    def list_(self, user: User) -> Sequence[UserSession]:
        """The user's sessions that have not ended, the last seen first."""
        mine = select(UserSession).where(UserSession.user_id == user.user_id, UserSession.expires > self._now)
        return self._session.scalars(mine.order_by(UserSession.seen.desc()).limit(100)).all()

    def end(self, session_id: str) -> None:
        """End the session, if there is one."""
        self._session.execute(delete(UserSession).where(UserSession.digest == _digest(session_id)))

    def get(self, user_id: int, user_session_id: int) -> UserSession:
        """One of the user's sessions. Raises NotFoundError, for a session of somebody else too."""
        row = self._session.get(UserSession, user_session_id)
        if row is None or row.user_id != user_id:
            raise NotFoundError(_("There is no such session."))
        return row

    def revoke(self, actor: Actor, row: UserSession) -> None:
        """End a session that somebody chose from the list of their own."""
        self._session.execute(delete(UserSession).where(UserSession.user_session_id == row.user_session_id))
        before = {"address": row.address, "client": row.client}
        self._audit.add(actor, "user.end-session", f"user:{row.user.name}", before=before)

    def revoke_others(self, actor: Actor, user: User, session_id: str) -> int:
        """End every session of the user but the one with this id; the answer is how many they were."""
        others = (UserSession.user_id == user.user_id, UserSession.digest != _digest(session_id))
        count = len(self._session.scalars(select(UserSession.user_session_id).where(*others)).all())
        if count:
            self._session.execute(delete(UserSession).where(*others))
            self._audit.add(actor, "user.end-sessions", f"user:{user.name}", before={"sessions": count})
        return count

    def end_all(self, user_id: int) -> None:
        """End every session of the user."""
        self._session.execute(delete(UserSession).where(UserSession.user_id == user_id))

    def note_use(self, user_session_id: int, at: datetime.datetime) -> None:
        """Remember that the session was seen at that time, which moves its end."""
        seen = update(UserSession).where(UserSession.user_session_id == user_session_id, UserSession.seen < at)
        self._session.execute(seen.values(seen=at, expires=at + self._timeout))


def _living_user(rows: Sequence[Any], address: str | None) -> LivingUser | None:
    if not rows:
        return None
    row = rows[0]
    if address is not None:
        require_allowed(address, row.site_networks)
        if not is_allowed(address, row.networks):
            return None
    shown = full_name(row.name, row.first_name, row.last_name)
    more = (row.email or "", row.language, row.time_zone, unpack_looks(row.looks))
    return LivingUser(row.user_id, row.name, shown, *more, viewer_of_rows(rows), bool(row.unread))


def _digest(session_id: str) -> bytes:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).digest()
