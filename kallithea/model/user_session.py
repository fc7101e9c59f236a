"""Web sessions: what gives meaning to the random id in a browser's cookie."""

import datetime

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kallithea.model.meta import Digest, Id, Name, Table
from kallithea.model.notification import Notification
from kallithea.model.setting import SITE_LOOKS
from kallithea.model.user import User
from kallithea.model.user_group import with_groups


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


_UNREAD = (
    select(Notification.notification_id)
    .where(Notification.user_id == User.user_id, Notification.read.is_(None))
    .correlate(User)
    .exists()
    .label("unread")
)

_SHOWN = (
    User.user_id,
    User.name,
    User.first_name,
    User.last_name,
    User.email,
    User.language,
    User.time_zone,
    User.super_administrator,
    SITE_LOOKS.scalar_subquery().label("looks"),
    _UNREAD,
)

#: The session with the ``digest``, also one that has expired, if its user is active: its id, when it was last seen and
#: ends, what pages show of that user and are made with, and whether there are notifications that they have not read, as
#: ``with_groups`` has it.
BY_DIGEST = with_groups(
    select(
        UserSession.user_session_id,
        UserSession.seen,
        UserSession.expires,
        *_SHOWN,
    )
    .join(UserSession.user)
    .where(UserSession.digest == bindparam("digest"), User.active)
)

#: The same of the active user with the ``name_key``, without a session.
VOUCHED_USER = with_groups(select(*_SHOWN).where(User.name_key == bindparam("name_key"), User.active))
