"""Of which events people are told, and how."""

import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import TABLE_OPTIONS, Id, Table


class Notification(Table):
    """That a user is told of an event. It gives no right to read it: lists and mails ask for that right each time.

    ``reason`` is one of ``core.watching.Reason``; ``read`` is when they marked it so, ``mailed`` when a mail told of
    it.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "journal_entry_id"),
        Index("ix_notifications_unread", "user_id", "read"),
        TABLE_OPTIONS,
    )

    notification_id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    journal_entry_id: Mapped[int] = mapped_column(
        ForeignKey("journal.journal_entry_id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime.datetime] = mapped_column(index=True)
    read: Mapped[datetime.datetime | None]
    mailed: Mapped[datetime.datetime | None]


class MailChoice(Table):
    """How often mails tell a user of events: one of ``core.watching.MailSchedule``. Who has none is told at once.

    ``digested`` is when the last mail with many events was asked for.
    """

    __tablename__ = "mail_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True)
    schedule: Mapped[str] = mapped_column(String(10))
    digested: Mapped[datetime.datetime]
