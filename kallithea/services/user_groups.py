"""Groups of users."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.actor import NAMES_OF_OTHERS, Actor
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.names import name_key, parse_description, parse_group_name
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _
from kallithea.model.user import User, user_by_name
from kallithea.model.user_group import UserGroup, UserGroupMember, groups_with, members, user_group_by_name
from kallithea.services.allowances import Allowances
from kallithea.services.audit import Audit
from kallithea.services.ended_rights import rights_of_user_group
from kallithea.services.insertion import insert, unique
from kallithea.services.users import no_active_account


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

    def get_member(self, group: UserGroup, name: str) -> User:
        """The member with this name in whatever case. Raises NotFoundError, whether there is such an account or not."""
        mine = members(group.user_group_id).where(User.name_key == name_key(name))
        user = self._session.scalar(mine)
        if user is None:
            raise NotFoundError(_("%(user)s is not in %(group)s.", user=name, group=group.name))
        return user

    def list_of(self, user: User, *, limit: int = 500) -> Sequence[UserGroup]:
        """The groups that the user is in, in the order of their names."""
        return self._session.scalars(groups_with(user.user_id).limit(limit)).all()

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

        Raises InvalidError for the name and for an owner who is disabled, ConflictError if the name is taken,
        ForbiddenError.
        """
        _require_active(owner)
        if viewer is not None:
            self._allowances.require(viewer, Allowance.CREATE_USER_GROUPS)
        valid = parse_group_name(name)
        self._require_free(valid)
        group = UserGroup(
            name=valid,
            name_key=name_key(valid),
            description=parse_description(description),
            owner_id=None if owner is None else owner.user_id,
            active=True,
            created=self._now,
        )
        insert(self._session, group, _taken(valid))
        self._audit.add(actor, "user-group.create", _target(group), after=self._shown(group))
        return group

    def mark(self, group: UserGroup) -> str:
        """What stands for the group as it is, for ``update``."""
        return mark_of(self._shown(group))

    def update(self, actor: Actor, group: UserGroup, change: UserGroupChange, was: str | None = None) -> None:
        """Change a group, if it is what ``was`` is the mark of. Raises ConflictError if another has the name.

        Raises InvalidError for wrong values, and for a new owner who is disabled; ChangedMeanwhileError.
        """
        name, description = parse_group_name(change.name), parse_description(change.description)
        row = self._session.get(UserGroup, group.user_group_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise NotFoundError(_("There is no user group '%(name)s'.", name=group.name))
        if change.owner is not None and change.owner.user_id != row.owner_id:
            _require_active(change.owner)
        before = self._shown(row)
        if name_key(name) != row.name_key:
            self._require_free(name)
        with unique(self._session, _taken(name)):
            row.name, row.name_key, row.description = name, name_key(name), description
            row.owner_id = None if change.owner is None else change.owner.user_id
            row.active = change.active
        old, new = find_change(before, self._shown(row), was)
        if new:
            self._audit.add(actor, "user-group.update", f"user-group:{before['name']}", before=old, after=new)

    def delete(self, actor: Actor, group: UserGroup) -> None:
        """Delete the group, and with it what is granted to it."""
        before = self._shown(group) | rights_of_user_group(self._session, group.user_group_id)
        self._audit.add(actor, "user-group.delete", _target(group), before=before)
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

    def _require_free(self, name: str) -> None:
        """Raise ConflictError for a name by which the group could be taken for a person; see ``_taken``."""
        if name_key(name) in NAMES_OF_OTHERS or self._session.scalar(user_by_name(name)) is not None:
            raise ConflictError(_taken(name))

    def _shown(self, group: UserGroup) -> dict[str, object]:
        owner = None if group.owner_id is None else self._session.get(User, group.owner_id)
        return {
            "name": group.name,
            "description": group.description,
            "owner": None if owner is None else owner.name,
            "active": group.active,
        }


def _require_active(owner: User | None) -> None:
    if owner is not None and not owner.active:
        raise no_active_account("owner", owner.name)


def _taken(name: str) -> str:
    """The same for a group that is hidden, an account, and words that the audit log has for others."""
    return _("The name '%(name)s' is not free. Choose another one.", name=name)


def _target(group: UserGroup) -> str:
    return f"user-group:{group.name}"
