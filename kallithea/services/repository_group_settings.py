"""What administrators of a group of repositories change about it, and everything in it that moves with it."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.core.jobs import IndexRepositories
from kallithea.core.names import MAX_PATH, find_segment_problem, name_key, parse_description
from kallithea.core.words import _
from kallithea.model.location import Location, locations_below
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.audit import Audit
from kallithea.services.insertion import unique
from kallithea.services.outbox import Outbox
from kallithea.services.permissions import Permissions
from kallithea.services.repository_groups import RepositoryGroups
from kallithea.services.users import Users


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What shall be: ``name`` is the last part of the path, ``parent`` the rest of it, empty for the top of the site.

    ``owner`` is the name of an account, empty for none.
    """

    name: str
    parent: str
    owner: str
    description: str


class RepositoryGroupSettings:
    """Changes, moves and deletes groups."""

    def __init__(
        self,
        session: Session,
        permissions: Permissions,
        groups: RepositoryGroups,
        users: Users,
        audit: Audit,
        outbox: Outbox,
    ) -> None:
        self._session = session
        self._permissions = permissions
        self._groups = groups
        self._users = users
        self._audit = audit
        self._outbox = outbox

    def update(self, actor: Actor, viewer: Viewer, group_id: int, change: GroupChange) -> RepositoryGroup:
        """Change a group; the viewer needs ADMIN on it, and to move it what it takes to make one there.

        Raises InvalidError by the names of ``GroupChange``, NotFoundError, ForbiddenError, and ConflictError where
        something lies at the new path.
        """
        group = self._lock(viewer, group_id)
        target, before = f"group:{group.path}", self._shown(group)
        group.owner_id = self._find_owner(group, change.owner)
        group.description = parse_description(change.description)
        self._move(viewer, group, change)
        after = self._shown(group)
        changed = sorted(name for name in after if after[name] != before[name])
        if changed:
            self._permissions.forget()
            old, new = ({name: values[name] for name in changed} for values in (before, after))
            self._audit.add(actor, "repository-group.update", target, before=old, after=new)
        return group

    def delete(self, actor: Actor, viewer: Viewer, group_id: int) -> None:
        """Delete an empty group and what is granted on it; the viewer needs ADMIN on it.

        Raises NotFoundError, ForbiddenError, and ConflictError where something lies in it.
        """
        group = self._lock(viewer, group_id)
        if self._session.scalar(select(Location.path_key).where(locations_below(group.path)).limit(1)) is not None:
            raise ConflictError(_("The group is not empty: move or delete what is in it first."))
        self._audit.add(actor, "repository-group.delete", f"group:{group.path}", before=self._shown(group))
        self._session.delete(group)
        self._session.flush()
        self._permissions.forget()

    def _lock(self, viewer: Viewer, group_id: int) -> RepositoryGroup:
        group = self._session.get(RepositoryGroup, group_id, populate_existing=True, with_for_update=True)
        if group is None or not self._groups.visible(viewer, group_id):
            raise NotFoundError(_("There is no such repository group."))
        self._permissions.require_group(viewer, group_id, Level.ADMIN)
        return group

    def _find_owner(self, group: RepositoryGroup, name: str) -> int | None:
        known = self._users.find_by_id(group.owner_id) if group.owner_id is not None else None
        if not name or (known is not None and name_key(name) == name_key(known.name)):
            return known.user_id if known is not None and name else None
        owner = self._users.find(name)
        if owner is None or not owner.active:
            raise InvalidError({"owner": _("write the name of an active account; '%(name)s' is none", name=name)})
        return owner.user_id

    def _move(self, viewer: Viewer, group: RepositoryGroup, change: GroupChange) -> None:
        old, name = group.path, unicodedata.normalize("NFC", change.name)
        problem = find_segment_problem(name)
        if problem is not None:
            raise InvalidError({"name": problem})
        old_parent = old.rpartition("/")[0]
        if name_key(change.parent) != name_key(old_parent):
            parent = self._find_parent(viewer, group, change.parent)
            group.parent_id = None if parent is None else parent.repository_group_id
            old_parent = "" if parent is None else parent.path
        new = f"{old_parent}/{name}" if old_parent else name
        if new != old:
            self._rename(old, new)

    def _find_parent(self, viewer: Viewer, group: RepositoryGroup, path: str) -> RepositoryGroup | None:
        """The group that a group shall be moved into. Raises InvalidError, also for what the viewer may not see."""
        parent = self._groups.find(path) if path else None
        parent_id = None if parent is None else parent.repository_group_id
        if path and (parent_id is None or not self._groups.visible(viewer, parent_id)):
            raise InvalidError(
                {"parent": _("there is no repository group '%(group)s'; choose one of the menu", group=path)}
            )
        tree = self._permissions.tree(viewer)
        if parent_id is not None and group.repository_group_id in (parent_id, *tree.parent_ids(parent_id)):
            raise InvalidError({"parent": _("a group cannot lie in itself; choose another one")})
        try:
            self._groups.require_room(viewer, parent_id, Allowance.CREATE_REPOSITORY_GROUPS)
        except ForbiddenError as problem:
            raise InvalidError({"parent": _("you may not make groups there; choose one of the menu")}) from problem
        return parent

    def _rename(self, old: str, new: str) -> None:
        """Give the group and all that lies in it the new path."""
        with unique(self._session, _("'%(path)s' exists already, as a repository or as a group.", path=new)):
            rows = self._session.scalars(
                select(Location).where(locations_below(old, itself=True)).with_for_update()
            ).all()
            paths = {row: new + row.path[len(old) :] for row in rows}
            if max(map(len, paths.values())) > MAX_PATH:
                raise InvalidError({"name": _("the path of something in the group would be too long")})
            for row, path in paths.items():
                row.path, row.path_key = path, name_key(path)
        # the index knows repositories by their paths
        self._outbox.add(IndexRepositories())

    def _shown(self, group: RepositoryGroup) -> dict[str, object]:
        self._session.flush()
        owner = self._users.find_by_id(group.owner_id) if group.owner_id is not None else None
        name = owner.name if owner is not None else None
        return {"path": group.path, "owner": name, "description": group.description}
