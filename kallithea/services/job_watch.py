"""Who watches the jobs that run in a process: keeps them, and ends those that take too long."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobLostError, JobOvertimeError, Orders
from kallithea.services.job_retries import spread_delay
from kallithea.services.taken_jobs import TakenJob
from kallithea.services.work import writing

log = logging.getLogger(__name__)

#: How often jobs are kept; several times within the lease, so that a database may be away for a moment.
_BEAT_SECONDS = 15.0
_OVERTIME = _("It took longer than its time limit.")
_NO_ANSWER = _("It took longer than its time limit, and did not end when it was told to.")


@dataclass(eq=False)
class _Run:
    """A job that runs, since ``began`` on the monotonic clock."""

    taken: TakenJob
    orders: Orders
    began: float

    @property
    def soft(self) -> float:
        return self.began + self.taken.job.time_limit

    @property
    def hard(self) -> float:
        return self.soft + self.taken.job.grace


class JobWatch:
    """Keeps the running jobs of this process, by a thread that lives while there are some.

    ``end`` is called when one cannot be ended otherwise.
    """

    def __init__(self, application: Application, end: Callable[[], None]) -> None:
        self.gave_up = False
        self._application = application
        self._end = end
        self._runs: list[_Run] = []
        self._next_beat = 0.0
        self._thread: threading.Thread | None = None
        #: Guards the above; notified when a job begins or ends.
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def over(self, taken: TakenJob, orders: Orders) -> Iterator[None]:
        """Watch a job while it runs. Afterwards nothing is written on its behalf."""
        run = _Run(taken, orders, time.monotonic())
        with self._changed:
            if not self._runs:
                self._next_beat = run.began + _BEAT_SECONDS
            self._runs.append(run)
            # a process that was forked has the object, and not its thread
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="job watch", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._runs.remove(run)
                ended = None
                if not self._runs:
                    ended, self._thread = self._thread, None
                self._changed.notify_all()
            if ended is not None:
                ended.join()

    def _watch(self) -> None:
        while runs := self._wait():
            for run in runs:
                self._look(run)
            if time.monotonic() >= self._next_beat:
                self._next_beat = time.monotonic() + _BEAT_SECONDS
                self._keep()

    def _wait(self) -> list[_Run]:
        """Until there is something to do; the jobs that run, none when this thread is to end."""
        this = threading.current_thread()
        with self._changed:
            if self._thread is this:
                now = time.monotonic()
                ends = (moment for run in self._runs for moment in (run.soft, run.hard) if moment > now)
                # the beat may be late: the last one may have waited for the database
                self._changed.wait(max(0.0, min([self._next_beat, *ends]) - now))
            return list(self._runs) if self._thread is this else []

    def _look(self, run: _Run) -> None:
        now = time.monotonic()
        if now >= run.soft and run.orders.reason is None:
            run.orders.reason = JobOvertimeError(_OVERTIME)
        if now >= run.hard and not self.gave_up:
            self.gave_up = True
            self._give_up(run.taken)

    def _give_up(self, taken: TakenJob) -> None:
        log.error("job %d (%s) does not end; its process is ended", taken.outbox_id, type(taken.job).__name__)
        try:
            with writing(self._application) as services:
                services.taken_jobs.fail(taken, _NO_ANSWER, spread_delay(taken.attempt))
        except KallitheaError as problem:
            log.warning("%s", problem)
        finally:
            self._end()

    def _keep(self) -> None:
        with self._changed:
            runs = list(self._runs)
        if not runs:
            return
        try:
            with writing(self._application) as services:
                held = services.taken_jobs.renew(run.taken for run in runs)
        except KallitheaError as problem:
            log.warning("running jobs were not kept: %s", problem)
            return
        except Exception:
            log.exception("running jobs were not kept")
            return
        for run in runs:
            if run.taken.token not in held:
                run.orders.reason = run.orders.reason or JobLostError(_("Another worker has it by now."))
            elif held[run.taken.token]:
                run.orders.reason = run.orders.reason or JobCancelledError(_("It was cancelled."))
