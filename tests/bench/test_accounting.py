import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scripts.benchmarks import accounting
from scripts.benchmarks.accounting import anonymous_bytes, cpu_seconds, settled_cpu_seconds, wait_until_idle
from tests.bench import burner

_TICK = 1 / os.sysconf("SC_CLK_TCK")


@contextmanager
def _burning(*arguments: str) -> Iterator[tuple[int, float]]:
    """The process id of something that has taken CPU time, and how much in seconds."""
    command = [sys.executable, burner.__file__, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.pid, float(process.stdout.readline())
        process.stdin.close()


def test_time_of_a_process_and_of_its_ended_children_is_counted() -> None:
    with _burning("3", "0.1") as (process_id, taken):
        counted = settled_cpu_seconds([process_id])
    assert taken > 0.4
    assert counted == pytest.approx(taken, abs=3 * _TICK)


def test_time_of_processes_below_that_still_run_is_counted() -> None:
    with _burning("0", "0.2") as (process_id, taken):
        assert cpu_seconds([os.getpid()]) - cpu_seconds([process_id]) > 0
        assert cpu_seconds([os.getpid()]) >= taken


def test_who_works_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounting, "_IDLE_SECONDS", 0.3)
    command = [sys.executable, burner.__file__, "0", "1.0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        wait_until_idle([process.pid])
        assert cpu_seconds([process.pid]) >= 1.0


def test_a_process_named_twice_counts_once() -> None:
    with _burning("0", "0.1") as (process_id, _):
        once, twice = settled_cpu_seconds([process_id]), settled_cpu_seconds([process_id, process_id])
    assert twice == pytest.approx(once, abs=_TICK)


def test_a_process_that_is_gone_has_taken_nothing() -> None:
    with _burning("0", "0") as (process_id, _):
        pass
    assert cpu_seconds([process_id]) == 0


def test_memory_is_that_of_the_largest_process_but_for_those_left_out() -> None:
    with _burning("0", "0") as (process_id, _):
        assert anonymous_bytes([process_id], without="git") > 1_000_000
        assert anonymous_bytes([process_id], without="python") == 0
