"""Accounts."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError
from kallithea.core.names import name_key, parse_email, parse_person_name, parse_user_name
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _
from kallithea.model.email_address import EmailAddress, user_by_email
from kallithea.model.user import User, user_by_name
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert, unique
from kallithea.services.user_sessions import UserSessions


@dataclass(frozen=True, slots=True)
class UserChange:
    """What an account is to be like; an empty ``email`` is none."""

    name: str
    email: str
    first_name: str
    last_name: str
    active: bool
    super_administrator: bool


class Users:
    """Finds, creates and changes accounts. Passwords come in as hashes: hashing is slow and done outside of units.

    ``passwords_only``: nobody signs in without one.
    """

    def __init__(
        self,
        session: Session,
        now: datetime.datetime,
        audit: Audit,
        user_sessions: UserSessions,
        *,
        passwords_only: bool,
    ) -> None:
        self._session = session
        self._now = now
        self._audit = audit
        self._user_sessions = user_sessions
        self._passwords_only = passwords_only

    def find(self, name: str) -> User | None:
        """The user with this name in whatever case, or None."""
        return self._session.scalar(user_by_name(name))

    def find_by_id(self, user_id: int) -> User | None:
        """The user with this id, or None."""
        return self._session.get(User, user_id)

    def get_by_id(self, user_id: int) -> User:
        """The user with this id. Raises NotFoundError."""
        user = self.find_by_id(user_id)
        if user is None:
            raise NotFoundError(_("This account is gone."))
        return user

    def get(self, name: str) -> User:
        """The user with this name in whatever case. Raises NotFoundError."""
        user = self.find(name)
        if user is None:
            raise NotFoundError(_("There is no user '%(name)s'.", name=name))
        return user

    def known_names(self, names: Collection[str]) -> set[str]:
        """Those of the names that a user has in whatever case."""
        by_key = {name_key(name): name for name in names}
        return {by_key[key] for key in self._session.scalars(select(User.name_key).where(User.name_key.in_(by_key)))}

    def list_(self, *, offset: int = 0, limit: int = 100) -> Sequence[User]:
        """Users in the order of their names."""
        return self._session.scalars(select(User).order_by(User.name_key).offset(offset).limit(limit)).all()

    def count(self) -> int:
        """Number of accounts, disabled ones included."""
        return self._session.scalar(select(func.count()).select_from(User)) or 0

    def create(  # noqa: PLR0913  # the columns of a row
        self,
        actor: Actor,
        *,
        name: str,
        password_hash: str | None = None,
        email: str | None = None,
        first_name: str = "",
        last_name: str = "",
        super_administrator: bool = False,
        active: bool = True,
    ) -> User:
        """Make an account; without a password nobody can sign in to it with one.

        Raises InvalidError for wrong values, ConflictError if the name or the address belongs to another account.
        """
        wanted = UserChange(name, email or "", first_name, last_name, active, super_administrator)
        columns = _parse_columns(wanted)
        self._require_free(columns["email"], None, name)
        user = User(**columns, password_hash=password_hash, password_version=0, created=self._now)
        insert(self._session, user, _taken(name))
        self._audit.add(actor, "user.create", _target(user), after=_shown(user))
        return user

    def mark(self, user: User) -> str:
        """What stands for the account as it is, for ``update``."""
        return mark_of(_shown(user))

    def update(self, actor: Actor, user: User, change: UserChange, was: str | None = None) -> None:
        """Change an account, if it is what ``was`` is the mark of; one that is disabled is signed out everywhere.

        Raises InvalidError for wrong values, ConflictError if the name or the address belongs to another account, and
        if nobody would be left who administers the site; ChangedMeanwhileError.
        """
        columns = _parse_columns(change)
        row = self.get_locked(user)
        before = _shown(row)
        if not (change.active and change.super_administrator):
            self.require_another_administrator(row)
        self._require_free(columns["email"], row.user_id, change.name)
        with unique(self._session, _taken(change.name)):
            for column, value in columns.items():
                setattr(row, column, value)
        old, new = find_change(before, _shown(row), was)
        if not row.active:
            self._user_sessions.end_all(row.user_id)
        if new:
            self._audit.add(actor, "user.update", f"user:{before['name']}", before=old, after=new)

    def require_another_administrator(self, user: User) -> None:
        """Raise ConflictError if this is the only account that is active, administers the site, and can sign in."""
        columns = select(User.user_id, User.password_hash.is_not(None))
        administrators = columns.where(User.active, User.super_administrator).order_by(User.user_id)
        # whoever takes the right from another one at this moment waits
        rows = self._session.execute(administrators.with_for_update()).all()
        able = [user_id for user_id, has_password in rows if has_password or not self._passwords_only]
        if (able or [user_id for user_id, _has_password in rows]) == [user.user_id]:
            words = _("%(name)s is the only account that administers this site and can sign in.", name=user.name)
            raise ConflictError(words)

    def set_password_hash(self, actor: Actor, user: User, password_hash: str, *, instead_of: int | None = None) -> None:
        """Give the user a new password and end all their web sessions.

        Raises ConflictError if the password's version is another than ``instead_of``, which None does not ask.
        """
        row = self.get_locked(user)
        if instead_of not in (None, row.password_version):
            raise ConflictError(_("The password has just been changed. Sign in again."))
        row.password_hash = password_hash
        row.password_version += 1
        self._user_sessions.end_all(row.user_id)
        self._audit.add(actor, "user.set-password", _target(row))

    def renew_hash(self, user_id: int, before: str, after: str) -> None:
        """Store the same password under a better hash, unless the password has changed meanwhile."""
        user = self._session.get(User, user_id, with_for_update=True)
        if user is not None and user.password_hash == before:
            user.password_hash = after

    def disable(self, actor: Actor, user: User) -> None:
        """Refuse the user from now on, in every process: their web sessions end, their tokens are not accepted."""
        self._set_active(actor, user, active=False)
        self._user_sessions.end_all(user.user_id)

    def enable(self, actor: Actor, user: User) -> None:
        """Admit a disabled user again."""
        self._set_active(actor, user, active=True)

    def _set_active(self, actor: Actor, user: User, *, active: bool) -> None:
        row = self.get_locked(user)
        if not active:
            self.require_another_administrator(row)
        before = row.active
        row.active = active
        action = "user.enable" if active else "user.disable"
        self._audit.add(actor, action, _target(row), before={"active": before}, after={"active": active})

    def _require_free(self, address: str | None, user_id: int | None, name: str) -> None:
        """Raise ConflictError if the address is a first or a further one of another account.

        A further one of the account itself is about to become its first, and is no further one from then on.
        """
        if address is None:
            return
        owner = self._session.scalar(user_by_email(address))
        if owner is not None and owner.user_id != user_id:
            raise ConflictError(_taken(name))
        if owner is not None:
            self._session.execute(delete(EmailAddress).where(EmailAddress.email_key == name_key(address)))

    def get_locked(self, user: User) -> User:
        """The user's row as it is now, whichever unit ``user`` comes from; nobody else changes it until the commit."""
        row = self.find_locked(user.user_id)
        if row is None:
            raise NotFoundError(_("This account is gone."))
        return row

    def find_locked(self, user_id: int) -> User | None:
        """The same, or None where there is no such account any more."""
        return self._session.get(User, user_id, populate_existing=True, with_for_update=True)


def no_active_account(field: str, name: str) -> InvalidError:
    """What to say of a name in a field that nobody has, or a disabled account: the two are not told apart."""
    return InvalidError({field: _("write the name of an active account; '%(name)s' is none", name=name)})


def _parse_columns(change: UserChange) -> dict[str, Any]:
    """The columns of an account. Raises InvalidError for wrong values."""
    address = parse_email(change.email) if change.email else None
    return {
        "name": parse_user_name(change.name),
        "name_key": name_key(change.name),
        "email": address,
        "email_key": None if address is None else name_key(address),
        "first_name": parse_person_name(change.first_name, "first_name"),
        "last_name": parse_person_name(change.last_name, "last_name"),
        "active": change.active,
        "super_administrator": change.super_administrator,
    }


def _taken(name: str) -> str:
    return _("Another account has the name '%(name)s' or the same e-mail address.", name=name)


def _target(user: User) -> str:
    return f"user:{user.name}"


def _shown(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "active": user.active,
        "super_administrator": user.super_administrator,
    }
