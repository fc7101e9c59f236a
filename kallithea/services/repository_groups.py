"""Groups of repositories."""

import collections
import datetime
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError
from kallithea.core.names import parse_description
from kallithea.model.repository import repository_counts
from kallithea.model.repository_group import RepositoryGroup, group_by_path, subgroup_rows
from kallithea.model.user import User
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert
from kallithea.services.permissions import Permissions
from kallithea.services.placing import no_such_group, place


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as lists show it. ``repositories`` counts those that the viewer may read, in all depths."""

    group_id: int
    path: str
    name: str
    description: str
    repositories: int


class RepositoryGroups:
    """Finds, lists and creates groups.

    A group is visible to whoever has at least READ on it, or on a group or repository in it, however deep.
    """

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit, permissions: Permissions) -> None:
        self._session = session
        self._now = now
        self._audit = audit
        self._permissions = permissions

    def find(self, path: str) -> RepositoryGroup | None:
        """The group at the path in whatever case, or None."""
        return self._session.scalar(group_by_path(path))

    def get(self, path: str) -> RepositoryGroup:
        """The group at the path in whatever case. Raises NotFoundError."""
        group = self.find(path)
        if group is None:
            raise NotFoundError(f"There is no repository group '{path}'.")
        return group

    def get_by_id(self, group_id: int) -> RepositoryGroup:
        """The group with this id. Raises NotFoundError."""
        group = self._session.get(RepositoryGroup, group_id)
        if group is None:
            raise NotFoundError("There is no such repository group.")
        return group

    def create(
        self, actor: Actor, viewer: Viewer | None, *, path: str, description: str = "", owner: User | None = None
    ) -> RepositoryGroup:
        """Make a group in an existing one, or at the top of the site; the viewer must have ADMIN there.

        Without a viewer no rights are asked: that is the command line. Raises InvalidError, ConflictError,
        ForbiddenError.
        """
        location, parent = place(self._session, path)
        if viewer is not None:
            self._require_in(viewer, parent, Level.ADMIN)
        group = RepositoryGroup(
            parent_id=None if parent is None else parent.repository_group_id,
            owner_id=None if owner is None else owner.user_id,
            description=parse_description(description),
            created=self._now,
            location=location,
        )
        insert(self._session, group, f"'{group.path}' exists already, as a repository or as a group.")
        self._permissions.forget()
        self._audit.add(actor, "repository-group.create", f"group:{group.path}", after={"description": description})
        return group

    def find_parent(self, viewer: Viewer | None, path: str, level: Level) -> RepositoryGroup | None:
        """The group in which the viewer wants to make something at the path; None for the top of the site.

        Raises InvalidError for a wrong path, for a group that does not exist or that the viewer may not see, and
        ForbiddenError below ``level``. Without a viewer no rights are asked.
        """
        _, parent = place(self._session, path)
        if viewer is not None:
            self._require_in(viewer, parent, level)
        return parent

    def visible(self, viewer: Viewer, group_id: int) -> bool:
        """Whether the viewer may know of the group."""
        return group_id in self._visible(viewer)

    def subgroups(self, viewer: Viewer, group_id: int | None) -> tuple[GroupRow, ...]:
        """The visible groups that lie directly in a group, or at the top of the site, in the order of their paths."""
        readable = self._visible(viewer)
        return tuple(
            GroupRow(child_id, path, path.rpartition("/")[2], description, readable[child_id])
            for child_id, path, description in self._session.execute(subgroup_rows(group_id))
            if child_id in readable
        )

    def _require_in(self, viewer: Viewer, parent: RepositoryGroup | None, level: Level) -> None:
        if parent is not None and not self.visible(viewer, parent.repository_group_id):
            raise no_such_group(parent.path)
        self._permissions.require_group(viewer, None if parent is None else parent.repository_group_id, level)

    def _visible(self, viewer: Viewer) -> dict[int, int]:
        """The visible groups, each with the number of readable repositories in it in all depths."""
        tree = self._permissions.tree(viewer)
        counts: dict[int, int] = collections.defaultdict(int)
        direct = dict(self._session.execute(repository_counts(self._permissions.readable(viewer))).all())
        for group_id in tree.groups:
            if group_id in direct or tree.group_level(group_id) >= Level.READ:
                for above in (group_id, *tree.parent_ids(group_id)):
                    counts[above] += direct.get(group_id, 0)
        return counts
