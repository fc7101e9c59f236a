"""Jobs for later, stored in the transaction that asks for them."""

import datetime
from collections.abc import Iterable

from sqlalchemy.orm import Session

from kallithea.core.errors import ConflictError
from kallithea.core.jobs import AskedJob, Job, PeriodicJob
from kallithea.core.request_id import REQUEST_ID
from kallithea.core.words import _n
from kallithea.model.outbox import OutboxState, asked_count, insert_waiting, waiting_id
from kallithea.model.user import lock_user

#: Jobs that one user may wait for at a time: they take turns with those of all others.
MOST_ASKED = 10

_AT_ONCE = datetime.timedelta(0)


class Outbox:
    """Puts jobs into the outbox. Of equal jobs that wait and that no worker has begun, one is kept.

    Of those that are ``single`` it is also one that a worker has begun.

    ``added`` counts what workers are told of after this unit.
    """

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now
        self.added = 0

    def add(self, job: Job, *, delay: datetime.timedelta = _AT_ONCE) -> None:
        """Ask for a job, not before ``delay`` has passed."""
        self._add(job, self._now + delay, anew=True)

    def add_periodic(self, job: PeriodicJob) -> None:
        """Ask for a job because its time has come: that gives one that has failed no further attempts."""
        self._add(job, self._now, anew=False)

    def _add(self, job: Job, due: datetime.datetime, *, anew: bool) -> None:
        values = {
            "kind": type(job).__name__,
            "queue": job.queue.value,
            "arguments": job.arguments,
            "request_id": REQUEST_ID.get() or None,
            "asked_by": job.user_id if isinstance(job, AskedJob) else None,
            "waiting_key": job.key,
            "state": OutboxState.WAITING,
            "created": self._now,
            "due": due,
        }
        self._session.execute(insert_waiting(self._session.get_bind().dialect.name, values, due, anew=anew))
        self.added += 1

    def wake(self) -> None:
        """A job has become due in this unit: let workers know after the commit."""
        self.added += 1

    def add_asked(self, job: AskedJob) -> int:
        """Ask for a job that somebody waits for; the answer is the id of its task.

        Raises ConflictError where they wait for as many others as anybody may.
        """
        if job.user_id is not None:
            self._require_few(job, job.user_id)
        self.add(job)
        return self._session.scalars(waiting_id(job.key)).one()

    def find_asked(self, job: AskedJob) -> int | None:
        """The id of the equal task that would be the answer of ``add_asked``."""
        return self._session.scalar(waiting_id(job.key))

    def _require_few(self, job: AskedJob, user_id: int) -> None:
        # two requests at once are counted one after the other
        self._session.execute(lock_user(user_id))
        waiting = self._session.scalar(waiting_id(job.key))
        if waiting is None and (self._session.scalar(asked_count(user_id)) or 0) >= MOST_ASKED:
            words = _n(
                "You wait for %(count)s task already. Ask again when that is done.",
                "You wait for %(count)s tasks already. Ask again when one is done.",
                MOST_ASKED,
            )
            raise ConflictError(words)

    def add_all(self, jobs: Iterable[Job]) -> None:
        """Ask for several jobs. Always in one order, so that two units that ask for the same ones do not deadlock."""
        for job in sorted(jobs, key=lambda job: job.key):
            self.add(job)
