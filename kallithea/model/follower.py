"""Who follows which repositories."""

import datetime

from sqlalchemy import ColumnElement, ForeignKey, Select, String, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from kallithea.core.watching import Watch
from kallithea.model.meta import Table
from kallithea.model.user import User


class Follower(Table):
    """That a user wants to see a repository before others. It gives no right to read it.

    ``level`` is one of ``core.watching.Watch``.
    """

    __tablename__ = "followers"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True)
    repository_id: Mapped[int] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime.datetime]
    level: Mapped[str] = mapped_column(String(10), default=Watch.ALL, server_default=Watch.MENTIONS)


#: How many follow the repository ``repository_id``, and how many of those are the user ``user_id``: one, or none.
FOLLOWER_COUNT: Select[int, int] = select(
    func.count(), func.count(case((Follower.user_id == bindparam("user_id"), 1)))
).where(Follower.repository_id == bindparam("repository_id"))


def followed_by(user_id: int | None) -> Select[int]:
    """Ids of the repositories that the user follows; nobody follows none."""
    return select(Follower.repository_id).where(Follower.user_id == user_id)


def followers_of(repository_id: int) -> Select[int]:
    """Ids of the users who follow the repository."""
    return select(Follower.user_id).where(Follower.repository_id == repository_id)


def is_followed(repository_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether anybody follows the repository with the id in the column."""
    return select(Follower.user_id).where(Follower.repository_id == repository_id).exists()


def follower_rows(repository_id: int) -> Select[User, datetime.datetime]:
    """Those who follow the repository and since when, in the order of their names."""
    return (
        select(User, Follower.since)
        .join(Follower, Follower.user_id == User.user_id)
        .where(Follower.repository_id == repository_id)
        .order_by(User.name_key)
    )
