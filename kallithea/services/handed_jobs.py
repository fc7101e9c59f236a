"""Jobs whose numbers a message broker has. The outbox stays the truth: what a broker loses is handed over again."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from kallithea.core.jobs import JOBS
from kallithea.model.outbox import OutboxJob, jobs_to_hand_over

#: Time that a broker gets for a job that has only just become due, and for one that waits for long already.
_SHORTEST = datetime.timedelta(seconds=60)
_LONGEST = datetime.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class HandedJob:
    """The number of a job, its queue, and the seconds after which a process that runs it does not live any more."""

    outbox_id: int
    queue: str
    seconds: int | None


class HandedJobs:
    """Chooses what a broker gets, and takes it back where the broker did not get it."""

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def are_due(self) -> bool:
        """Whether there is a job to hand over. Locks nothing."""
        return self._session.scalar(jobs_to_hand_over(self._now, 1, locked=False)) is not None

    def choose(self, limit: int) -> Sequence[HandedJob]:
        """Jobs that nobody else hands over from now on, until it is their turn again.

        A number that no worker has taken in time is handed over again: first after a minute, then after twice as long
        each time. So a broker whose workers are away for days does not fill up.
        """
        rows = self._session.scalars(jobs_to_hand_over(self._now, limit)).all()
        for row in rows:
            row.handed_until = self._now + max(_SHORTEST, min(self._now - row.due, _LONGEST))
        self._session.flush()
        return [HandedJob(row.outbox_id, row.queue, _seconds(row.kind)) for row in rows]

    def take_back(self, outbox_ids: Collection[int]) -> None:
        """The broker did not get these: their turn is now."""
        self._session.execute(
            update(OutboxJob).where(OutboxJob.outbox_id.in_(outbox_ids)).values(handed_until=None),
            execution_options={"synchronize_session": False},
        )


def _seconds(kind: str) -> int | None:
    job = JOBS.get(kind)
    return int(job.time_limit + job.grace) if job is not None else None
