"""API tokens, usable as the password of hg and git."""

import datetime

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kallithea.model.meta import Digest, Id, Long, Name, Table
from kallithea.model.user import User
from kallithea.model.user_group import with_groups


class Token(Table):
    """160 random bits of which the SHA-256 is kept. ``prefix`` is shown so that its owner recognises it.

    ``scopes`` are words of ``read write admin feed``, separated by blanks. ``repository_ids`` are numbers separated
    by blanks: of the repositories that it is bound to, whether these still exist or not; None where it is bound to
    none.
    """

    __tablename__ = "tokens"

    token_id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    digest: Mapped[Digest] = mapped_column(unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    description: Mapped[Name] = mapped_column(default="")
    scopes: Mapped[Name]
    created: Mapped[datetime.datetime]
    expires: Mapped[datetime.datetime | None]
    used: Mapped[datetime.datetime | None]
    repository_ids: Mapped[Long | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


#: The token with the ``digest``, also one that has expired, if its user is active, and that user as ``with_groups`` has
#: it.
BY_DIGEST = with_groups(
    select(
        Token.token_id,
        Token.scopes,
        Token.used,
        Token.expires,
        Token.repository_ids,
        User.user_id,
        User.name,
        User.super_administrator,
    )
    .join(Token.user)
    .where(Token.digest == bindparam("digest"), User.active)
)
