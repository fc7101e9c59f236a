"""Small values in a server that several machines share: Redis or memcached, by Beaker's clients.

The server bounds its memory itself (``maxmemory``, ``-m``). One that is away makes every look a miss.
"""

import hashlib
import logging
import time
from typing import Any

from kallithea.cache.beaker_servers import SERVERS
from kallithea.cache.beaker_setup import BeakerException
from kallithea.cache.counters import Counters, Counts
from kallithea.cache.entry import content_of, entry_of
from kallithea.core.errors import KallitheaError

log = logging.getLogger(__name__)

_NAMESPACE = "kallithea"
_SAID_AGAIN_SECONDS = 60.0
# A page looks for several values: a server that says nothing for so long is left alone for a while.
_SILENT_SECONDS, _REST_SECONDS = 0.2, 2.0


class CacheServerError(KallitheaError):
    """The cache server that the .ini names cannot be used; the message says what is missing."""


def open_store(server: str, url: str, *, expire: int, counters: Counters) -> "BeakerStore":
    """The store of a server, which is called as Beaker does, such as ``ext:redis``. ``expire`` in seconds.

    Nothing is connected yet. Raises CacheServerError.
    """
    try:
        values = SERVERS[server](_NAMESPACE, url)
    except (BeakerException, RuntimeError, ValueError) as problem:
        raise CacheServerError(f"beaker.cache.type = {server}: {problem}") from problem
    return BeakerStore(values, expire=expire, counters=counters)


class BeakerStore:
    """Values by key, in a namespace of Beaker's; they are forgotten after ``expire`` seconds."""

    def __init__(self, values: Any, *, expire: int, counters: Counters) -> None:
        self._values = values
        self._expire = expire
        self._counters = counters
        self._said = -_SAID_AGAIN_SECONDS
        self._asked_again = 0.0

    def counts(self) -> Counts:
        """What the processes of this machine asked of the server."""
        return self._counters.read()

    def get(self, key: str) -> bytes | None:
        """The content stored under the key, or None."""
        entry = self._look(key) if self._answers() else None
        content = content_of(key, entry) if isinstance(entry, bytes) else None
        self._counters.add(Counts(hits=1) if content is not None else Counts(misses=1))
        return content

    def put(self, key: str, content: bytes) -> None:
        """Store the content."""
        if not self._answers():
            return
        began = time.monotonic()
        try:
            self._values.set_value(_name(key), entry_of(key, content), self._expire)
        except Exception as problem:  # noqa: BLE001 - as below
            self._note_failure(problem, began)
        else:
            self._counters.add(Counts(stored=1))

    def _look(self, key: str) -> object:
        began = time.monotonic()
        try:
            return self._values[_name(key)]
        except KeyError:
            return None
        except Exception as problem:  # noqa: BLE001 - each client library has its own errors; none may fail a page
            self._note_failure(problem, began)
            return None

    def _answers(self) -> bool:
        return time.monotonic() >= self._asked_again

    def _note_failure(self, problem: Exception, began: float) -> None:
        if time.monotonic() - began > _SILENT_SECONDS:
            self._asked_again = time.monotonic() + _REST_SECONDS
        if time.monotonic() - self._said > _SAID_AGAIN_SECONDS:
            self._said = time.monotonic()
            log.warning("the cache server cannot be used: %s", type(problem).__name__)


def _name(key: str) -> str:
    """A short name without blanks, which memcached does not take."""
    return hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
