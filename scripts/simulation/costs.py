"""What requests take, as ``scripts/bench`` has measured it on git's own repository.

CPU times are those of one core of the processor named in docs/develop/performance.rst, in milliseconds. Of pages and
polls ``database`` is the CPU time of PostgreSQL, from the suite ``database``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Request(StrEnum):
    """What is asked for."""

    PAGE = "page"
    AGAIN = "page again"
    POLL = "poll"
    SHALLOW = "shallow clone"
    CLONE = "full clone"
    PUSH = "push"
    SEARCH = "search"
    FORM = "form"


@dataclass(frozen=True)
class Cost:
    """What one request takes.

    ``web``: milliseconds of CPU in the application; ``database``: the same in the database server, of which ``written``
    cannot be done by a replica; ``reads`` and ``syncs``: operations of the shared storage; ``sent``: megabytes to the
    client, of which ``offloaded`` can come from an object storage or a CDN.
    """

    web: float
    database: float = 0.0
    written: float = 0.0
    reads: float = 0.0
    syncs: float = 0.0
    sent: float = 0.0
    offloaded: float = 0.0


#: By request. Clones are of 318 MB, or of the newest commit alone, made before; a push is of one commit.
COSTS = {
    Request.PAGE: Cost(web=14.1, database=2.6, reads=12, sent=0.03),
    Request.AGAIN: Cost(web=1.6, database=1.3, reads=4, sent=0.001),
    Request.POLL: Cost(web=4.3, database=2.8, reads=6, sent=0.06),
    Request.SHALLOW: Cost(web=7.7, database=2.8, reads=10, sent=12.0),
    Request.CLONE: Cost(web=60, database=2.8, reads=10, sent=318.0, offloaded=317.0),
    Request.PUSH: Cost(web=42, database=4.0, written=3.0, reads=30, syncs=12, sent=0.01),
    Request.SEARCH: Cost(web=10, database=80, reads=0, sent=0.03),
    Request.FORM: Cost(web=4.7, database=2.3, written=1.5, sent=0.001),
}

#: Requests of a site of organisations whose test machines poll and clone: shares that add up to 1.
MIX = {
    Request.PAGE: 0.170,
    Request.AGAIN: 0.200,
    Request.POLL: 0.540,
    Request.SHALLOW: 0.050,
    Request.CLONE: 0.004,
    Request.PUSH: 0.015,
    Request.SEARCH: 0.011,
    Request.FORM: 0.010,
}
