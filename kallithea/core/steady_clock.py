"""A clock that nobody sets: a step of the machine's clock changes nothing about it."""

import time

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_seconds() -> float:
    """Seconds since the machine was started, also those that it slept. All its processes have the same."""
    return time.clock_gettime(_CLOCK)
