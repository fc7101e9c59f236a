"""Small values in a server that several machines share: Redis or memcached, by Beaker's cache backends.

The server bounds its memory itself (``maxmemory``, ``-m``). One that is away makes every look a miss.
"""

import hashlib
import logging
import time
from collections.abc import Mapping
from typing import Any

from beaker.cache import Cache
from beaker.exceptions import BeakerException

from kallithea.cache.counters import Counters, Counts
from kallithea.cache.entry import content_of, entry_of
from kallithea.core.errors import KallitheaError

log = logging.getLogger(__name__)

_NAMESPACE = "kallithea"
_SAID_AGAIN_SECONDS = 60.0


class CacheServerError(KallitheaError):
    """The cache server that the .ini names cannot be used; the message says what is missing."""


def open_store(options: Mapping[str, Any], *, expire: int, counters: Counters) -> "BeakerStore":
    """The store of a server. ``options`` are Beaker's: ``type`` such as ``ext:redis``, ``url``; ``expire`` in seconds.

    Nothing is connected yet. Raises CacheServerError.
    """
    try:
        values = Cache(_NAMESPACE, **options).namespace
    except (BeakerException, RuntimeError, ValueError) as problem:
        raise CacheServerError(f"beaker.cache.type = {options['type']}: {problem}") from problem
    return BeakerStore(values, expire=expire, counters=counters)


class BeakerStore:
    """Values by key, in a namespace of Beaker's; they are forgotten after ``expire`` seconds."""

    def __init__(self, values: Any, *, expire: int, counters: Counters) -> None:
        self._values = values
        self._expire = expire
        self._counters = counters
        self._said = -_SAID_AGAIN_SECONDS

    def get(self, key: str) -> bytes | None:
        """The content stored under the key, or None."""
        content = None
        try:
            entry = self._values[_name(key)]
        except KeyError:
            entry = None
        except Exception as problem:  # noqa: BLE001 - each client library has its own errors; none may fail a page
            entry = None
            self._say(problem)
        if isinstance(entry, bytes):
            content = content_of(key, entry)
        self._counters.add(Counts(hits=1) if content is not None else Counts(misses=1))
        return content

    def put(self, key: str, content: bytes) -> None:
        """Store the content."""
        try:
            self._values.set_value(_name(key), entry_of(key, content), self._expire)
        except Exception as problem:  # noqa: BLE001 - as above
            self._say(problem)
        else:
            self._counters.add(Counts(stored=1))

    def _say(self, problem: Exception) -> None:
        if time.monotonic() - self._said > _SAID_AGAIN_SECONDS:
            self._said = time.monotonic()
            log.warning("the cache server cannot be used: %s", type(problem).__name__)


def _name(key: str) -> str:
    """A short name without blanks, which memcached does not take."""
    return hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
