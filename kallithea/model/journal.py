"""What happened, for people: pushes, new repositories."""

import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Id, Long, Name, Table


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
