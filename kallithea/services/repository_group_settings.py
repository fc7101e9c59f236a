"""What administrators of a group of repositories change about it, and everything in it that moves with it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.core.jobs import IndexRepositories
from kallithea.core.names import MAX_PATH, find_segment_problem, name_key, parse_description, parse_path
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _
from kallithea.model.location import Location, locations_below
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.audit import Audit
from kallithea.services.ended_rights import rights_on_group
from kallithea.services.insertion import unique
from kallithea.services.outbox import Outbox
from kallithea.services.permissions import Permissions
from kallithea.services.repository_groups import RepositoryGroups
from kallithea.services.users import Users, no_active_account


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

    def mark(self, group: RepositoryGroup) -> str:
        """What stands for the group as it is, for ``update``."""
        return mark_of(self._shown(group))

    def update(
        self, actor: Actor, viewer: Viewer, group_id: int, change: GroupChange, was: str | None = None
    ) -> RepositoryGroup:
        """Change a group, if it is what ``was`` is the mark of; the viewer needs ADMIN on it.

        To move it they need what it takes to make one there. Raises InvalidError by the names of ``GroupChange``,
        NotFoundError, ForbiddenError, ChangedMeanwhileError, and ConflictError where something lies at the new path.
        """
        group = self._lock(viewer, group_id)
        target, before = f"group:{group.path}", self._shown(group)
        group.owner_id = self._find_owner(group, change.owner)
        group.description = parse_description(change.description)
        moved = self._move(viewer, group, change)
        old, new = find_change(before, self._shown(group), was)
        if new:
            new |= {"moved_repositories": moved} if moved else {}
            self._permissions.forget()
            self._audit.add(actor, "repository-group.update", target, before=old, after=new)
        return group

    def delete(self, actor: Actor, viewer: Viewer, group_id: int) -> None:
        """Delete an empty group and what is granted on it; the viewer needs ADMIN on it.

        Raises NotFoundError, ForbiddenError, and ConflictError where something lies in it.
        """
        group = self._lock(viewer, group_id)
        if self._session.scalar(select(Location.path_key).where(locations_below(group.path)).limit(1)) is not None:
            raise ConflictError(_("The group is not empty: move or delete what is in it first."))
        before = self._shown(group) | rights_on_group(self._session, group_id)
        self._audit.add(actor, "repository-group.delete", f"group:{group.path}", before=before)
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
            raise no_active_account("owner", name)
        return owner.user_id

    def _move(self, viewer: Viewer, group: RepositoryGroup, change: GroupChange) -> int:
        """Give the group the place and name that it shall have; the answer is how many repositories move with it."""
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
        return self._rename(old, parse_path(new)) if new != old else 0

    def _find_parent(self, viewer: Viewer, group: RepositoryGroup, path: str) -> RepositoryGroup | None:
        """The group that a group shall be moved into. Raises InvalidError, also for what the viewer may not see."""
        parent = self._groups.find_visible(viewer, path) if path else None
        parent_id = None if parent is None else parent.repository_group_id
        if path and parent_id is None:
            raise InvalidError(
                {"parent": _("there is no repository group '%(group)s'; choose one of the menu", group=path)}
            )
        if parent is not None and parent_id is not None:
            if group.repository_group_id in self._hold_around(viewer, parent_id):
                raise InvalidError({"parent": _("a group cannot lie in itself; choose another one")})
            now = self._session.scalar(select(Location.path).where(Location.repository_group_id == parent_id))
            if now != parent.path:
                raise _moved()
        try:
            self._groups.require_room(viewer, parent_id, Allowance.CREATE_REPOSITORY_GROUPS)
        except ForbiddenError as problem:
            raise InvalidError({"parent": _("you may not make groups there; choose one of the menu")}) from problem
        return parent

    def _hold_around(self, viewer: Viewer, group_id: int) -> list[int]:
        """A group and those that it lies in, which nobody moves until the commit.

        Else two who move groups into each other's at one moment would make a ring of them, which lies nowhere.
        """
        chain = [group_id, *self._permissions.tree(viewer).parent_ids(group_id)]
        ids = RepositoryGroup.repository_group_id
        self._session.execute(select(ids).where(ids.in_(chain)).order_by(ids).with_for_update()).all()
        self._permissions.forget()
        if chain != [group_id, *self._permissions.tree(viewer).parent_ids(group_id)]:
            raise _moved()
        return chain

    def _rename(self, old: str, new: str) -> int:
        """Give the group and all that lies in it the new path; the answer is how many repositories there are."""
        with unique(self._session, _("'%(path)s' exists already, as a repository or as a group.", path=new)):
            rows = self._hold_below(old)
            paths = {row: new + row.path[len(old) :] for row in rows}
            if max(map(len, paths.values())) > MAX_PATH:
                raise InvalidError({"name": _("the path of something in the group would be too long")})
            for row, path in paths.items():
                row.path, row.path_key = path, name_key(path)
        # the index knows repositories by their paths
        self._outbox.add(IndexRepositories())
        return sum(row.repository_id is not None for row in rows)

    def _hold_below(self, path: str) -> Sequence[Location]:
        """The group and all that lies in it, which nobody moves until the commit, and to which nothing comes.

        Whoever makes something in one of the groups holds its row. The statement that has waited for that does not see
        what was made meanwhile, so it is asked until it has held all that it finds.
        """
        mine = select(Location).where(locations_below(path, itself=True)).with_for_update()
        rows: Sequence[Location] = ()
        while len(now := self._session.scalars(mine).all()) != len(rows):
            rows = now
        return rows

    def _shown(self, group: RepositoryGroup) -> dict[str, object]:
        self._session.flush()
        owner = self._users.find_by_id(group.owner_id) if group.owner_id is not None else None
        name = owner.name if owner is not None else None
        return {"path": group.path, "owner": name, "description": group.description}


def _moved() -> ConflictError:
    return ConflictError(_("Somebody else has just moved these groups. Look again."))
