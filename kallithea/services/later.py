"""What a reading unit wishes to be written later: last uses, refs that changed behind our back."""

import collections
import logging
import threading
from collections.abc import Callable

from kallithea.core.errors import KallitheaError
from kallithea.core.jobs import Job

log = logging.getLogger(__name__)

_BOUND = 1000
_PAUSE_SECONDS = 1.0


class Later:
    """A bounded buffer of jobs, one for each key, that a thread stores about a second later.

    Reading a page writes nothing, so a page hands such jobs here. They are hints: losing them with the process, or to
    a full buffer, does no harm.
    """

    def __init__(self, store: Callable[[list[Job]], None]) -> None:
        self._store = store
        self._jobs: collections.OrderedDict[str, Job] = collections.OrderedDict()
        self._thread: threading.Thread | None = None
        self._ended = False
        #: Guards the above; notified when there is a first job, and at the end.
        self._changed = threading.Condition()

    def add(self, job: Job) -> None:
        """Store the job soon, unless one with its key is already waiting here or the buffer is full."""
        with self._changed:
            is_first = not self._jobs
            if len(self._jobs) < _BOUND:
                self._jobs.setdefault(job.key, job)
            # a process that was forked has the object, and not its thread
            if not self._ended and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="later", daemon=True)
                self._thread.start()
            # Once there is one, the thread sleeps until it stores them all: who asks often shall not wake it each time.
            if is_first:
                self._changed.notify_all()

    def flush(self) -> None:
        """Store what waits, now, in the calling thread."""
        with self._changed:
            jobs = list(self._jobs.values())
            self._jobs.clear()
        if jobs:
            self._store(jobs)

    def close(self) -> None:
        """Store what waits and end the thread."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._flush_or_log()

    def _run(self) -> None:
        while self._wait_for_jobs():
            self._flush_or_log()

    def _wait_for_jobs(self) -> bool:
        """Wait until there are some, and a little longer for more; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._ended)
            return not self._changed.wait_for(lambda: self._ended, _PAUSE_SECONDS)

    def _flush_or_log(self) -> None:
        try:
            self.flush()
        except KallitheaError as problem:
            log.warning("notes were not stored: %s", problem)
        except Exception:
            log.exception("notes were not stored")
