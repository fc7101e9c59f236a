"""Beaker's clients of cache servers, for bytes as they are.

Beaker's own ones unpickle whatever a server has, so whoever can write there could run code here.
"""

import time
from typing import Any

from kallithea.cache.beaker_setup import (
    InvalidCacheBackendError,
    MemcachedNamespaceManager,
    NamespaceManager,
    RedisNamespaceManager,
    SyncDict,
    load_client,
    load_redis,
)

# memcached takes a larger number for a date.
_LONGEST_SECONDS = 30 * 86400


class RedisBytes(RedisNamespaceManager):  # type: ignore[misc]
    """Values in a Redis server, forgotten after ``timeout`` seconds unless something else is said."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        load_redis()
        super().__init__(*arguments, **named)

    def __getitem__(self, key: str) -> bytes:
        value = self.client.get(self._format_key(key))
        if value is None:
            raise KeyError(key)
        return bytes(value)

    def set_value(self, key: str, value: bytes, expiretime: int | None = None) -> None:
        """Store the value."""
        self.client.set(self._format_key(key), value, ex=expiretime or self.timeout)


class MemcachedBytes(MemcachedNamespaceManager):  # type: ignore[misc]
    """The same in memcached servers, whose addresses are divided by semicolons."""

    clients = SyncDict()

    def __init__(self, namespace: str, url: str, timeout: int | None = None, **_others: Any) -> None:
        try:
            library = load_client("memcache")
        except ImportError as problem:
            raise InvalidCacheBackendError("python-memcached is not installed") from problem
        # not that of MemcachedNamespaceManager, whose client unpickles
        NamespaceManager.__init__(self, namespace)
        self.lock_dir = None
        self.timeout = timeout
        self.mc = self.clients.get(url, lambda: library.Client(url.split(";"), unpickler=_Refused))

    def __getitem__(self, key: str) -> bytes:
        value = super().__getitem__(key)
        if not isinstance(value, bytes):
            raise KeyError(key)
        return value

    def set_value(self, key: str, value: bytes, expiretime: int | None = None) -> None:
        """Store the value."""
        seconds = expiretime or self.timeout or 0
        until = seconds if seconds <= _LONGEST_SECONDS else int(time.time()) + seconds
        self.mc.set(self._format_key(key), value, time=until)


class _Refused:
    """In place of an unpickler. The client takes what fails for a value that is not there."""

    def __init__(self, _file: object) -> None:
        raise ValueError("values are never pickled")


#: By the names that the .ini has for them.
SERVERS: dict[str, type[RedisBytes | MemcachedBytes]] = {"ext:redis": RedisBytes, "ext:memcached": MemcachedBytes}
