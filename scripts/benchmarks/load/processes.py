"""What a page costs with two processes, against one."""

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.accounting import settled_cpu_seconds, wait_until_idle
from scripts.benchmarks.client import Client
from scripts.benchmarks.load.cluster import Cluster, Instance, make_instances
from scripts.benchmarks.rows import Row, Unit

_VISITORS = 4
_ROUNDS = 4
_LIMIT = 1.1


def measure_processes(folder: Path, cluster: Cluster, pages: Sequence[str], most: int) -> Row:
    """CPU time of a page that four visitors ask for at once, with so many requests for each figure at most.

    The rounds of both take turns, so that what else the machine does is the same for both.
    """
    instances = make_instances(folder, cluster.repositories, cluster.settings, workers=(1, 2))
    costs: dict[int, float] = dict.fromkeys(range(len(instances)), 0.0)
    asked = 0
    with contextlib.ExitStack() as stack:
        for instance in instances:
            stack.callback(instance.end)
            instance.start()
        wait_until_idle([instance.process_id for instance in instances])
        for instance in instances:
            _visit(instance, pages, len(pages))
        each = max(most // _ROUNDS // _VISITORS, 1)
        for _round in range(_ROUNDS):
            asked += each * _VISITORS
            for number, instance in enumerate(instances):
                before = settled_cpu_seconds([instance.process_id])
                _visit(instance, pages, each)
                costs[number] += settled_cpu_seconds([instance.process_id]) - before
    one, two = (costs[number] * 1000 / asked for number in costs)
    bar = one * _LIMIT
    return Row("processes", "1 and 2", Unit.CPU, two, peer=one, peer_name="one process", limit=bar)


def _visit(instance: Instance, pages: Sequence[str], count: int) -> None:
    """Four visitors, each of whom begins elsewhere and asks for so many pages."""

    def ask(start: int) -> None:
        client = Client(instance.port)
        for number in range(count):
            client.get(pages[(start + number) % len(pages)])
        client.close()

    threads = [threading.Thread(target=ask, args=(len(pages) * number // _VISITORS,)) for number in range(_VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
