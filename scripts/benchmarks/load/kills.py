"""Kills at random moments, and restarts that nobody notices, while everybody is at work."""

import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.load.cluster import Cluster, Instance
from scripts.benchmarks.load.haproxy import SERVERS, Front
from scripts.benchmarks.load.tally import Death
from scripts.benchmarks.serving import ServerError

# Between a kill and the next one: a process that was killed is there again before.
_LEAST_SECONDS, _MOST_SECONDS = 0.5, 2.5
_REPLACED_SECONDS = 120


def kill_at_random(cluster: Cluster, count: int, seed: int) -> Sequence[Death]:
    """Kill any process of any instance (SIGKILL), so many times.

    An instance whose main process was killed is swept away and started again, as by systemd. It has died when all of
    its processes that answer have: they share the socket that clients connect to.
    """
    deaths: list[Death] = []
    chance = random.Random(seed)  # noqa: S311 - no secret
    while len(deaths) < count:
        time.sleep(chance.uniform(_LEAST_SECONDS, _MOST_SECONDS))
        instance = chance.choice(list(cluster.instances))
        workers = instance.workers()
        victim = chance.choice(instance.processes())
        main, what, begin = victim == instance.process_id, _describe(instance, workers, victim), time.monotonic()
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            # it has ended by itself
            continue
        if main:
            instance.sweep()
        for process_id in workers if main else [victim]:
            _wait_until_dead(process_id)
        deaths.append(Death(what, begin, time.monotonic(), answered=main or victim in workers))
        if main:
            instance.start()
    return deaths


def _describe(instance: Instance, workers: Sequence[int], victim: int) -> str:
    if victim == instance.process_id:
        return "a main process"
    try:
        return "a process that answers" if victim in workers else Path(f"/proc/{victim}/comm").read_text().strip()
    except OSError:
        return "a process"


def _wait_until_dead(process_id: int) -> None:
    """Until none of its threads can hold a connection open. Nobody may have waited for it yet; see proc(5), "state"."""
    deadline = time.monotonic() + _REPLACED_SECONDS
    while not _is_dead(Path(f"/proc/{process_id}")) and time.monotonic() < deadline:
        time.sleep(0.005)


def _is_dead(process: Path) -> bool:
    try:
        state = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        return state in "ZX" and len(list((process / "task").iterdir())) <= 1
    except OSError:
        return True


def roll(cluster: Cluster, front: Front) -> None:
    """Restart one instance after the other, each while nothing is sent to it; then replace all processes of both."""
    for name, instance in zip(SERVERS, cluster.instances, strict=True):
        front.take_out(name)
        instance.end()
        instance.start()
        front.take_in(name)
    for instance in cluster.instances:
        _replace(instance)


def _replace(instance: Instance) -> None:
    before = set(instance.workers())
    instance.reload()
    deadline = time.monotonic() + _REPLACED_SECONDS
    while (now := set(instance.workers())) & before or not now:
        if time.monotonic() > deadline:
            raise ServerError(f"Processes {sorted(now & before)} were not replaced.")
        time.sleep(0.2)
