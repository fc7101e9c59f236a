"""Lists of accounts."""

import collections
import datetime
import enum
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kallithea.core.names import name_key
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember
from kallithea.model.user_session import UserSession


class UserState(enum.StrEnum):
    """Which accounts a list holds."""

    ALL = "all"
    ACTIVE = "active"
    DISABLED = "disabled"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account as lists show it. ``groups`` are names in their order, ``seen`` is the last sign of a browser.

    None stands for an account that no browser is signed in with.
    """

    user_id: int
    name: str
    full_name: str
    email: str
    active: bool
    super_administrator: bool
    created: datetime.datetime
    seen: datetime.datetime | None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserList:
    """One page of a list. ``total`` counts what all pages together hold."""

    rows: tuple[UserRow, ...]
    total: int


class UserLists:
    """Asks for a page of accounts with three statements, however many there are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_(
        self, *, words: str = "", state: UserState = UserState.ALL, offset: int = 0, limit: int = 100
    ) -> UserList:
        """A page in the order of the names. ``words`` are part of the name, the full name or the address."""
        conditions = [*_STATES[state], *([_mentions(words)] if words else [])]
        seen = select(func.max(UserSession.seen)).where(UserSession.user_id == User.user_id).scalar_subquery()
        page = select(User, seen).where(*conditions).order_by(User.name_key).offset(offset).limit(limit)
        found = self._session.execute(page).all()
        total = self._session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
        groups = self._groups_of([user.user_id for user, _ in found])
        return UserList(tuple(_row(user, seen, tuple(groups[user.user_id])) for user, seen in found), total)

    def _groups_of(self, user_ids: list[int]) -> dict[int, list[str]]:
        names = (
            select(UserGroupMember.user_id, UserGroup.name)
            .join(UserGroup, UserGroup.user_group_id == UserGroupMember.user_group_id)
            .where(UserGroupMember.user_id.in_(user_ids))
            .order_by(UserGroup.name_key)
        )
        groups: dict[int, list[str]] = collections.defaultdict(list)
        for user_id, name in self._session.execute(names):
            groups[user_id].append(name)
        return groups


_STATES: dict[UserState, tuple[ColumnElement[bool], ...]] = {
    UserState.ALL: (),
    UserState.ACTIVE: (User.active.is_(True),),
    UserState.DISABLED: (User.active.is_(False),),
    UserState.ADMINISTRATORS: (User.super_administrator.is_(True),),
}


def _mentions(words: str) -> ColumnElement[bool]:
    full_name = User.first_name + " " + User.last_name
    return or_(
        User.name_key.contains(name_key(words), autoescape=True),
        User.email_key.contains(name_key(words), autoescape=True),
        full_name.icontains(words, autoescape=True),
    )


def _row(user: User, seen: datetime.datetime | None, groups: tuple[str, ...]) -> UserRow:
    return UserRow(
        user.user_id,
        user.name,
        user.full_name,
        user.email or "",
        user.active,
        user.super_administrator,
        user.created,
        seen,
        groups,
    )
