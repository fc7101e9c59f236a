"""Web sessions: what gives meaning to the random id in a browser's cookie."""

import datetime

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kallithea.model.meta import Digest, Id, Name, Table
from kallithea.model.user import User


class UserSession(Table):
    """A signed-in browser. ``digest`` is the SHA-256 of the cookie's id, so that the table opens no session."""

    __tablename__ = "user_sessions"

    user_session_id: Mapped[Id]
    digest: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime.datetime]
    seen: Mapped[datetime.datetime]
    expires: Mapped[datetime.datetime] = mapped_column(index=True)
    address: Mapped[Name]
    client: Mapped[Name]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


def living_session(digest: bytes, now: datetime.datetime) -> Select[UserSession]:
    """The session with this digest if it has not expired and its user is active."""
    return (
        select(UserSession)
        .join(UserSession.user)
        .where(UserSession.digest == digest, UserSession.expires > now, User.active)
    )
