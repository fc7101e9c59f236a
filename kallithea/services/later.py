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
        self._lock = threading.Lock()
        self._filled = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, job: Job) -> None:
        """Store the job soon, unless one with its key is already waiting here or the buffer is full."""
        with self._lock:
            if len(self._jobs) < _BOUND:
                self._jobs.setdefault(job.key, job)
            # a process that was forked has the object, and not its thread
            if not self._ended.is_set() and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="later", daemon=True)
                self._thread.start()
        self._filled.set()

    def flush(self) -> None:
        """Store what waits, now, in the calling thread."""
        with self._lock:
            jobs = list(self._jobs.values())
            self._jobs.clear()
        if jobs:
            self._store(jobs)

    def close(self) -> None:
        """Store what waits and end the thread."""
        self._ended.set()
        self._filled.set()
        if self._thread is not None:
            self._thread.join()
        self._flush_or_log()

    def _run(self) -> None:
        while self._filled.wait() and not self._ended.wait(_PAUSE_SECONDS):
            self._filled.clear()
            self._flush_or_log()

    def _flush_or_log(self) -> None:
        try:
            self.flush()
        except KallitheaError as problem:
            log.warning("notes were not stored: %s", problem)
        except Exception:
            log.exception("notes were not stored")
