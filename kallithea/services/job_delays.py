"""Whether jobs wait for a worker that does not come."""

import datetime

from sqlalchemy.orm import Session

from kallithea.model.outbox_list import living_queues, waiting_queues

#: Longer than it takes to notice that a worker has died, and to start another.
PATIENCE = datetime.timedelta(seconds=120)


class JobDelays:
    """Looks at what waits. A queue whose jobs run, or have just been done, has a worker, however long it is."""

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def find(self) -> datetime.datetime | None:
        """Since when jobs wait that nobody takes; None where all is well."""
        waiting = dict(self._session.execute(waiting_queues(self._now, PATIENCE)).all())
        if not waiting:
            return None
        living = set(self._session.scalars(living_queues(self._now, PATIENCE)))
        return min((due for queue, due in waiting.items() if queue not in living), default=None)
