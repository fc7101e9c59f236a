"""Groups of repositories."""

import collections
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import Level, Tree, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import Allowance
from kallithea.core.errors import NotFoundError
from kallithea.core.names import parse_description, parse_path
from kallithea.core.words import _
from kallithea.model.repository_group import GROUP_PATHS, RepositoryGroup, group_by_path
from kallithea.model.repository_list import group_counts, group_list, repository_counts
from kallithea.model.user import User
from kallithea.services.allowances import Allowances
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert
from kallithea.services.permissions import Permissions
from kallithea.services.placing import find_around, no_such_group, place
from kallithea.services.rights import NO_ID


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as lists show it. ``repositories`` counts those that the viewer may read, in all depths."""

    group_id: int
    parent_id: int | None
    path: str
    name: str
    description: str
    repositories: int


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group as menus show it. ``repositories`` are those that the viewer may read, in all depths.

    ``near``: whether the viewer follows or owns one of them.
    """

    group_id: int
    parent_id: int | None
    path: str
    repositories: int
    near: bool

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Overview:
    """How many repositories a viewer may read, how many of those they follow and own, and all visible groups.

    Groups are in the order of their paths, so that each comes after the one that it lies in.
    """

    repositories: int
    followed: int
    owned: int
    groups: tuple[GroupCount, ...]

    def below(self, group_id: int | None) -> tuple[GroupCount, ...]:
        """The groups that lie directly in a group, or at the top of the site."""
        return tuple(group for group in self.groups if group.parent_id == group_id)


