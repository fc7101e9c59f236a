"""Jobs as those who administer the site look at them."""

import datetime
import enum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from kallithea.model.outbox import JobProgress, OutboxJob, OutboxState


class JobState(enum.StrEnum):
    """What has become of a job; LATER: it waits for its time, since it has failed or was asked for later."""

    RUNNING = "running"
    WAITING = "waiting"
    LATER = "later"
    FAILED = "failed"
    DONE = "done"


#: States of which those come first that were asked for first.
OLDEST_FIRST = (JobState.RUNNING, JobState.WAITING, JobState.LATER)


def list_jobs(
    state: JobState, queue: str, now: datetime.datetime, *, beyond: int | None, limit: int
) -> Select[OutboxJob, JobProgress]:
    """Jobs in this state, of all queues where it is empty, and how far they are; ``beyond`` is an id of such a job."""
    number = OutboxJob.outbox_id
    found = (
        select(OutboxJob, JobProgress)
        .outerjoin(JobProgress, JobProgress.outbox_id == number)
        .where(_condition(state, now))
        .order_by(number if state in OLDEST_FIRST else number.desc())
        .limit(limit)
    )
    if queue:
        found = found.where(OutboxJob.queue == queue)
    if beyond is not None:
        found = found.where(number > beyond if state in OLDEST_FIRST else number < beyond)
    return found


def count_jobs(now: datetime.datetime) -> Select[str, int]:
    """How many jobs there are in each state but DONE."""
    state = case(
        (OutboxJob.state == OutboxState.DEAD, JobState.FAILED.value),
        (_taken(now), JobState.RUNNING.value),
        (OutboxJob.due > now, JobState.LATER.value),
        else_=JobState.WAITING.value,
    )
    counted = select(state.label("state")).where(OutboxJob.state != OutboxState.DONE).subquery()
    return select(counted.c.state, func.count()).group_by(counted.c.state)


def waiting_queues(now: datetime.datetime, patience: datetime.timedelta) -> Select[str, datetime.datetime]:
    """The queues of which jobs have waited longer than this for somebody who takes them, and since when."""
    return (
        select(OutboxJob.queue, func.min(OutboxJob.due))
        .where(_condition(JobState.WAITING, now), OutboxJob.due < now - patience)
        .group_by(OutboxJob.queue)
    )


def living_queues(now: datetime.datetime, patience: datetime.timedelta) -> Select[str]:
    """The queues of which jobs run, or were finished lately."""
    lately = OutboxJob.finished >= now - patience
    return select(OutboxJob.queue).where(or_(_condition(JobState.RUNNING, now), lately)).distinct()


def state_of(row: OutboxJob, now: datetime.datetime) -> JobState:
    """The state of one job."""
    if row.state != OutboxState.WAITING:
        return JobState.DONE if row.state == OutboxState.DONE else JobState.FAILED
    if row.taken_until is not None and row.taken_until >= now:
        return JobState.RUNNING
    return JobState.LATER if row.due > now else JobState.WAITING


def _taken(now: datetime.datetime) -> ColumnElement[bool]:
    return OutboxJob.taken_until >= now


def _condition(state: JobState, now: datetime.datetime) -> ColumnElement[bool]:
    waiting = OutboxJob.state == OutboxState.WAITING
    free = or_(OutboxJob.taken_until.is_(None), OutboxJob.taken_until < now)
    match state:
        case JobState.RUNNING:
            return and_(waiting, _taken(now))
        case JobState.WAITING:
            return and_(waiting, free, OutboxJob.due <= now)
        case JobState.LATER:
            return and_(waiting, free, OutboxJob.due > now)
        case JobState.FAILED:
            return OutboxJob.state == OutboxState.DEAD
        case JobState.DONE:
            return OutboxJob.state == OutboxState.DONE
