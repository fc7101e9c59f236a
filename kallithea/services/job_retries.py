"""When a job that has failed is tried again."""

import datetime
import random

_FIRST_RETRY_SECONDS = 10.0
_LAST_RETRY_SECONDS = 3600.0


def retry_delay(attempt: int, jitter: float = 1.0) -> datetime.timedelta:
    """Time from a failed attempt to the next: 10 s, then three times as long each time, an hour at most."""
    return datetime.timedelta(seconds=min(_FIRST_RETRY_SECONDS * 3 ** (attempt - 1), _LAST_RETRY_SECONDS) * jitter)


def spread_delay(attempt: int) -> datetime.timedelta:
    """The same by chance a little more or less, so that jobs which failed together do not come back together."""
    return retry_delay(attempt, random.uniform(0.75, 1.25))  # noqa: S311 - only spreads the load
