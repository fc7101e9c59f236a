"""How long a server waits for locks: those of the kernel, and those of PostgreSQL, looked at several times a second.

Somebody who waits for a lock of a file is a line with "->" in /proc/locks; see proc(5). PostgreSQL says it in
pg_stat_activity. Who tries again after a pause, as SQLite and Mercurial do, is in neither; nor is who waits for what
another makes at that moment, as for a part of a page or a pack: that is work that is not done twice.
"""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from scripts.benchmarks.accounting import family_of
from scripts.benchmarks.load.tally import Tally

_LOCKS = Path("/proc/locks")
_WAITING = re.compile(r"^\d+: -> \S+\s+\S+\s+\S+\s+(\d+) ", re.MULTILINE)
_ASKED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
_PAUSE_SECONDS = 0.2


@dataclass
class Waits:
    """Sums over all looks: who waited for a lock, and what was asked at that time and not answered yet."""

    waiting: int = 0
    in_flight: int = 0

    @property
    def share(self) -> float:
        """Percent of the time of all requests."""
        return 100 * self.waiting / self.in_flight if self.in_flight else 0.0


@contextlib.contextmanager
def watch(roots: Callable[[], Sequence[int]], database: URL, tally: Tally) -> Iterator[Waits]:
    """Look until the block ends."""
    waits, over = Waits(), threading.Event()
    thread = threading.Thread(target=_look, args=(roots, database, tally, waits, over))
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _look(roots: Callable[[], Sequence[int]], database: URL, tally: Tally, waits: Waits, over: threading.Event) -> None:
    engine = create_engine(database) if database.get_backend_name() == "postgresql" else None
    try:
        while not over.is_set():
            started = time.monotonic()
            ours = {process.process_id for process in family_of(roots())}
            waits.in_flight += tally.in_flight
            waits.waiting += sum(int(number) in ours for number in _WAITING.findall(_LOCKS.read_text()))
            if engine is not None:
                with engine.connect() as connection:
                    waits.waiting += connection.scalar(_ASKED) or 0
            over.wait(max(_PAUSE_SECONDS - (time.monotonic() - started), 0))
    finally:
        if engine is not None:
            engine.dispose()
