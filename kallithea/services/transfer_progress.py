"""How far a transfer from elsewhere is, written down for the page that shows it."""

import json
import threading
from dataclasses import asdict
from typing import Any

from kallithea.services.job_context import JobContext
from kallithea.services.job_teller import WARNING, JobTeller
from kallithea.vcs.remote import Amount, RemoteStep

_LOGGED_PERCENT = 10
_MEBIBYTE = 1 << 20


class TransferTeller:
    """Implements ``vcs.remote.Listener`` for a job."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._teller = JobTeller(context)
        self._lock = threading.Lock()
        self._begun: dict[str, float] = {}
        self._amount: Amount | None = None
        self._logged = -1

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
                self._teller.add_line(_describe(amount, percent))
            self._tell()

    def say(self, line: str, *, warning: bool = False) -> None:
        """A line of the log."""
        with self._lock:
            self._teller.add_line(f"{WARNING if warning else ''}{line}")
            self._tell()

    def tick(self) -> None:
        """Nothing new."""
        with self._lock:
            self._tell()

    def end(self, line: str) -> None:
        """Write down the last line, whether it was cancelled or not."""
        with self._lock:
            percent, step, more = self._state()
            self._teller.end(percent, step, line, **more)

    def _tell(self, *, at_once: bool = False) -> None:
        percent, step, more = self._state()
        self._teller(percent, step, at_once=at_once, **more)

    def _state(self) -> tuple[int, str, dict[str, Any]]:
        amount = self._amount
        percent = amount.done * 100 // amount.total if amount is not None and amount.total else 0
        detail = json.dumps(asdict(amount)) if amount is not None else ""
        return percent, next(reversed(self._begun), ""), {"steps": json.dumps(self._begun), "detail": detail}


def _describe(amount: Amount, percent: int) -> str:
    received = f", {amount.size / _MEBIBYTE:.1f} MiB" if amount.size else ""
    if not amount.total:
        return f"{amount.unit}: {amount.done}{received}"
    return f"{amount.unit}: {percent} % ({amount.done}/{amount.total}){received}"
