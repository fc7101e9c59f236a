"""Lists of groups of users."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kallithea.core.names import name_key
from kallithea.model.grant import Grant
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember


@dataclass(frozen=True, slots=True)
class UserGroupRow:
    """A group as lists show it; ``owner`` is a user's name, empty where there is none."""

    user_group_id: int
    name: str
    description: str
    owner: str
    active: bool
    members: int


@dataclass(frozen=True, slots=True)
class UserGroupList:
    """One page of a list. ``total`` counts what all pages together hold."""

    rows: tuple[UserGroupRow, ...]
    total: int


class UserGroupLists:
    """Asks for a page of groups with two statements, however many there are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_(
        self, *, owner_id: int | None = None, words: str = "", offset: int = 0, limit: int = 100
    ) -> UserGroupList:
        """A page in the order of the names: all groups, or those of one owner.

        ``words`` are part of the name or of the description.
        """
        conditions = [] if owner_id is None else [UserGroup.owner_id == owner_id]
        if words:
            conditions.append(
                or_(
                    UserGroup.name_key.contains(name_key(words), autoescape=True),
                    UserGroup.description.icontains(words, autoescape=True),
                )
            )
        members = (
            select(func.count())
            .select_from(UserGroupMember)
            .where(UserGroupMember.user_group_id == UserGroup.user_group_id)
            .scalar_subquery()
        )
        page = (
            select(UserGroup.user_group_id, UserGroup.name, UserGroup.description, User.name, UserGroup.active, members)
            .outerjoin(User, User.user_id == UserGroup.owner_id)
            .where(*conditions)
            .order_by(UserGroup.name_key)
        )
        rows = self._session.execute(page.offset(offset).limit(limit)).all()
        total = self._session.scalar(select(func.count()).select_from(UserGroup).where(*conditions)) or 0
        return UserGroupList(
            tuple(
                UserGroupRow(number, name, text, owner or "", on, count)
                for number, name, text, owner, on, count in rows
            ),
            total,
        )

    def count_members(self, group: UserGroup) -> int:
        """How many users are in the group."""
        mine = UserGroupMember.user_group_id == group.user_group_id
        return self._session.scalar(select(func.count()).select_from(UserGroupMember).where(mine)) or 0

    def count_grants(self, group: UserGroup) -> int:
        """On how many repositories and groups of repositories something is granted to the group."""
        mine = Grant.user_group_id == group.user_group_id
        return self._session.scalar(select(func.count()).select_from(Grant).where(mine)) or 0
