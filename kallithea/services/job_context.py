"""What a running job may say of itself."""

from dataclasses import dataclass

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.work import writing


class JobCancelledError(KallitheaError):
    """Whoever asked for the job wants it no more."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """The run of one job."""

    application: Application
    outbox_id: int

    def progress(self, percent: int, step: str, line: str = "", *, steps: str = "", detail: str = "") -> None:
        """Say how far the job is, in a unit of its own; see ``Progress.set_``. Raises JobCancelledError."""
        with writing(self.application) as services:
            row = services.progress.set_(self.outbox_id, percent, step, line)
            row.steps, row.detail = steps, detail
            cancelled = row.cancelled
        if cancelled:
            raise JobCancelledError(_("It was cancelled."))
