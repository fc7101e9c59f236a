"""How far a transfer from elsewhere is, written down for the page that shows it."""

import datetime
import json
import threading
import time
from dataclasses import asdict

from kallithea.core.errors import KallitheaError, UnavailableError
from kallithea.services.job_context import JobContext
from kallithea.services.transfers import WARNING
from kallithea.vcs.remote import Amount, RemoteStep

# How often it is written down, and looked whether it was cancelled.
_TELL_SECONDS = 0.5
_LOGGED_PERCENT = 10
_MEBIBYTE = 1 << 20
# Another site may say as much as it likes between two times.
_MOST_LINES = 1000


class TransferTeller:
    """Implements ``vcs.remote.Listener`` for a job."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._begun: dict[str, float] = {}
        self._amount: Amount | None = None
        self._lines: list[str] = []
        self._logged = -1
        self._told = 0.0

    def begin(self, step: RemoteStep) -> None:
        """A step begins; one that has begun already goes on."""
        with self._lock:
            if step.value not in self._begun:
                self._begun[step.value] = self._context.application.clock().timestamp()
                self._amount, self._logged = None, -1
                self._tell(at_once=True)

    def count(self, amount: Amount) -> None:
        """So much of the step is done."""
        with self._lock:
            if self._amount is None or amount.unit != self._amount.unit:
                self._logged = -1
            self._amount = amount
            percent = amount.done * 100 // amount.total if amount.total else 0
            if percent // _LOGGED_PERCENT > self._logged:
                self._logged = percent // _LOGGED_PERCENT
                self._add_line(_describe(amount, percent))
            self._tell()

    def say(self, line: str, *, warning: bool = False) -> None:
        """A line of the log."""
        with self._lock:
            self._add_line(f"{WARNING if warning else ''}{line}")
            self._tell()

    def tick(self) -> None:
        """Nothing new."""
        with self._lock:
            self._tell()

    def end(self, line: str) -> None:
        """Write down the last line, whether it was cancelled or not."""
        with self._lock:
            self._add_line(line)
            try:
                self._tell(at_once=True)
            except KallitheaError:
                return

    def _add_line(self, text: str) -> None:
        now = self._context.application.clock().astimezone(datetime.UTC)
        self._lines.append(f"{now:%Y-%m-%dT%H:%M:%SZ} {text}")
        del self._lines[:-_MOST_LINES]

    def _tell(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if not at_once and now - self._told < _TELL_SECONDS:
            return
        self._told = now
        step = next(reversed(self._begun), "")
        amount = self._amount
        percent = amount.done * 100 // amount.total if amount is not None and amount.total else 0
        detail = json.dumps(asdict(amount)) if amount is not None else ""
        lines, self._lines = self._lines, []
        try:
            self._context.progress(percent, step, "\n".join(lines), steps=json.dumps(self._begun), detail=detail)
        except UnavailableError:
            # stored later: hours of work are not given up because the database is busy
            self._lines = lines


def _describe(amount: Amount, percent: int) -> str:
    received = f", {amount.size / _MEBIBYTE:.1f} MiB" if amount.size else ""
    if not amount.total:
        return f"{amount.unit}: {amount.done}{received}"
    return f"{amount.unit}: {percent} % ({amount.done}/{amount.total}){received}"
