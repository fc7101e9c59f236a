"""The stores of a process: what is kept where, and how large it may grow."""

import importlib
import pathlib
from dataclasses import dataclass
from typing import Protocol, cast

from kallithea.cache.counters import Counters, Counts
from kallithea.cache.file_store import FileStore, Usage

# Shares of the whole size; what pages are made from is small and plenty.
_SMALL_SHARE = 0.5
# So long a Redis server is waited for: what it has can be made anew.
_REDIS_SECONDS = 0.5


class Store(Protocol):
    """Values by key. A key begins with what the value is and the version of its format; the value never changes."""

    def get(self, key: str) -> bytes | None:
        """The content stored under the key, or None."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Store the content; it may be gone at any time."""
        ...


class CountedStore(Store, Protocol):
    """A store that can tell what happened in it."""

    def counts(self) -> Counts:
        """Hits, misses, and what was stored and evicted."""
        ...


class EmptyStore:
    """A store that keeps nothing: everything is made anew each time."""

    def get(self, _key: str) -> bytes | None:
        """None."""
        return None

    def put(self, _key: str, _content: bytes) -> None:
        """Let the content go."""

    def counts(self) -> Counts:
        """Nothing ever happens."""
        return Counts()


@dataclass(frozen=True, slots=True)
class Caches:
    """``small`` is for values that pages are made from, up to some 100 kB, and may lie in a server that machines share.

    ``large`` is for those of megabytes, ``archives`` for files to download. All can be made again. ``turns`` is a
    folder for the locks of those who make them.
    """

    small: CountedStore
    large: CountedStore
    archives: FileStore
    turns: pathlib.Path

    def usages(self) -> dict[str, Usage]:
        """How much each store of files holds; a cache server tells of itself, and what keeps nothing is left out."""
        return {name: store.usage() for name, store in self._files().items()}

    def counts(self) -> dict[str, Counts]:
        """What happened in each store."""
        return {"small": self.small.counts(), "large": self.large.counts(), "archives": self.archives.counts()}

    def sweep(self) -> None:
        """Remove what processes left that died while they stored something."""
        for store in self._files().values():
            store.sweep()

    def clear(self) -> None:
        """Forget everything that lies in files."""
        for store in self._files().values():
            store.clear()

    def _files(self) -> dict[str, FileStore]:
        stores = {"small": self.small, "large": self.large, "archives": self.archives}
        return {name: store for name, store in stores.items() if isinstance(store, FileStore)}


@dataclass(frozen=True, slots=True)
class Server:
    """A cache server: ``type`` and ``url`` as Beaker names them; values are forgotten after ``expire`` seconds."""

    type: str
    url: str
    expire: int

    def address(self) -> str:
        """The address, with how long to wait for an answer."""
        return bound_waiting(self.url, _REDIS_SECONDS) if self.type == "ext:redis" else self.url


def bound_waiting(url: str, seconds: float) -> str:
    """The address of a Redis server, which is waited for so long when it says nothing, unless the address says it."""
    if "socket_timeout" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}socket_timeout={seconds}&socket_connect_timeout={seconds}"


def open_caches(
    folder: pathlib.Path,
    *,
    size: int,
    archive_folder: pathlib.Path,
    archive_size: int,
    server: Server | None = None,
    enabled: bool = True,
) -> Caches:
    """The stores below ``folder``, in ``size`` bytes together, and that of archives.

    With a ``server``, small values lie there instead. Where caches are not ``enabled`` nothing but archives is kept,
    which have to be files to be sent. Raises CacheServerError where a client library is missing.
    """
    archives, turns = FileStore(archive_folder, archive_size, shards=1), folder / "turns"
    if not enabled:
        return Caches(EmptyStore(), EmptyStore(), archives, turns)
    small_size = int(size * _SMALL_SHARE)
    small_folder = folder / "small"
    small: CountedStore = FileStore(small_folder, small_size)
    if server is not None:
        # Most sites need neither Beaker's servers nor their client libraries for this.
        module = importlib.import_module("kallithea.cache.beaker_store")
        counters = Counters(folder / "server-counters.json")
        small = cast(
            CountedStore, module.open_store(server.type, server.address(), expire=server.expire, counters=counters)
        )
    return Caches(
        small,
        FileStore(folder / "large", size - small_size, shards=16),
        archives,
        turns,
    )
