"""What somebody may do with each repository, and which they follow: one page of a list at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.watching import Watch
from kallithea.model.follower import followed_by
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.services.followers import Followers
from kallithea.services.permissions import Permissions


@dataclass(frozen=True, slots=True)
class OwnRepository:
    """A repository, and the viewer's level on it. ``watch`` is what they are told of one that they follow."""

    path: str
    kind: str
    private: bool
    level: Level
    watch: Watch | None = None


class OwnRepositories:
    """Lists of the repositories that a viewer may read, in the order of their paths."""

    def __init__(self, session: Session, permissions: Permissions, followers: Followers) -> None:
        self._session = session
        self._followers = followers
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
        watched = self._watched(viewer, [row.repository_id for row in rows]) if followed else {}
        return (
            tuple(
                OwnRepository(
                    row.path,
                    row.kind,
                    row.private,
                    self._permissions.level(viewer, row),
                    watched.get(row.repository_id),
                )
                for row in rows
            ),
            total,
        )

    def _watched(self, viewer: Viewer, repository_ids: Sequence[int]) -> dict[int, Watch]:
        if viewer.user_id is None:
            return {}
        return self._followers.levels(viewer.user_id, repository_ids)
