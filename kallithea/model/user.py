"""People with an account."""

import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key
from kallithea.model.meta import Id, Key, Long, Name, Table


class User(Table):
    """An account. ``password_version`` grows with each change of the password and ends what was verified before.

    ``language`` is a tag such as ``pt-BR``, ``time_zone`` a name such as ``Europe/Paris``; empty where none was chosen.
    ``networks`` are those from which the account is used, as ``core.allow_lists`` has it.
    """

    __tablename__ = "users"

    user_id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[Key] = mapped_column(unique=True)
    email: Mapped[Name | None]
    email_key: Mapped[Key | None] = mapped_column(unique=True)
    first_name: Mapped[Name] = mapped_column(default="")
    last_name: Mapped[Name] = mapped_column(default="")
    password_hash: Mapped[Name | None]
    password_version: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    super_administrator: Mapped[bool] = mapped_column(default=False)
    language: Mapped[Name] = mapped_column(default="")
    time_zone: Mapped[Name] = mapped_column(default="")
    networks: Mapped[Long | None]
    created: Mapped[datetime.datetime]

    @property
    def full_name(self) -> str:
        """First and last name, or the account's name where neither is known."""
        return full_name(self.name, self.first_name, self.last_name)


def full_name(name: str, first_name: str, last_name: str) -> str:
    """First and last name, or the account's name where neither is known."""
    return f"{first_name} {last_name}".strip() or name


def user_by_name(name: str) -> Select[User]:
    """The user with this name, whatever its case."""
    return select(User).where(User.name_key == name_key(name))


def lock_user(user_id: int) -> Select[int]:
    """The user's id; until the transaction ends, others that ask for it so wait."""
    return select(User.user_id).where(User.user_id == user_id).with_for_update()


def active_administrators(limit: int) -> Select[User]:
    """Accounts that administer the site and may sign in, by name."""
    return select(User).where(User.active, User.super_administrator).order_by(User.name_key).limit(limit)
