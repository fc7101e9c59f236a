"""How far a job is, and its log, written down now and then for those who look."""

import datetime
import time
from typing import Protocol

from kallithea.core.errors import KallitheaError, UnavailableError
from kallithea.services.job_context import JobContext

#: Begin of the text of a line that warns.
WARNING = "! "

# How often it is written down, and looked whether the job was cancelled.
_TELL_SECONDS = 0.5
# What is said between two times may be as much as another site likes.
_MOST_LINES = 1000


class Tell(Protocol):
    """Is told how far something is (0 to 100), what it does now, and perhaps a line for its log. May raise."""

    def __call__(self, percent: int, step: str, line: str = "", /) -> None:
        """To be called often: that costs nothing."""
        ...


class JobTeller:
    """Tells of one job. A line of its log is an ISO time in UTC, a blank, and text that may begin with WARNING."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._lines: list[str] = []
        self._told = 0.0

    def __call__(
        self, percent: int, step: str, line: str = "", *, steps: str = "", detail: str = "", at_once: bool = False
    ) -> None:
        """Say how far the job is, twice a second at most unless ``at_once``. Raises as ``JobContext.check`` does."""
        if line:
            self.add_line(line)
        now = time.monotonic()
        if not at_once and now - self._told < _TELL_SECONDS:
            return
        self._told = now
        lines, self._lines = self._lines, []
        try:
            self._context.progress(percent, step, "\n".join(lines), steps=steps, detail=detail)
        except UnavailableError:
            # stored later: hours of work are not given up because the database is busy
            self._lines = lines

    def add_line(self, text: str) -> None:
        """A line of the log, written down the next time."""
        now = self._context.application.clock().astimezone(datetime.UTC)
        self._lines.append(f"{now:%Y-%m-%dT%H:%M:%SZ} {text}")
        del self._lines[:-_MOST_LINES]

    def end(self, percent: int, step: str, line: str, *, steps: str = "", detail: str = "") -> None:
        """Write down the last line, whether the job was cancelled or not."""
        try:
            self(percent, step, line, steps=steps, detail=detail, at_once=True)
        except KallitheaError:
            return
