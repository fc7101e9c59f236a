"""Who came in lately at this process: it asks for one note of each in the audit log, and not for one a request."""

import collections
import datetime
import threading

_EVERY = datetime.timedelta(hours=1)


class NotedWays:
    """Remembers for an hour what was asked to be noted, ``bound`` of them; beyond those, nothing is noted.

    Processes know nothing of each other: what they all ask for is noted once, by whoever does the job. Safe to use
    from several threads.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._seen: collections.OrderedDict[str, datetime.datetime] = collections.OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, key: str, now: datetime.datetime) -> bool:
        """Whether this is the first time within the hour, which is remembered."""
        with self._lock:
            while self._seen and next(iter(self._seen.values())) <= now - _EVERY:
                self._seen.popitem(last=False)
            if key in self._seen or len(self._seen) >= self._bound:
                return False
            self._seen[key] = now
            return True
