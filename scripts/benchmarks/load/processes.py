"""What a page costs with one, two and four processes, and how many they make in a second."""

import contextlib
import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from scripts.benchmarks.accounting import settled_cpu_seconds, wait_until_idle
from scripts.benchmarks.client import Client
from scripts.benchmarks.load.cluster import Cluster, Instance, make_instances
from scripts.benchmarks.measuring import LackError
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run

PROCESSES = "processes"

_NUMBERS = (1, 2, 4)
_VISITORS = 4
_ROUNDS = 4
_LIMIT = 1.1


def measure_processes(run: Run, cluster: Cluster, pages: Sequence[str]) -> Iterator[Row]:
    """CPU time of a page that four visitors ask for at once, and the rate, on instances of their own.

    The rounds of all take turns, so that what else the machine does is the same for each. Raises ServerError.
    """
    folder = run.folder / PROCESSES
    instances = make_instances(folder, cluster.repositories, cluster.settings, workers=_NUMBERS)
    with contextlib.ExitStack() as stack:
        for instance in instances:
            stack.callback(instance.end)
            instance.start()
        wait_until_idle([instance.process_id for instance in instances])
        try:
            costs, rates = _measure(instances, pages, run.effort.most)
        except (LackError, OSError, http.client.HTTPException) as problem:
            yield Row(PROCESSES, "", Unit.CPU, None, failure=str(problem) or type(problem).__name__)
            return
    one, bar = costs[0], costs[0] * _LIMIT
    for number, cost, rate in zip(_NUMBERS, costs, rates, strict=True):
        if number == 1:
            yield Row(PROCESSES, "1", Unit.CPU, cost)
        else:
            yield Row(PROCESSES, f"{number}", Unit.CPU, cost, peer=one, peer_name="one process", limit=bar)
        yield Row(PROCESSES, f"{number}", Unit.RATE, rate)


def _measure(instances: Sequence[Instance], pages: Sequence[str], most: int) -> tuple[list[float], list[float]]:
    """Milliseconds of CPU time for a page, and pages a second, of each instance."""
    cpu, wall, asked = [0.0] * len(instances), [0.0] * len(instances), 0
    for instance, number in zip(instances, _NUMBERS, strict=True):
        # a connection stays with one process, and each process has to have had its first pages
        _visit(instance, pages, len(pages), visitors=number * _VISITORS)
    each = max(most // _ROUNDS // _VISITORS, 1)
    for _round in range(_ROUNDS):
        asked += each * _VISITORS
        for number, instance in enumerate(instances):
            before, started = settled_cpu_seconds([instance.process_id]), time.monotonic()
            _visit(instance, pages, each)
            wall[number] += time.monotonic() - started
            cpu[number] += settled_cpu_seconds([instance.process_id]) - before
    return [seconds * 1000 / asked for seconds in cpu], [asked / seconds for seconds in wall]


def _visit(instance: Instance, pages: Sequence[str], count: int, visitors: int = _VISITORS) -> None:
    """Visitors at once, each of whom begins elsewhere and asks for so many pages. Raises LackError."""

    def ask(start: int) -> None:
        with contextlib.closing(Client(instance.port)) as client:
            for number in range(count):
                address = pages[(start + number) % len(pages)]
                answer = client.get(address)
                if answer.status != http.HTTPStatus.OK or b"</html>" not in answer.body:
                    raise LackError(f"{address}: status {answer.status}, {len(answer.body)} bytes")

    with ThreadPoolExecutor(visitors) as threads:
        list(threads.map(ask, [len(pages) * number // visitors for number in range(visitors)]))
