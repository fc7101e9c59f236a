"""Groups of users."""

import datetime
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError
from kallithea.core.names import name_key, parse_description, parse_group_name
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember, members, user_group_by_name
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert


class UserGroups:
    """Creates groups of users and changes who is in them."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._audit = audit

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

    def list_members(self, group: UserGroup, *, offset: int = 0, limit: int = 100) -> Sequence[User]:
        """The group's members in the order of their names."""
        return self._session.scalars(members(group.user_group_id).offset(offset).limit(limit)).all()

    def create(self, actor: Actor, *, name: str, description: str = "", owner: User | None = None) -> UserGroup:
        """Make an empty group. Raises InvalidError for the name, ConflictError if it is taken."""
        valid = parse_group_name(name)
        group = UserGroup(
            name=valid,
            name_key=name_key(valid),
            description=parse_description(description),
            owner_id=None if owner is None else owner.user_id,
            active=True,
            created=self._now,
        )
        insert(self._session, group, _("There is a user group '%(name)s' already.", name=valid))
        self._audit.add(actor, "user-group.create", _target(group), after={"description": description})
        return group

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


def _target(group: UserGroup) -> str:
    return f"user-group:{group.name}"
