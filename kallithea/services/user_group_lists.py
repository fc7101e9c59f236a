"""Lists of groups of users."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.names import name_key
from kallithea.model.grant import Grant
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember
from kallithea.services.user_group_rights import UserGroupRights


@dataclass(frozen=True, slots=True)
class UserGroupRow:
    """A group as lists show it; ``owner`` is a user's name, empty where there is none.

    ``level`` is that of who asked for the list, ADMIN in a list for nobody in particular.
    """

    user_group_id: int
    name: str
    description: str
    owner_id: int | None
    owner: str
    active: bool
    members: int
    level: Level = Level.ADMIN


@dataclass(frozen=True, slots=True)
class UserGroupList:
    """One page of a list. ``total`` counts what all pages together hold."""

    rows: tuple[UserGroupRow, ...]
    total: int


class UserGroupLists:
    """Asks for a page of groups with three statements, however many there are."""

    def __init__(self, session: Session, rights: UserGroupRights) -> None:
        self._session = session
        self._rights = rights

    def list_known(self, viewer: Viewer, words: str = "", *, offset: int = 0, limit: int = 100) -> UserGroupList:
        """A page of those that the viewer knows of, in the order of the names.

        ``words`` are part of the name or of the description.
        """
        rights = self._rights.load(viewer)
        found = self._list([rights.has(Level.READ)], words, offset, limit)
        rows = ((row, rights.level(row.user_group_id, row.owner_id)) for row in found.rows)
        return replace(found, rows=tuple(replace(row, level=level) for row, level in rows))

    def list_of_owner(self, owner_id: int, *, limit: int = 100) -> UserGroupList:
        """The first groups of one owner."""
        return self._list([UserGroup.owner_id == owner_id], "", 0, limit)

    def _list(self, conditions: list[ColumnElement[bool]], words: str, offset: int, limit: int) -> UserGroupList:
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
            select(
                UserGroup.user_group_id,
                UserGroup.name,
                UserGroup.description,
                UserGroup.owner_id,
                User.name,
                UserGroup.active,
                members,
            )
            .outerjoin(User, User.user_id == UserGroup.owner_id)
            .where(*conditions)
            .order_by(UserGroup.name_key)
        )
        rows = self._session.execute(page.offset(offset).limit(limit)).all()
        total = self._session.scalar(select(func.count()).select_from(UserGroup).where(*conditions)) or 0
        return UserGroupList(
            tuple(
                UserGroupRow(number, name, text, owner_id, owner or "", on, count)
                for number, name, text, owner_id, owner, on, count in rows
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
