"""How a site is laid out on machines: what there is of each part, and what is moved away from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from scripts.simulation.costs import Cost, Request


class Part(StrEnum):
    """What requests wait for."""

    WEB = "web cores"
    NETWORK = "network of web machines"
    PRIMARY = "database, primary"
    REPLICAS = "database, replicas"
    READS = "storage, reads"
    SYNCS = "storage, syncs"
    SEARCH = "search servers"


@dataclass(frozen=True)
class Plan:
    """``machines`` web machines and what stands behind them.

    ``replicas`` of the database answer what need not be written; ``shards`` of storage hold disjoint repositories;
    ``search_servers`` answer searches in place of the primary, as many as there are, none is 0. With ``offload``, what
    can come from an object storage or a CDN is sent from there.
    """

    name: str
    machines: int
    replicas: int = 0
    shards: int = 1
    search_servers: int = 0
    offload: bool = False

    def doubled(self) -> "Plan":
        """The same with twice the web machines."""
        return replace(self, machines=self.machines * 2)


# Of one machine or server each.
WEB_CORES = 16
#: A machine with 10 Gbit/s, of which TCP leaves so many MB/s.
NETWORK_RATE = 1_150
DATABASE_CORES = 32
#: What file servers with NVMe give over a network file system, per second.
READS_RATE = 150_000
SYNCS_RATE = 8_000
# A transfer shares the line with others.
STREAMS = 8


@dataclass(frozen=True)
class Station:
    """``servers`` that work beside each other, each on one request at a time."""

    part: Part
    servers: int


def stations(plan: Plan) -> Iterator[Station]:
    """Everything that requests wait for in a plan."""
    yield Station(Part.WEB, plan.machines * WEB_CORES)
    yield Station(Part.NETWORK, plan.machines * STREAMS)
    yield Station(Part.PRIMARY, DATABASE_CORES)
    if plan.replicas:
        yield Station(Part.REPLICAS, plan.replicas * DATABASE_CORES)
    if plan.search_servers:
        yield Station(Part.SEARCH, plan.search_servers * DATABASE_CORES)
    yield Station(Part.READS, plan.shards * STREAMS)
    yield Station(Part.SYNCS, plan.shards * STREAMS)


def demands(plan: Plan, request: Request, cost: Cost) -> Mapping[Part, float]:
    """Seconds for which one request occupies one server of each part."""
    searching = plan.search_servers > 0 and request is Request.SEARCH
    replicated = 0.0 if searching or not plan.replicas else cost.database - cost.written
    primary = 0.0 if searching else cost.database - replicated
    sent = cost.sent - (cost.offloaded if plan.offload else 0.0)
    found = {
        Part.WEB: cost.web / 1000,
        Part.NETWORK: sent * STREAMS / NETWORK_RATE,
        Part.PRIMARY: primary / 1000,
        Part.REPLICAS: replicated / 1000,
        Part.SEARCH: cost.database / 1000 if searching else 0.0,
        Part.READS: cost.reads * STREAMS / READS_RATE,
        Part.SYNCS: cost.syncs * STREAMS / SYNCS_RATE,
    }
    return {part: seconds for part, seconds in found.items() if seconds > 0}


#: The path from a few machines to many. Each line adds what the one before is short of.
PLANS = (
    Plan("10 machines", 10),
    Plan("10, searches elsewhere", 10, search_servers=1),
    Plan("10, clones from a CDN", 10, search_servers=1, offload=True),
    Plan("100 machines, the same", 100, search_servers=1, offload=True),
    Plan("100, with replicas", 100, search_servers=8, replicas=3, offload=True),
    Plan("100, storage in shards", 100, search_servers=8, replicas=3, shards=6, offload=True),
    Plan("1,000 machines, the same", 1_000, search_servers=8, replicas=3, shards=6, offload=True),
    Plan("1,000, in proportion", 1_000, search_servers=80, replicas=30, shards=60, offload=True),
)
