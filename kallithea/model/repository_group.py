"""Nested groups of repositories."""

import datetime
from typing import TypeAlias

from sqlalchemy import ForeignKey, Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kallithea.core.names import name_key
from kallithea.model.location import Location
from kallithea.model.meta import Id, Long, Table


class RepositoryGroup(Table):
    """A folder of repositories and of further groups. Its path is its Location's."""

    __tablename__ = "repository_groups"

    repository_group_id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("repository_groups.repository_group_id", ondelete="RESTRICT"), index=True
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"))
    description: Mapped[Long] = mapped_column(default="")
    created: Mapped[datetime.datetime]

    location: Mapped[Location] = relationship(
        lazy="joined", innerjoin=True, cascade="all, delete-orphan", passive_deletes=True, single_parent=True
    )

    @property
    def path(self) -> str:
        """The whole path, such as ``group/sub``."""
        return self.location.path


#: Id, parent and owner of a group.
GroupTuple: TypeAlias = tuple[int, int | None, int | None]


def group_rows() -> Select[int, int | None, int | None]:
    """Id, parent and owner of every group."""
    return select(RepositoryGroup.repository_group_id, RepositoryGroup.parent_id, RepositoryGroup.owner_id)


def _group_and_parent_rows() -> Select[int, int | None, int | None]:
    start = group_rows().where(RepositoryGroup.repository_group_id == bindparam("group_id"))
    chain = start.cte("chain", recursive=True)
    # UNION without ALL ends even if a group came to lie in itself
    chain = chain.union(group_rows().where(RepositoryGroup.repository_group_id == chain.c.parent_id))
    return select(chain.c.repository_group_id, chain.c.parent_id, chain.c.owner_id)


#: Id, parent and owner of the group ``group_id`` and of all groups that it lies in.
GROUP_AND_PARENTS = _group_and_parent_rows()


def group_by_path(path: str) -> Select[RepositoryGroup]:
    """The group at this path, whatever its case."""
    return select(RepositoryGroup).join(RepositoryGroup.location).where(Location.path_key == name_key(path))


#: Id and path of every group, in the order of their paths.
GROUP_PATHS: Select[int, str] = (
    select(RepositoryGroup.repository_group_id, Location.path)
    .join(RepositoryGroup.location)
    .order_by(Location.path_key)
)
