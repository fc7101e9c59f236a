"""What a running job may say of itself."""

import threading
from dataclasses import dataclass, field

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.work import writing


class JobCancelledError(KallitheaError):
    """Whoever asked for the job wants it no more."""


class JobInterruptedError(KallitheaError):
    """The worker ends, and the job with it."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """The run of one job, which ends where it next says how far it is once ``interrupt`` is set."""

    application: Application
    outbox_id: int
    interrupt: threading.Event = field(default_factory=threading.Event)

    def progress(self, percent: int, step: str, line: str = "", *, steps: str = "", detail: str = "") -> None:
        """Say how far the job is, in a unit of its own; see ``Progress.set_``.

        Raises JobCancelledError, JobInterruptedError.
        """
        if self.interrupt.is_set():
            raise JobInterruptedError(_("The worker was stopped meanwhile."))
        with writing(self.application) as services:
            row = services.progress.set_(self.outbox_id, percent, step, line)
            row.steps, row.detail = steps, detail
            cancelled = row.cancelled
        if cancelled:
            raise JobCancelledError(_("It was cancelled."))
