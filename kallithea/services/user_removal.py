"""Deleting accounts, and what becomes of what they own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError
from kallithea.core.words import _
from kallithea.model.follower import Follower
from kallithea.model.grant import Grant
from kallithea.model.location import Location
from kallithea.model.meta import Table
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.token import Token
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember
from kallithea.services.audit import Audit
from kallithea.services.ended_rights import rights_of_user
from kallithea.services.users import Users

#: Names of each kind that are shown.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Owned:
    """What an account owns of one kind: how many, and the first names of them in their order."""

    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Belongings:
    """What an account owns, which needs an heir, and what ends with it."""

    repositories: Owned
    repository_groups: Owned
    user_groups: Owned
    tokens: int
    grants: int
    memberships: int
    followed: int

    @property
    def needs_heir(self) -> bool:
        """Whether somebody has to own what the account owns."""
        return any(owned.count for owned in (self.repositories, self.repository_groups, self.user_groups))


class UserRemoval:
    """Tells what belongs to an account, and deletes it. What people did keeps their name in journal and audit."""

    def __init__(self, session: Session, users: Users, audit: Audit) -> None:
        self._session = session
        self._users = users
        self._audit = audit

    def belongings(self, user: User) -> Belongings:
        """What becomes of what, if the account is deleted."""
        user_id = user.user_id
        return Belongings(
            self._owned(_repositories_of(user_id)),
            self._owned(_repository_groups_of(user_id)),
            self._owned(_user_groups_of(user_id)),
            self._count(Token, Token.user_id == user_id),
            self._count(Grant, Grant.user_id == user_id),
            self._count(UserGroupMember, UserGroupMember.user_id == user_id),
            self._count(Follower, Follower.user_id == user_id),
        )

    def delete(self, actor: Actor, user: User, heir: User | None) -> None:
        """Delete the account; what it owns is the heir's.

        Raises InvalidError if it owns something and the heir is missing, disabled, or the account itself; and
        ConflictError if nobody would be left who administers the site, or if the actor would delete themselves.
        """
        if actor.user_id == user.user_id:
            raise ConflictError(_("Nobody deletes the account that they are signed in with."))
        self._users.require_another_administrator(user)
        owned = [
            *(("repository", path) for _id, path in self._session.execute(_repositories_of(user.user_id))),
            *(("group", path) for _id, path in self._session.execute(_repository_groups_of(user.user_id))),
            *(("user-group", name) for _id, name in self._session.execute(_user_groups_of(user.user_id))),
        ]
        if owned:
            self._hand_over(actor, user, _require_heir(user, heir), owned)
        tokens = list(self._session.scalars(select(Token.prefix).where(Token.user_id == user.user_id)))
        ended = {"tokens": tokens, **rights_of_user(self._session, user.user_id)}
        before = {"name": user.name, "email": user.email, **ended}
        self._audit.add(actor, "user.delete", f"user:{user.name}", before=before)
        self._session.delete(user)
        self._session.flush()

    def _hand_over(self, actor: Actor, user: User, heir: User, owned: Sequence[tuple[str, str]]) -> None:
        for table in (Repository, RepositoryGroup, UserGroup):
            owner_id: Any = table.owner_id
            self._session.execute(update(table).where(owner_id == user.user_id).values(owner_id=heir.user_id))
        for kind, name in owned:
            action = "repository-group.update" if kind == "group" else f"{kind}.update"
            before, after = {"owner": user.name}, {"owner": heir.name}
            self._audit.add(actor, action, f"{kind}:{name}", before=before, after=after)

    def _owned(self, rows: Any) -> Owned:
        names = self._session.execute(rows.limit(_SHOWN)).all()
        count = self._session.scalar(select(func.count()).select_from(rows.order_by(None).subquery()))
        return Owned(count or 0, tuple(name for _id, name in names))

    def _count(self, table: type[Table], condition: Any) -> int:
        return self._session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _require_heir(user: User, heir: User | None) -> User:
    if heir is None:
        raise InvalidError(
            {"heir": _("%(name)s owns something: name the account that owns it from then on", name=user.name)}
        )
    if heir.user_id == user.user_id or not heir.active:
        raise InvalidError({"heir": _("choose another account, one that is active")})
    return heir


def _repositories_of(user_id: int) -> Any:
    rows = select(Repository.repository_id, Location.path).join(Repository.location)
    return rows.where(Repository.owner_id == user_id).order_by(Location.path_key)


def _repository_groups_of(user_id: int) -> Any:
    rows = select(RepositoryGroup.repository_group_id, Location.path).join(RepositoryGroup.location)
    return rows.where(RepositoryGroup.owner_id == user_id).order_by(Location.path_key)


def _user_groups_of(user_id: int) -> Any:
    rows = select(UserGroup.user_group_id, UserGroup.name)
    return rows.where(UserGroup.owner_id == user_id).order_by(UserGroup.name_key)
