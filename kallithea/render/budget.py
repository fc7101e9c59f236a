"""How much work one rendering may be, and why there is none: both are decided by what somebody has pushed."""

import time


class TooCostlyError(Exception):
    """A rendering takes more than its budget."""


class UnreadableError(Exception):
    """A file cannot be read as what its name says it is."""


class Budget:
    """Seconds of this thread's own work. A busy machine does not count, so that the answer is the same every time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.thread_time() + seconds

    def check(self) -> None:
        """Raise TooCostlyError once the seconds are used up."""
        if time.thread_time() > self._end:
            raise TooCostlyError
