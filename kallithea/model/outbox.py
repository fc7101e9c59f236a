"""Jobs that were asked for in the transactions of their causes, and how far each has come."""

import datetime

from sqlalchemy import ForeignKey, Index, Select, SmallInteger, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import TABLE_OPTIONS, Id, Long, Table


class OutboxState:
    """Values of OutboxJob.state."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class OutboxJob(Table):
    """A job. It is due from ``due`` on; while ``taken_until`` lies ahead, the worker named ``taken_by`` has it.

    ``key`` is unique among waiting jobs that nobody has taken; ``waiting_key`` holds it only for those, else NULL.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_next", "state", "due"), TABLE_OPTIONS)

    outbox_id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    queue: Mapped[str] = mapped_column(String(20))
    arguments: Mapped[Long]
    waiting_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    created: Mapped[datetime.datetime]
    due: Mapped[datetime.datetime]
    taken_by: Mapped[str | None] = mapped_column(String(100))
    taken_until: Mapped[datetime.datetime | None]
    finished: Mapped[datetime.datetime | None] = mapped_column(index=True)
    problem: Mapped[Long] = mapped_column(default="")


class JobProgress(Table):
    """How far a running job has come, for the page that shows it. ``log`` is bounded by ``services.progress``."""

    __tablename__ = "job_progress"

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.outbox_id", ondelete="CASCADE"), primary_key=True)
    percent: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[str] = mapped_column(String(200), default="")
    log: Mapped[Long] = mapped_column(default="")
    changed: Mapped[datetime.datetime]


def next_job(now: datetime.datetime) -> Select[tuple[OutboxJob]]:
    """The job that has been due longest and that nobody has; locked where the engine locks rows."""
    return (
        select(OutboxJob)
        .where(
            OutboxJob.state == OutboxState.WAITING,
            OutboxJob.due <= now,
            or_(OutboxJob.taken_until.is_(None), OutboxJob.taken_until < now),
        )
        .order_by(OutboxJob.due, OutboxJob.outbox_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
