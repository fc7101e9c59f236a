"""Requests that were answered, counted for whoever watches the site, and told where they took long."""

import logging
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kallithea.cache.tallies import Tallies
from kallithea.core.meter import Meter

log = logging.getLogger(__name__)

#: Where a request's ``Watched`` is found in its environ.
WATCHED = "kallithea.watched"

#: Upper bounds of the histogram of seconds; the last class has none.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)


@dataclass(slots=True)
class Watched:
    """A request while it is answered. ``kind`` is a word of ours; ``hidden``: its address must not be written down.

    ``by_front``: bytes of a file that the web server in front was told to send.
    """

    meter: Meter
    kind: str = "page"
    hidden: bool = False
    status: int = 0
    sent: int = 0
    by_front: int = 0

    @property
    def size(self) -> int:
        """Bytes of the answer, whoever sends them."""
        return self.sent + self.by_front


def find_watched(environ: Mapping[str, Any]) -> Watched:
    """What is written down of the request with this WSGI environ; nobody reads it where no ``Watch`` is around."""
    found = environ.get(WATCHED)
    return found if isinstance(found, Watched) else Watched(Meter())


def count_request(tallies: Tallies, watched: Watched) -> None:
    """Add a request that has ended to the sums of all."""
    kind, seconds, meter = watched.kind, watched.meter.seconds, watched.meter
    tallies.add(
        {
            f"requests|{kind}|{watched.status}": 1,
            f"within|{kind}|{bisect_left(BOUNDS, seconds)}": 1,
            f"seconds|{kind}": seconds,
            f"bytes|{kind}": watched.size,
            f"statements|{kind}": meter.statements,
            f"statement-seconds|{kind}": meter.statement_seconds,
            f"repository-seconds|{kind}": meter.repository_seconds,
            f"processes|{kind}": meter.processes,
        }
    )


def told_path(watched: Watched, path: str) -> str:
    """How a line of the log calls the path of a request: without control characters, and not if it is a secret."""
    return "a secret address" if watched.hidden else ascii(path)[1:-1]


def tell_slow(watched: Watched, method: str, path: str, limit: float) -> None:
    """Write down what took longer than ``limit`` seconds, and where the time went; 0 is no limit.

    The query is left out, and addresses that are secrets are.
    """
    meter = watched.meter
    if not limit or meter.seconds <= limit:
        return
    log.warning(
        "slow: %s %s (%s) took %.1f s: %d statements %.1f s, repositories open %.1f s, %d processes; "
        "status %d, %d bytes",
        method,
        told_path(watched, path),
        watched.kind,
        meter.seconds,
        meter.statements,
        meter.statement_seconds,
        meter.repository_seconds,
        meter.processes,
        watched.status,
        watched.size,
    )
