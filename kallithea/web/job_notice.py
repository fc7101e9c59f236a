"""Since when jobs wait for a worker, as pages tell it beside what they are about."""

import datetime
import threading
import time

from kallithea.core.errors import UnavailableError
from kallithea.services.application import Application
from kallithea.services.work import reading

#: So old is what pages tell at most. A process does not look at once: its worker may be starting, too.
_LOOK_SECONDS = 15.0


class JobNotice:
    """What was found a moment ago."""

    def __init__(self) -> None:
        self._since: datetime.datetime | None = None
        self._next = time.monotonic() + _LOOK_SECONDS
        self._lock = threading.Lock()

    def find(self, application: Application) -> datetime.datetime | None:
        """Since when jobs wait that nobody takes; None where all is well, or nothing is known."""
        with self._lock:
            if time.monotonic() < self._next:
                return self._since
            self._next = time.monotonic() + _LOOK_SECONDS
        try:
            with reading(application) as services:
                self._since = services.job_delays.find()
        except UnavailableError:
            self._since = None
        return self._since
