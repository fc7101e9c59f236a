"""Groups of users."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import Allowance
from kallithea.core.errors import NotFoundError
from kallithea.core.names import name_key, parse_description, parse_group_name
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember, members, user_group_by_name
from kallithea.services.allowances import Allowances
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert, unique


@dataclass(frozen=True, slots=True)
class UserGroupChange:
    """What a group is to be like. Without an owner, administrators of the site alone change it."""

    name: str
    description: str
    owner: User | None
    active: bool


class UserGroups:
    """Creates groups of users and changes who is in them."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit, allowances: Allowances) -> None:
        self._session = session
        self._now = now
        self._audit = audit
        self._allowances = allowances

    def find(self, name: str) -> UserGroup | None:
        """The group with this name in whatever case, or None."""
        return self._session.scalar(user_group_by_name(name))

    def get(self, name: str) -> UserGroup:
        """The group with this name in whatever case. Raises NotFoundError."""
        group = self.find(name)
        if group is None:
            raise NotFoundError(_("There is no user group '%(name)s'.", name=name))
        return group

    def list_(self, *, offset: int = 0, limit: int = 100) -> Sequence[UserGroup]:
        """Groups in the order of their names."""
        ordered = select(UserGroup).order_by(UserGroup.name_key).offset(offset).limit(limit)
        return self._session.scalars(ordered).all()

    def find_by_id(self, user_group_id: int) -> UserGroup | None:
        """The group with this id, or None."""
        return self._session.get(UserGroup, user_group_id)

    def list_members(self, group: UserGroup, *, offset: int = 0, limit: int = 100) -> Sequence[User]:
        """The group's members in the order of their names."""
        return self._session.scalars(members(group.user_group_id).offset(offset).limit(limit)).all()

    def create(
        self,
        actor: Actor,
        viewer: Viewer | None,
        *,
        name: str,
        description: str = "",
        owner: User | None = None,
    ) -> UserGroup:
        """Make an empty group, if that is allowed to the viewer; without one no rights are asked.

        Raises InvalidError for the name, ConflictError if it is taken, ForbiddenError.
        """
        if viewer is not None:
            self._allowances.require(viewer, Allowance.CREATE_USER_GROUPS)
        valid = parse_group_name(name)
        group = UserGroup(
            name=valid,
            name_key=name_key(valid),
            description=parse_description(description),
            owner_id=None if owner is None else owner.user_id,
            active=True,
            created=self._now,
        )
        insert(self._session, group, _taken(valid))
        self._audit.add(actor, "user-group.create", _target(group), after={"description": description})
        return group

    def update(self, actor: Actor, group: UserGroup, change: UserGroupChange) -> None:
        """Change a group. Raises InvalidError for wrong values, ConflictError if the name belongs to another group."""
        name, description = parse_group_name(change.name), parse_description(change.description)
        row = self._session.get(UserGroup, group.user_group_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise NotFoundError(_("There is no user group '%(name)s'.", name=group.name))
        before = self._shown(row)
        with unique(self._session, _taken(name)):
            row.name, row.name_key, row.description = name, name_key(name), description
            row.owner_id = None if change.owner is None else change.owner.user_id
            row.active = change.active
        after = self._shown(row)
        changed = [key for key in after if after[key] != before[key]]
        if changed:
            self._audit.add(
                actor,
                "user-group.update",
                f"user-group:{before['name']}",
                before={key: before[key] for key in changed},
                after={key: after[key] for key in changed},
            )

    def delete(self, actor: Actor, group: UserGroup) -> None:
        """Delete the group, and with it what is granted to it."""
        self._audit.add(actor, "user-group.delete", _target(group), before=self._shown(group))
        self._session.delete(group)
        self._session.flush()

    def add(self, actor: Actor, group: UserGroup, user: User) -> None:
        """Put the user into the group. Raises ConflictError if they are in it already."""
        member = UserGroupMember(user_group_id=group.user_group_id, user_id=user.user_id)
        insert(self._session, member, _("%(user)s is in %(group)s already.", user=user.name, group=group.name))
        self._audit.add(actor, "user-group.add", _target(group), after={"member": user.name})

    def remove(self, actor: Actor, group: UserGroup, user: User) -> None:
        """Take the user out of the group. Raises NotFoundError if they are not in it."""
        membership = delete(UserGroupMember).where(
            UserGroupMember.user_group_id == group.user_group_id, UserGroupMember.user_id == user.user_id
        )
        if self._session.scalar(membership.returning(UserGroupMember.user_id)) is None:
            raise NotFoundError(_("%(user)s is not in %(group)s.", user=user.name, group=group.name))
        self._audit.add(actor, "user-group.remove", _target(group), before={"member": user.name})

    def _shown(self, group: UserGroup) -> dict[str, object]:
        owner = None if group.owner_id is None else self._session.get(User, group.owner_id)
        return {
            "name": group.name,
            "description": group.description,
            "owner": None if owner is None else owner.name,
            "active": group.active,
        }


def _taken(name: str) -> str:
    return _("There is a user group '%(name)s' already.", name=name)


def _target(group: UserGroup) -> str:
    return f"user-group:{group.name}"
