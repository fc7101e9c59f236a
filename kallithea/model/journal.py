"""What happened, for people: pushes, new repositories."""

import datetime
from collections.abc import Iterable

from sqlalchemy import ColumnElement, ForeignKey, Select, String, and_, false, func, or_, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key, storable
from kallithea.model.follower import followed_by
from kallithea.model.location import Location, locations_below
from kallithea.model.meta import Id, Long, Name, Table
from kallithea.model.repository import Repository
from kallithea.model.user import User

#: Who may read whatever there is, as a subject.
ADMINISTRATORS = "administrators"


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


class JournalReader(Table):
    """Whom an entry is for once its repository is gone. ``subject_key`` is that of ``model.grant``.

    ``reads``: the subject could read the repository. ``concerned``: it was an account that owned or followed it.
    ADMINISTRATORS are a subject here.
    """

    __tablename__ = "journal_readers"

    journal_entry_id: Mapped[int] = mapped_column(
        ForeignKey("journal.journal_entry_id", ondelete="CASCADE"), primary_key=True
    )
    subject_key: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    reads: Mapped[bool]
    concerned: Mapped[bool]


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


def left_to(subject_keys: Iterable[str], concerned_key: str | None = None) -> ColumnElement[bool]:
    """Entries of repositories that are gone and that one of these subjects could read.

    With ``concerned_key``, of those that this account owned or followed.
    """
    entry_id = JournalEntry.journal_entry_id
    found = [
        JournalEntry.repository_id.is_(None),
        entry_id.in_(_left(JournalReader.reads.is_(True), JournalReader.subject_key.in_(sorted(subject_keys)))),
    ]
    if concerned_key is not None:
        concerned = _left(JournalReader.concerned.is_(True), JournalReader.subject_key == concerned_key)
        found.append(entry_id.in_(concerned))
    return and_(*found)


def newest_of(limit: int, *lists: Select[*JournalTuple]) -> Select[*JournalTuple]:
    """The first of several lists together. Each is found in its own way, which no database does where OR joins them."""
    firsts = [rows.with_only_columns(JournalEntry.journal_entry_id).limit(limit).subquery() for rows in lists]
    found = union_all(*(select(first.c.journal_entry_id) for first in firsts)).subquery()
    return journal_rows(lost=True).where(JournalEntry.journal_entry_id.in_(select(found.c.journal_entry_id)))


def _left(*conditions: ColumnElement[bool]) -> Select[int]:
    return select(JournalReader.journal_entry_id).where(*conditions)


def done_by(name: str) -> ColumnElement[bool]:
    """Entries of the user with this name, whatever its case, or of who had it at the time."""
    of_account = select(User.user_id).where(User.name_key == name_key(name)).scalar_subquery()
    return or_(JournalEntry.user_id == of_account, JournalEntry.user_name == storable(name))


def lies_at(path: str) -> ColumnElement[bool]:
    """Entries of the repository at the path, or of those in the group there; or of what was called so and is gone."""
    called, name = func.lower(JournalEntry.repository_path), storable(path.lower())
    at_path = or_(called == name, called.startswith(f"{name}/", autoescape=True))
    gone = JournalEntry.repository_id.is_(None) & at_path
    return or_(gone, locations_below(path, itself=True))
