"""The state of the site as Prometheus reads it.

What is counted, all processes of this machine have added up. Names and labels are ours and few: they tell of no
repository and no person.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from kallithea.core.errors import UnavailableError
from kallithea.model.lease import Lease
from kallithea.services.application import Application
from kallithea.services.machine_state import count_git_processes, count_slots, find_sizes
from kallithea.services.scope import Services
from kallithea.services.traffic import BOUNDS
from kallithea.services.work import reading

#: The Content-Type of what ``write_metrics`` gives.
CONTENT_TYPE: str = CONTENT_TYPE_PLAIN_0_0_4

_SUMS = {
    "bytes": ("kallithea_sent_bytes", "Bytes of answers, headers left out, whoever sends them."),
    "statements": ("kallithea_statements", "Statements that requests asked the database."),
    "statement-seconds": ("kallithea_statement_seconds", "Seconds that the database took for them."),
    "repository-seconds": ("kallithea_repository_seconds", "Seconds for which requests had repositories open."),
    "processes": ("kallithea_git_processes", "Processes of git that requests started."),
}


def write_metrics(application: Application) -> bytes:
    """All metrics, in Prometheus' text format. Without the database, those that are in it are left out."""
    registry = CollectorRegistry()
    registry.register(_Site(application))
    return generate_latest(registry)


class _Site(Collector):
    def __init__(self, application: Application) -> None:
        self._application = application

    def collect(self) -> Iterable[Metric]:
        yield from _requests(self._application.tallies.read())
        yield from _caches(self._application)
        yield from _machine(self._application)
        try:
            with reading(self._application) as services:
                found = list(_jobs(services))
        except UnavailableError:
            found = []
        yield _gauge("kallithea_database_up", "Whether the database answers.", 1 if found else 0)
        yield from found


def _requests(sums: dict[str, float]) -> Iterator[Metric]:
    answered = CounterMetricFamily("kallithea_requests", "Requests that were answered.", labels=("kind", "status"))
    others = {name: CounterMetricFamily(*about, labels=("kind",)) for name, about in _SUMS.items()}
    within: dict[str, dict[int, float]] = defaultdict(dict)
    for name, value in sums.items():
        what, kind, *rest = name.split("|")
        if what == "requests":
            answered.add_metric((kind, rest[0]), value)
        elif what == "within":
            within[kind][int(rest[0])] = value
        elif what in others:
            others[what].add_metric((kind,), value)
    yield answered
    yield from others.values()
    seconds = HistogramMetricFamily("kallithea_request_seconds", "Seconds until the last byte.", labels=("kind",))
    for kind, counts in within.items():
        buckets, total = [], 0.0
        for number, bound in enumerate([*map(str, BOUNDS), "+Inf"]):
            total += counts.get(number, 0)
            buckets.append((bound, total))
        seconds.add_metric((kind,), buckets, sums.get(f"seconds|{kind}", 0.0))
    yield seconds


def _caches(application: Application) -> Iterator[Metric]:
    events = CounterMetricFamily("kallithea_cache_events", "What happened in caches.", labels=("cache", "event"))
    for cache, counts in application.caches.counts().items():
        for event in ("hits", "misses", "stored", "evicted"):
            events.add_metric((cache, event), getattr(counts, event))
    yield events


def _machine(application: Application) -> Iterator[Metric]:
    slots = GaugeMetricFamily("kallithea_slots_in_use", "Slots of this machine that are in use.", labels=("slot",))
    for kind, count in count_slots(application).items():
        slots.add_metric((kind,), count)
    yield slots
    about = "Processes of git that run on this machine, with those that they have started."
    yield _gauge("kallithea_git_processes_running", about, count_git_processes(application))
    entries = GaugeMetricFamily("kallithea_cache_entries", "Entries of caches in files.", labels=("cache",))
    sizes = GaugeMetricFamily("kallithea_cache_bytes", "Bytes in caches in files.", labels=("cache",))
    limits = GaugeMetricFamily("kallithea_cache_limit_bytes", "Bytes that caches may hold.", labels=("cache",))
    for cache, size in find_sizes(application).items():
        entries.add_metric((cache,), size.entries)
        sizes.add_metric((cache,), size.size)
        limits.add_metric((cache,), size.limit)
    yield from (entries, sizes, limits)


def _jobs(services: Services) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("kallithea_jobs", "Jobs by what becomes of them.", labels=("state",))
    for state, count in services.jobs.count().items():
        jobs.add_metric((state.value,), count)
    yield jobs
    since, now = services.job_delays.find(), services.leases.now()
    late = 0.0 if since is None else max(0.0, (now - since).total_seconds())
    yield _gauge("kallithea_jobs_late_seconds", "How long the oldest job has waited that no worker takes.", late)
    held = services.session.scalar(select(func.count()).select_from(Lease).where(Lease.expires > now)) or 0
    yield _gauge("kallithea_leases", "Works that have one owner among all machines, and have one now.", held)


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    found = GaugeMetricFamily(name, about)
    found.add_metric((), value)
    return found
