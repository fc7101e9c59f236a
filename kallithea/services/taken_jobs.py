"""The worker's side of the outbox: which job is taken by whom, and what became of it."""

import datetime
import logging
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kallithea.core.jobs import Job, PeriodicJob, Queue, parse_job
from kallithea.core.words import _, pack, pack_within
from kallithea.model.outbox import OutboxJob, OutboxState, due_queues, held_jobs, hold_longer, next_jobs, this_job

log = logging.getLogger(__name__)

_LONGEST_PROBLEM = 2000
#: A worker that has said nothing for so long is taken for dead: what it had is taken by others.
LEASE = datetime.timedelta(seconds=60)
#: Workers that may die or end one after the other with a job: each may have died of another one, or have been killed.
MOST_LOST = 25
_NO_END = _("It never came to an end: each time, its worker ended or its time was over.")
# As many workers as may take jobs of a queue at the same moment.
_CANDIDATES = 50
_UNKNOWN_AGAIN = datetime.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job in the hands of one worker. ``token`` is new for every taking; ``attempt`` counts from 1.

    ``request_id`` names the request that asked for it, where one did.
    """

    outbox_id: int
    token: str
    job: Job
    attempt: int
    request_id: str = ""

    @property
    def last(self) -> bool:
        """Whether the job is given up if this attempt fails."""
        return self.attempt >= self.job.attempts


class TakenJobs:
    """Takes jobs, keeps them, and notes their ends.

    A job is its taker's for ``LEASE`` and has to be kept by ``renew``. One that was not is taken again; its first taker
    then notes nothing.
    """

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def due_queues(self) -> set[Queue]:
        """The queues that have a job for the taking."""
        known = {queue.value for queue in Queue}
        return {Queue(name) for name in self._session.scalars(due_queues(self._now)) if name in known}

    def take(self, owner: str, queues: Collection[Queue]) -> TakenJob | None:
        """The next job of these queues, now the owner's, or None."""
        for outbox_id in self._session.scalars(
            next_jobs(self._now, [queue.value for queue in queues], _CANDIDATES)
        ).all():
            taken = self.take_this(owner, outbox_id)
            if taken is not None:
                return taken
        return None

    def take_this(self, owner: str, outbox_id: int) -> TakenJob | None:
        """The job of this number, now the owner's; None if it is done, not due, or somebody has it."""
        row = self._session.scalar(this_job(self._now, outbox_id))
        if row is None:
            return None
        taken = self._taken(row, owner)
        self._session.flush()
        return taken

    def renew(self, jobs: Iterable[TakenJob]) -> Mapping[str, bool]:
        """Keep the jobs. The answer has the tokens of those that are still theirs, and whether they were cancelled."""
        tokens = {taken.outbox_id: taken.token for taken in jobs}
        self._session.execute(hold_longer(tokens, self._now + LEASE))
        held = self._session.execute(held_jobs(tokens))
        return {token: bool(cancelled) for token, cancelled in held if token is not None}

    def finish(self, taken: TakenJob) -> bool:
        """Note that the job is done. False, and nothing is noted, if somebody else has it meanwhile."""
        row = self._still(taken)
        if row is not None:
            row.problem = ""
            self._end(row, OutboxState.DONE)
        return row is not None

    def fail(self, taken: TakenJob, problem: str, delay: datetime.timedelta) -> bool:
        """Note why the attempt failed; try again after ``delay``, or give up after the last. False as in ``finish``.

        A problem that is a text is stored as one, unless that is too long.
        """
        row = self._still(taken)
        if row is None:
            return False
        row.problem = pack_within(problem, _LONGEST_PROBLEM)
        if taken.last:
            self._bury(row, taken.job)
        else:
            row.due = self._now + delay
            row.taken_by = row.taken_until = row.handed_until = None
            self._wait_again(row, taken.job)
        return True

    def give_up(self, taken: TakenJob, problem: str) -> bool:
        """Note why the job has failed for good. False as in ``finish``."""
        row = self._still(taken)
        if row is not None:
            row.problem = pack_within(problem, _LONGEST_PROBLEM)
            self._bury(row, taken.job)
        return row is not None

    def give_back(self, taken: TakenJob, problem: str) -> bool:
        """Have the job run again at once, since its worker ends: that is no attempt. False as in ``finish``."""
        row = self._still(taken)
        if row is None:
            return False
        row.problem = pack_within(problem, _LONGEST_PROBLEM)
        row.lost += 1
        row.attempts -= 1
        row.due = self._now
        row.taken_by = row.taken_until = row.handed_until = None
        self._wait_again(row, taken.job)
        return True

    def _taken(self, row: OutboxJob, owner: str) -> TakenJob | None:
        try:
            job = parse_job(row.kind, row.arguments)
        except (KeyError, TypeError, ValueError):
            log.warning("job %d of the kind %s is not known to this version; left for another", row.outbox_id, row.kind)
            row.due = self._now + _UNKNOWN_AGAIN
            return None
        if row.taken_by is not None:
            self._note_lost(row, job)
        if row.attempts >= job.attempts or row.lost >= MOST_LOST:
            log.error("job %d (%s) is given up: it never came to an end", row.outbox_id, row.kind)
            row.problem = row.problem or pack(_NO_END)
            self._bury(row, job)
            return None
        row.attempts += 1
        row.taken_by = f"{owner[:60]} {secrets.token_hex(8)}"
        row.taken_until = self._now + LEASE
        # if this worker dies, the number is handed over as soon as that is known
        row.handed_until = None
        if not job.single:
            # what is asked for from now on may be missed by this run
            row.waiting_key = None
        return TakenJob(row.outbox_id, row.taken_by, job, row.attempts, row.request_id or "")

    def _note_lost(self, row: OutboxJob, job: Job) -> None:
        """Whoever had it has died; that is no attempt, but where a job gets only one."""
        row.lost += 1
        if job.attempts > 1:
            row.attempts -= 1

    def _still(self, taken: TakenJob) -> OutboxJob | None:
        return self._session.scalar(_held(taken))

    def _end(self, row: OutboxJob, state: str) -> None:
        row.state = state
        row.finished = self._now
        row.taken_by = row.taken_until = row.handed_until = row.waiting_key = None
        self._session.flush()

    def _bury(self, row: OutboxJob, job: Job) -> None:
        """It has failed for good. What fails again and again in its times is listed once."""
        self._end(row, OutboxState.DEAD)
        if isinstance(job, PeriodicJob):
            earlier = (OutboxJob.state == OutboxState.DEAD, OutboxJob.kind == row.kind)
            self._session.execute(delete(OutboxJob).where(*earlier, OutboxJob.outbox_id != row.outbox_id))

    def _wait_again(self, row: OutboxJob, job: Job) -> None:
        """One waiting job of a key is enough: a failed one gives way to an equal one that was asked for meanwhile."""
        self._session.flush()
        try:
            with self._session.begin_nested():
                row.waiting_key = job.key
        except IntegrityError:
            self._session.refresh(row)
            if isinstance(job, PeriodicJob):
                # its time came while it ran: that is no new cause
                other = update(OutboxJob).where(OutboxJob.waiting_key == job.key)
                self._session.execute(other.values(attempts=row.attempts, problem=row.problem))
            self._end(row, OutboxState.DONE)


def _held(taken: TakenJob) -> Select[OutboxJob]:
    return (
        select(OutboxJob)
        .where(
            OutboxJob.outbox_id == taken.outbox_id,
            OutboxJob.taken_by == taken.token,
            OutboxJob.state == OutboxState.WAITING,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
