"""Where repositories were imported from, and are pulled from again."""

import datetime

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Id, Long, Name, Table


class Remote(Table):
    """A repository elsewhere; ``address`` is without credentials.

    ``repository_id`` is NULL while the repository is still being imported. ``credentials`` are sealed by
    ``services.sealing``, NULL where none are needed; ``entered_by`` is the account that has entered them, by its id
    and the name that it had, NULL and empty where nobody has noted it. ``schedule`` is a ``core.schedules.Schedule``,
    and ``due`` when it asks for the next pull. ``pulled`` is when the last pull that succeeded had ended, ``tried``
    when the last one had, ``problem`` why that failed, as ``core.words.pack`` writes it, and ``note`` as JSON what it
    left alone: names of refs and why, packed like that.
    """

    __tablename__ = "remotes"

    remote_id: Mapped[Id]
    repository_id: Mapped[int | None] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), unique=True
    )
    address: Mapped[Long]
    credentials: Mapped[bytes | None]
    # no reference: whose they are must be known when the account is gone
    entered_by_id: Mapped[int | None]
    entered_by: Mapped[Name] = mapped_column(default="", server_default="")
    schedule: Mapped[str] = mapped_column(String(10))
    due: Mapped[datetime.datetime | None] = mapped_column(index=True)
    created: Mapped[datetime.datetime]
    pulled: Mapped[datetime.datetime | None]
    tried: Mapped[datetime.datetime | None]
    problem: Mapped[Long] = mapped_column(default="")
    note: Mapped[Long] = mapped_column(default="")


def remote_of(repository_id: int) -> Select[Remote]:
    """The remote of a repository, if it has one."""
    return select(Remote).where(Remote.repository_id == repository_id)


def due_remotes(now: datetime.datetime, limit: int) -> Select[Remote]:
    """Remotes that are to be pulled from, those first that have waited longest; locked where the engine locks rows."""
    return (
        select(Remote)
        .where(Remote.due <= now, Remote.repository_id.is_not(None))
        .order_by(Remote.due, Remote.remote_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def pending_ids() -> Select[int]:
    """Ids of remotes whose repository is not there yet."""
    return select(Remote.remote_id).where(Remote.repository_id.is_(None))
