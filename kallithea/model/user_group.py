"""Groups of users."""

import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key
from kallithea.model.meta import Id, Key, Long, Name, Table
from kallithea.model.setting import SITE_NETWORKS, VISITORS_ADMITTED
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


def with_groups(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement about users, with all columns that decide who somebody is.

    ``group_id``; ``visitors``: whether the site admits visitors; ``networks`` and ``site_networks``: from where the
    user and everybody may come. There is a row for each active group that the user is in; one row, without a group, if
    there is none.
    """
    in_active = and_(UserGroup.user_group_id == UserGroupMember.user_group_id, UserGroup.active)
    return (
        statement.add_columns(
            UserGroup.user_group_id.label("group_id"),
            VISITORS_ADMITTED.exists().label("visitors"),
            User.networks,
            SITE_NETWORKS.scalar_subquery().label("site_networks"),
        )
        .outerjoin(UserGroupMember, UserGroupMember.user_id == User.user_id)
        .outerjoin(UserGroup, in_active)
    )


#: The user ``user_id`` if they are active, as ``with_groups`` has it.
ACTIVE_USER = with_groups(
    select(User.user_id, User.super_administrator, User.password_version).where(
        User.user_id == bindparam("user_id"), User.active
    )
)


def groups_of(user_id: int) -> Select[str]:
    """Names of the groups that a user is in, also of those that are not active, in their order."""
    return (
        select(UserGroup.name)
        .join(UserGroupMember, UserGroupMember.user_group_id == UserGroup.user_group_id)
        .where(UserGroupMember.user_id == user_id)
        .order_by(UserGroup.name_key)
    )


def members(user_group_id: int) -> Select[User]:
    """The users in a group, in the order of their names."""
    return (
        select(User)
        .join(UserGroupMember, UserGroupMember.user_id == User.user_id)
        .where(UserGroupMember.user_group_id == user_group_id)
        .order_by(User.name_key)
    )


def groups_with(user_id: int) -> Select[UserGroup]:
    """The groups that a user is in, in the order of their names."""
    return (
        select(UserGroup)
        .join(UserGroupMember, UserGroupMember.user_group_id == UserGroup.user_group_id)
        .where(UserGroupMember.user_id == user_id)
        .order_by(UserGroup.name_key)
    )
