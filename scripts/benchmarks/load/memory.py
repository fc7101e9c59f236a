"""What the processes that answer hold of their own memory (RssAnon), looked at once a second.

To check a password takes 64 MiB for a tenth of a second, by which argon2 is hard to try out. What a process holds is
therefore the least of several looks; the most that was ever seen is told beside it.
"""

import contextlib
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from scripts.benchmarks.accounting import anonymous_bytes_of

_PAUSE_SECONDS = 1.0
_LOOKS = 10
_MB = 1 << 20


@dataclass
class Memory:
    """In MB. ``most`` is the most that any process had at any look."""

    most: float = 0.0
    _last: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=_LOOKS)))
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def held(self) -> float:
        """The most that one process has held during the last ten looks."""
        with self._guard:
            return max((min(looks) for looks in self._last.values()), default=0.0)

    def look(self, workers: Iterable[int]) -> None:
        """Look once at these processes; others are forgotten."""
        found = {worker: anonymous_bytes_of(worker) / _MB for worker in workers}
        with self._guard:
            for gone in self._last.keys() - found.keys():
                del self._last[gone]
            for worker, size in found.items():
                self._last[worker].append(size)
                self.most = max(self.most, size)


@contextlib.contextmanager
def watch_memory(workers: Callable[[], Iterable[int]]) -> Iterator[Memory]:
    """Look at once, and until the block ends."""
    memory, over = Memory(), threading.Event()
    memory.look(workers())

    def run() -> None:
        while not over.wait(_PAUSE_SECONDS):
            memory.look(workers())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()
