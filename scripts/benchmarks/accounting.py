"""CPU time and memory of a server: of all its processes, those that have ended included, as Linux counts them.

A process's own time is read from its CPU clock, in nanoseconds. What its ended children took is added to it by the
kernel when it waits for them, and /proc tells that sum in clock ticks (10 ms), rounded down. So a difference of two
readings can be wrong by two ticks for each process that starts others: measure over much more than that.
See proc(5), "cutime" and "cstime", and clock_getcpuclockid(3), whose rule for the number of a clock is used here.
"""

import contextlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PROCESSES = Path("/proc")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_WHOLE_PROCESS_CLOCK = 2
_PAUSE_SECONDS = 0.01
# Who takes less than this share of a processor for so long has nothing to do.
_IDLE_SECONDS = 1.5
_IDLE_SHARE = 0.02
_ANONYMOUS = re.compile(r"^RssAnon:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Process:
    """``ended_children`` are the seconds of those that it has waited for."""

    process_id: int
    parent_id: int
    name: str
    ended_children: float


def cpu_seconds(roots: Iterable[int]) -> float:
    """What these processes and all below them have taken so far, in user and kernel mode."""
    return sum(_own_seconds(process.process_id) + process.ended_children for process in family_of(roots))


def settled_cpu_seconds(roots: Iterable[int], limit: float = 2.0) -> float:
    """The same, as soon as it stands still; after ``limit`` seconds as it is.

    A CGI program ends, and is waited for, after its answer.
    """
    deadline = time.monotonic() + limit
    last = -1.0
    while (now := cpu_seconds(roots)) != last and time.monotonic() < deadline:
        last = now
        time.sleep(_PAUSE_SECONDS)
    return now


def wait_until_idle(roots: Iterable[int], limit: float = 600.0) -> None:
    """Wait while they work of their own accord, such as on jobs after a start, but no longer than ``limit`` seconds."""
    deadline = time.monotonic() + limit
    last = -_IDLE_SECONDS
    while (now := cpu_seconds(roots)) - last > _IDLE_SHARE * _IDLE_SECONDS and time.monotonic() < deadline:
        last = now
        time.sleep(_IDLE_SECONDS)


def anonymous_bytes(roots: Iterable[int], *, without: str) -> int:
    """The most memory of its own (RssAnon) that one process has, but for those whose name begins with a word."""
    counted = [process for process in family_of(roots) if not process.name.startswith(without)]
    return max((anonymous_bytes_of(process.process_id) for process in counted), default=0)


def family_of(roots: Iterable[int]) -> list[Process]:
    """These processes and all below them."""
    everybody = {process.process_id: process for process in _processes()}
    family = set(roots) & everybody.keys()
    while more := {number for number, process in everybody.items() if process.parent_id in family} - family:
        family |= more
    return [everybody[number] for number in family]


def _processes() -> Iterator[Process]:
    for folder in _PROCESSES.iterdir():
        if folder.name.isdecimal():
            # whoever ends between the two lines is counted by its parent the next time
            with contextlib.suppress(OSError):
                yield _parse(int(folder.name), (folder / "stat").read_text(errors="replace"))


def _parse(process_id: int, text: str) -> Process:
    """A line of /proc/PID/stat; the name stands in brackets and may contain anything."""
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    return Process(process_id, int(fields[1]), name, (int(fields[13]) + int(fields[14])) / _TICKS_PER_SECOND)


def _own_seconds(process_id: int) -> float:
    try:
        return time.clock_gettime((~process_id << 3) | _WHOLE_PROCESS_CLOCK)
    except OSError:
        return 0.0


def anonymous_bytes_of(process_id: int) -> int:
    """The memory of its own (RssAnon) that a process has; 0 if there is none."""
    try:
        found = _ANONYMOUS.search((_PROCESSES / str(process_id) / "status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) * 1024 if found else 0
