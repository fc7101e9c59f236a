"""How far running jobs have come, for the pages that show it."""

import datetime

from sqlalchemy.orm import Session

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _, pack_within
from kallithea.model.outbox import JobProgress
from kallithea.model.upsert import insert_or_change

_LONGEST_LOG = 20_000
_LONGEST_STEP = 200


class Progress:
    """Reads and writes one row for each job that reports how far it is."""

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def set_(self, outbox_id: int, percent: int, step: str, line: str = "") -> JobProgress:
        """Say how far a job is (0 to 100) and what it does now; ``line`` is added to its log, whose end is kept.

        A step that is a text is stored as one, to be said in the language of whoever looks, unless that is too long.
        """
        row = self._ensure(outbox_id)
        row.percent = max(0, min(percent, 100))
        row.step = pack_within(step, _LONGEST_STEP)
        row.changed = self._now
        if line:
            row.log = _last_lines(row.log + line + "\n")
        return row

    def cancel(self, outbox_id: int) -> None:
        """Have the job end where it next says how far it is."""
        self._ensure(outbox_id).cancelled = True

    def find(self, outbox_id: int) -> JobProgress | None:
        """How far the job is, or None when it has said nothing yet."""
        return self._session.get(JobProgress, outbox_id)

    def get(self, outbox_id: int) -> JobProgress:
        """How far the job is. Raises NotFoundError when it has said nothing yet."""
        row = self.find(outbox_id)
        if row is None:
            raise NotFoundError(_("This job has not begun, or was finished long ago."))
        return row

    def _ensure(self, outbox_id: int) -> JobProgress:
        row = self.find(outbox_id)
        if row is None:
            # whoever cancels it may do the same at this moment
            values = {"outbox_id": outbox_id, "percent": 0, "step": "", "log": "", "changed": self._now}
            changes = [("changed", self._now)]
            self._session.execute(
                insert_or_change(self._session.get_bind().dialect.name, JobProgress, values, "outbox_id", changes)
            )
            row = self._session.get_one(JobProgress, outbox_id)
        return row


def _last_lines(log: str) -> str:
    if len(log) <= _LONGEST_LOG:
        return log
    return log[-_LONGEST_LOG:].partition("\n")[2]
