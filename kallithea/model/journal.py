"""What happened, for people: pushes, new repositories."""

import datetime

from sqlalchemy import ColumnElement, ForeignKey, Select, String, false, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key, storable
from kallithea.model.follower import followed_by
from kallithea.model.location import Location, locations_below
from kallithea.model.meta import Id, Long, Name, Table
from kallithea.model.repository import Repository
from kallithea.model.user import User


class JournalEntry(Table):
    """One event. Names are kept as they were, so that an entry outlives what it names. ``details`` is JSON text."""

    __tablename__ = "journal"

    journal_entry_id: Mapped[Id]
    at: Mapped[datetime.datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(40))
    repository_id: Mapped[int | None] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="SET NULL"), index=True
    )
    repository_path: Mapped[Name] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"), index=True)
    user_name: Mapped[Name]
    way: Mapped[str] = mapped_column(String(20))
    details: Mapped[Long] = mapped_column(default="{}")


#: An entry, the kind and the path of its repository as it is now, and whether that is private.
JournalTuple = tuple[JournalEntry, str | None, str | None, bool | None]


def journal_rows(*, lost: bool = False) -> Select[*JournalTuple]:
    """Of each entry a JournalTuple, newest first; ``lost``: also of those whose repository is gone."""
    return (
        select(JournalEntry, Repository.kind, Location.path, Repository.private)
        .join(Repository, Repository.repository_id == JournalEntry.repository_id, isouter=lost)
        .join(Location, Location.repository_id == Repository.repository_id, isouter=lost)
        .order_by(JournalEntry.journal_entry_id.desc())
    )


def concerns(user_id: int | None) -> ColumnElement[bool]:
    """Repositories that the user owns or follows; nobody has any."""
    if user_id is None:
        return false()
    return or_(Repository.owner_id == user_id, Repository.repository_id.in_(followed_by(user_id)))


def done_by(name: str) -> ColumnElement[bool]:
    """Entries of the user with this name, whatever its case, or of who had it at the time."""
    of_account = select(User.user_id).where(User.name_key == name_key(name)).scalar_subquery()
    return or_(JournalEntry.user_id == of_account, JournalEntry.user_name == storable(name))


def lies_at(path: str) -> ColumnElement[bool]:
    """Entries of the repository at the path, or of those in the group there; or of what was called so and is gone."""
    gone = JournalEntry.repository_id.is_(None) & (func.lower(JournalEntry.repository_path) == storable(path.lower()))
    return or_(gone, locations_below(path, itself=True))
