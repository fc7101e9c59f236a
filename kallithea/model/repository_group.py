"""Nested groups of repositories."""

import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
