"""What somebody may do with each repository, and which they follow: one page of a list at a time."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.model.follower import followed_by
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.services.permissions import Permissions


@dataclass(frozen=True, slots=True)
class OwnRepository:
    """A repository, and the viewer's level on it."""

    path: str
    kind: str
    private: bool
    level: Level


class OwnRepositories:
    """Lists of the repositories that a viewer may read, in the order of their paths."""

    def __init__(self, session: Session, permissions: Permissions) -> None:
        self._session = session
        self._permissions = permissions

    def list_(
        self, viewer: Viewer, *, followed: bool = False, offset: int = 0, limit: int = 100
    ) -> tuple[tuple[OwnRepository, ...], int]:
        """A page of them, or of those that the viewer follows, and how many there are in all."""
        condition = self._permissions.readable(viewer)
        if followed:
            condition = and_(condition, Repository.repository_id.in_(followed_by(viewer.user_id)))
        total = self._session.scalar(select(func.count()).select_from(Repository).where(condition)) or 0
        page = select(Repository).join(Repository.location).where(condition).order_by(Location.path_key)
        rows = self._session.scalars(page.offset(offset).limit(limit)).all()
        return (
            tuple(OwnRepository(row.path, row.kind, row.private, self._permissions.level(viewer, row)) for row in rows),
            total,
        )