class RepositoryGroups:
    """Finds, lists and creates groups.

    A group is visible to whoever has at least READ on it, or on a group or repository in it, however deep.
    """

    def __init__(
        self,
        session: Session,
        now: datetime.datetime,
        audit: Audit,
        permissions: Permissions,
        allowances: Allowances,
    ) -> None:
        self._session = session
        self._now = now
        self._audit = audit
        self._permissions = permissions
        self._allowances = allowances

    def find(self, path: str) -> RepositoryGroup | None:
        """The group at the path in whatever case, or None."""
        return self._session.scalar(group_by_path(path))

    def find_visible(self, viewer: Viewer, path: str) -> RepositoryGroup | None:
        """The same if the viewer may know of it; a hidden group and none take the same statements."""
        group = self.find(path)
        visible = self.visible(viewer, NO_ID if group is None else group.repository_group_id)
        return group if visible else None

    def get(self, path: str) -> RepositoryGroup:
        """The group at the path in whatever case. Raises NotFoundError."""
        group = self.find(path)
        if group is None:
            raise NotFoundError(_("There is no repository group '%(path)s'.", path=path))
        return group

    def get_by_id(self, group_id: int) -> RepositoryGroup:
        """The group with this id. Raises NotFoundError."""
        group = self._session.get(RepositoryGroup, group_id)
        if group is None:
            raise NotFoundError(_("There is no such repository group."))
        return group

    def create(
        self, actor: Actor, viewer: Viewer | None, *, path: str, description: str = "", owner: User | None = None
    ) -> RepositoryGroup:
        """Make a group in an existing one, on which the viewer must have ADMIN, or where it is allowed at the top.

        Without a viewer no rights are asked: that is the command line. Raises InvalidError, ConflictError,
        ForbiddenError.
        """
        self._require_place(viewer, path, Allowance.CREATE_REPOSITORY_GROUPS)
        location, parent = place(self._session, path)
        group = RepositoryGroup(
            parent_id=None if parent is None else parent.repository_group_id,
            owner_id=None if owner is None else owner.user_id,
            description=parse_description(description),
            created=self._now,
            location=location,
        )
        insert(self._session, group, _("'%(path)s' exists already, as a repository or as a group.", path=group.path))
        self._permissions.forget()
        after = {"owner": None if owner is None else owner.name, "description": group.description}
        self._audit.add(actor, "repository-group.create", f"group:{group.path}", after=after)
        return group

    def require_place(self, viewer: Viewer | None, path: str) -> None:
        """Raise an error unless the viewer may make a repository at the path.

        InvalidError for a wrong path, for a group that does not exist or that the viewer may not see, and
        ForbiddenError where they may not make one. Without a viewer no rights are asked.
        """
        self._require_place(viewer, path, Allowance.CREATE_REPOSITORIES)

    def require_room(self, viewer: Viewer, group_id: int | None, allowance: Allowance) -> None:
        """Raise ForbiddenError unless the viewer has ADMIN on the group, or for the top of the site the allowance."""
        if group_id is None:
            self._allowances.require(viewer, allowance)
        else:
            self._permissions.require_group(viewer, group_id, Level.ADMIN)

    def visible(self, viewer: Viewer, group_id: int) -> bool:
        """Whether the viewer may know of the group."""
        return group_id in self._visible(viewer)

    def list_(self, viewer: Viewer) -> tuple[GroupRow, ...]:
        """All visible groups in the order of their paths, so that each comes after the one that it lies in."""
        tree = self._permissions.tree(viewer)
        listed = self._session.execute(group_list(self._permissions.readable(viewer))).all()
        counts = _count_below(tree, {group_id: count for group_id, _path, _description, count in listed if count})
        return tuple(
            GroupRow(
                group_id, tree.groups[group_id].parent_id, path, path.rpartition("/")[2], description, counts[group_id]
            )
            for group_id, path, description, _count in listed
            if group_id in counts
        )

    def overview(self, viewer: Viewer) -> Overview:
        """All that the viewer may read, in numbers. Takes one query, and those for the viewer's tree."""
        tree = self._permissions.tree(viewer)
        rows = self._session.execute(group_counts(self._permissions.readable(viewer), viewer.user_id)).all()
        groups = [row for row in rows if row.group_id is not None]
        counts = _count_below(tree, {row.group_id: row.readable for row in groups if row.readable})
        near = _above(tree, [row.group_id for row in groups if row.followed or row.owned])
        visible = sorted((row for row in groups if row.group_id in counts), key=lambda row: row.path_key)
        return Overview(
            sum(row.readable for row in rows),
            sum(row.followed for row in rows),
            sum(row.owned for row in rows),
            tuple(
                GroupCount(
                    row.group_id,
                    tree.groups[row.group_id].parent_id,
                    row.path,
                    counts[row.group_id],
                    row.group_id in near,
                )
                for row in visible
            ),
        )

    def with_room(self, viewer: Viewer, allowance: Allowance = Allowance.CREATE_REPOSITORIES) -> tuple[str, ...]:
        """Paths of the groups in which the viewer may make repositories, in their order; empty for the top of the site.

        With another allowance it is groups that they may make. Takes two queries, and those for the viewer's tree
        where it is not known yet.
        """
        tree = self._permissions.tree(viewer)
        top = ("",) if self._allowances.can(viewer, allowance) else ()
        rows = self._session.execute(GROUP_PATHS)
        return top + tuple(path for group_id, path in rows if tree.group_level(group_id) == Level.ADMIN)

    def _require_place(self, viewer: Viewer | None, path: str, allowance: Allowance) -> None:
        parent_path = parse_path(path).rpartition("/")[0]
        if viewer is not None and parent_path and self.find_visible(viewer, parent_path) is None:
            raise no_such_group(parent_path)
        parent = find_around(self._session, path)
        if viewer is not None:
            self.require_room(viewer, None if parent is None else parent.repository_group_id, allowance)

    def _visible(self, viewer: Viewer) -> Mapping[int, int]:
        """The visible groups, each with the number of readable repositories in it in all depths."""
        tree = self._permissions.tree(viewer)
        counted = self._session.execute(repository_counts(self._permissions.readable(viewer)))
        return _count_below(tree, {group_id: count for group_id, count in counted if group_id is not None})


def _count_below(tree: Tree, direct: Mapping[int, int]) -> Mapping[int, int]:
    """From how many readable repositories lie directly in groups to those in all depths, without hidden groups."""
    counts: dict[int, int] = collections.defaultdict(int)
    for group_id in tree.groups:
        if group_id in direct or tree.group_level(group_id) >= Level.READ:
            for above in (group_id, *tree.parent_ids(group_id)):
                counts[above] += direct.get(group_id, 0)
    return counts


def _above(tree: Tree, group_ids: Iterable[int]) -> set[int]:
    """The groups, and all that they lie in."""
    return {above for group_id in group_ids for above in (group_id, *tree.parent_ids(group_id))}
