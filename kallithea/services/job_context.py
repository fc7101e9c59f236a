"""What a running job may say of itself."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.work import writing


class JobCancelledError(KallitheaError):
    """Whoever asked for the job wants it no more."""


class JobInterruptedError(KallitheaError):
    """The worker ends, and the job with it."""


class JobOvertimeError(KallitheaError):
    """The job has had the time that its kind gets."""


class JobLostError(KallitheaError):
    """Another worker has the job by now."""


@dataclass(slots=True)
class Orders:
    """What a running job is told by those who watch it: the reason to end, once there is one."""

    reason: KallitheaError | None = None


@dataclass(frozen=True, slots=True)
class JobContext:
    """The run of one job, which ends where it next asks, once ``interrupt`` is set or its ``orders`` have a reason.

    ``show`` is told of its progress, too: percent and step.
    """

    application: Application
    outbox_id: int
    interrupt: threading.Event = field(default_factory=threading.Event)
    orders: Orders = field(default_factory=Orders)
    show: Callable[[int, str], None] = lambda _percent, _step: None

    def check(self) -> None:
        """To be called now and then by what takes long and does not say how far it is.

        Raises JobCancelledError, JobInterruptedError, JobOvertimeError, JobLostError.
        """
        self._check_interrupt()
        if self.orders.reason is not None:
            raise self.orders.reason

    def progress(self, percent: int, step: str, line: str = "", *, steps: str = "", detail: str = "") -> None:
        """Say how far the job is, in a unit of its own; see ``Progress.set_``.

        Raises as ``check`` does.
        """
        self._check_interrupt()
        with writing(self.application) as services:
            row = services.progress.set_(self.outbox_id, percent, step, line)
            row.steps, row.detail = steps, detail
            cancelled = row.cancelled
        self.show(percent, step)
        if cancelled:
            raise JobCancelledError(_("It was cancelled."))
        # after what was said is stored: it may be the last line of a log
        self.check()

    def _check_interrupt(self) -> None:
        if self.interrupt.is_set():
            raise JobInterruptedError(_("The worker was stopped meanwhile."))
