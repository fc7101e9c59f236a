"""Groups of users."""

import datetime

from sqlalchemy import ForeignKey, Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key
from kallithea.model.meta import Id, Key, Long, Name, Table
from kallithea.model.user import User


class UserGroup(Table):
    """A group of users. An inactive group gives its members nothing."""

    __tablename__ = "user_groups"

    user_group_id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[Key] = mapped_column(unique=True)
    description: Mapped[Long] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"))
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime.datetime]


class UserGroupMember(Table):
    """That a user is in a group."""

    __tablename__ = "user_group_members"

    user_group_id: Mapped[int] = mapped_column(
        ForeignKey("user_groups.user_group_id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True, index=True)


def user_group_by_name(name: str) -> Select[UserGroup]:
    """The group with this name, whatever its case."""
    return select(UserGroup).where(UserGroup.name_key == name_key(name))


#: Ids of the active groups that the user ``user_id`` is in; nobody, who has none, is in none.
ACTIVE_GROUP_IDS: Select[int] = (
    select(UserGroupMember.user_group_id)
    .join(UserGroup, UserGroup.user_group_id == UserGroupMember.user_group_id)
    .where(UserGroupMember.user_id == bindparam("user_id"), UserGroup.active)
)


def members(user_group_id: int) -> Select[User]:
    """The users in a group, in the order of their names."""
    return (
        select(User)
        .join(UserGroupMember, UserGroupMember.user_id == User.user_id)
        .where(UserGroupMember.user_group_id == user_group_id)
        .order_by(User.name_key)
    )
