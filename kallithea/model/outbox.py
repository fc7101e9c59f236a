"""Jobs that were asked for in the transactions of their causes, and how far each has come."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    and_,
    case,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import TABLE_OPTIONS, Id, Long, Table
from kallithea.model.upsert import insert_or_change

_FAILED_AGAIN = datetime.timedelta(minutes=1)


class OutboxState:
    """Values of OutboxJob.state."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class OutboxJob(Table):
    """A job. It is due from ``due`` on; while ``taken_until`` lies ahead, the worker named ``taken_by`` has it.

    Whoever has it moves ``taken_until`` ahead again and again. Until ``handed_until`` a message broker has its number.

    ``lost`` counts the workers that had it and were never heard of again, or ended before it did, which ``attempts``
    does not.

    ``key`` is unique among waiting jobs that nobody has taken, and that of a ``single`` one among those that have not
    ended; ``waiting_key`` holds it only for those, else NULL.
    ``asked_by`` is the id of the user who waits for it, if somebody does. ``request_id`` names the request that asked
    for it first, for logs.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_next", "state", "due"),
        Index("ix_outbox_state", "state", "outbox_id"),
        TABLE_OPTIONS,
    )

    outbox_id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    queue: Mapped[str] = mapped_column(String(20))
    arguments: Mapped[Long]
    waiting_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    asked_by: Mapped[int | None] = mapped_column(index=True)
    request_id: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    lost: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    created: Mapped[datetime.datetime]
    due: Mapped[datetime.datetime]
    taken_by: Mapped[str | None] = mapped_column(String(100))
    taken_until: Mapped[datetime.datetime | None]
    handed_until: Mapped[datetime.datetime | None]
    finished: Mapped[datetime.datetime | None] = mapped_column(index=True)
    problem: Mapped[Long] = mapped_column(default="")


class JobProgress(Table):
    """How far a running job has come, for the page that shows it. ``log`` is bounded by ``services.progress``.

    ``cancelled``: whoever asked for the job wants it no more. ``steps`` and ``detail`` are JSON objects, or empty: when
    each step began, by its name, in seconds since 1970; and how much of the present one is done.
    """

    __tablename__ = "job_progress"

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.outbox_id", ondelete="CASCADE"), primary_key=True)
    percent: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[str] = mapped_column(String(200), default="")
    log: Mapped[Long] = mapped_column(default="")
    changed: Mapped[datetime.datetime]
    cancelled: Mapped[bool] = mapped_column(default=False, server_default=false())
    steps: Mapped[str] = mapped_column(String(500), default="", server_default="")
    detail: Mapped[str] = mapped_column(String(200), default="", server_default="")


def next_jobs(now: datetime.datetime, queues: Collection[str], limit: int) -> Select[int]:
    """Ids of jobs of these queues that nobody has, the one due longest first.

    Not locked: MariaDB would lock all that it passes on its way to the first, those of other queues, too.
    """
    return (
        select(OutboxJob.outbox_id)
        .where(OutboxJob.queue.in_(queues), _due(now))
        .order_by(OutboxJob.due, OutboxJob.outbox_id)
        .limit(limit)
    )


def this_job(now: datetime.datetime, outbox_id: int) -> Select[OutboxJob]:
    """The job of this id, if it is due and nobody has it; locked where the engine locks rows."""
    return select(OutboxJob).where(OutboxJob.outbox_id == outbox_id, _due(now)).with_for_update(skip_locked=True)


def jobs_to_hand_over(now: datetime.datetime, limit: int, *, locked: bool = True) -> Select[OutboxJob]:
    """Jobs that are due, that nobody has, and whose numbers no broker has; the one due longest first."""
    found = (
        select(OutboxJob)
        .where(_due(now), or_(OutboxJob.handed_until.is_(None), OutboxJob.handed_until < now))
        .order_by(OutboxJob.due, OutboxJob.outbox_id)
        .limit(limit)
    )
    return found.with_for_update(skip_locked=True) if locked else found


def held_jobs(tokens: Mapping[int, str]) -> Select[str | None, bool]:
    """By which tokens these jobs are still held, and whether somebody has cancelled them."""
    return (
        select(OutboxJob.taken_by, JobProgress.cancelled)
        .outerjoin(JobProgress, JobProgress.outbox_id == OutboxJob.outbox_id)
        .where(
            OutboxJob.outbox_id.in_(tokens),
            OutboxJob.taken_by.in_(tokens.values()),
            OutboxJob.state == OutboxState.WAITING,
        )
    )


def hold_longer(tokens: Mapping[int, str], until: datetime.datetime) -> Executable:
    """Move the end of being taken ahead, for those that are still held by these tokens.

    One that has ended is held by nobody. MariaDB, asked for the state, too, locks entries of its index before the jobs
    themselves: against the order of whoever ends one, so that one of both is rolled back.
    """
    return (
        update(OutboxJob)
        .where(OutboxJob.outbox_id.in_(tokens), OutboxJob.taken_by.in_(tokens.values()))
        .values(taken_until=until)
        .execution_options(synchronize_session=False)
    )


def waiting_id(key: str) -> Select[int]:
    """Id of the waiting job of this key that nobody has taken, or of a ``single`` one that has not ended."""
    return select(OutboxJob.outbox_id).where(OutboxJob.waiting_key == key)


def waiting_arguments(kind: str) -> Select[str]:
    """The arguments of all jobs of the kind that are not done, as JSON text."""
    return select(OutboxJob.arguments).where(OutboxJob.kind == kind, OutboxJob.state == OutboxState.WAITING)


def asked_count(user_id: int) -> Select[int]:
    """How many jobs the user waits for."""
    return select(func.count()).where(OutboxJob.asked_by == user_id, OutboxJob.state == OutboxState.WAITING)


def asked_jobs(user_id: int, limit: int) -> Select[OutboxJob, JobProgress | None]:
    """The jobs that the user has asked for and how far they are, the last one first."""
    return (
        select(OutboxJob, JobProgress)
        .outerjoin(JobProgress, JobProgress.outbox_id == OutboxJob.outbox_id)
        .where(OutboxJob.asked_by == user_id)
        .order_by(OutboxJob.outbox_id.desc())
        .limit(limit)
    )


def due_queues(now: datetime.datetime) -> Select[str]:
    """The queues that have a job for the taking."""
    return select(OutboxJob.queue).where(_due(now)).distinct()


def insert_waiting(dialect: str, values: dict[str, Any], due: datetime.datetime, *, anew: bool) -> Executable:
    """Insert a waiting job, or let an equal one that waits become due no later than ``due``.

    An equal job is written in either case, which locks its row: a worker cannot take it before this transaction, whose
    changes it shall see, has ended. One that waits because it failed is tried again no later than _FAILED_AGAIN after
    ``due``, and ``anew``, for a new cause, gets all its attempts.
    """
    again = due + _FAILED_AGAIN
    sooner = case(
        (and_(OutboxJob.problem == "", OutboxJob.due > due), due),
        (OutboxJob.due > again, again),
        else_=OutboxJob.due,
    )
    attempts = [("attempts", 0)] if anew else []
    return insert_or_change(dialect, OutboxJob, values, "waiting_key", [("due", sooner), *attempts])


def _due(now: datetime.datetime) -> ColumnElement[bool]:
    return and_(
        OutboxJob.state == OutboxState.WAITING,
        OutboxJob.due <= now,
        or_(OutboxJob.taken_until.is_(None), OutboxJob.taken_until < now),
    )
