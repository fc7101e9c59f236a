"""The only way to Beaker. Wherever Redis' client is installed, Beaker would import it, whether or not it is used.

The client takes 6 MB in each process, and a tenth of the time to start. So it is kept from Beaker until it is used.
"""

import contextlib
import importlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def _without(name: str) -> Iterator[None]:
    """Nobody can import a module that is not loaded yet, in no thread: this is for the start of a process."""
    known = name in sys.modules
    if not known:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not known:
            del sys.modules[name]


with _without("redis"):
    from beaker.container import FileNamespaceManager, NamespaceManager
    from beaker.exceptions import BeakerException, InvalidCacheBackendError
    from beaker.ext import redisnm
    from beaker.ext.memcached import MemcachedNamespaceManager, _load_client
    from beaker.ext.redisnm import RedisNamespaceManager
    from beaker.ext.sqla import SqlaNamespaceManager
    from beaker.session import CookieSession, Session
    from beaker.util import JsonSerializer, SyncDict, coerce_session_params, safe_write

__all__ = [
    "BeakerException",
    "CookieSession",
    "FileNamespaceManager",
    "InvalidCacheBackendError",
    "JsonSerializer",
    "MemcachedNamespaceManager",
    "NamespaceManager",
    "RedisNamespaceManager",
    "Session",
    "SqlaNamespaceManager",
    "SyncDict",
    "coerce_session_params",
    "load_client",
    "load_redis",
    "redis_errors",
    "safe_write",
]

load_client = _load_client


def load_redis() -> None:
    """Let Beaker have Redis' client, if it is installed. To be called before the first use, any number of times."""
    with contextlib.suppress(ImportError):
        redisnm.redis = importlib.import_module("redis")


def redis_errors() -> tuple[type[Exception], ...]:
    """What Redis' client raises; nothing where it is not loaded."""
    return (redisnm.redis.RedisError,) if redisnm.redis is not None else ()
