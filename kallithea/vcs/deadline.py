"""The end of the time that something may take."""

import time

from kallithea.core.words import _
from kallithea.vcs.types import LimitExceededError


class Deadline:
    """Some seconds from now."""

    def __init__(self, seconds: float, words: str = "") -> None:
        """``words`` say what took too long."""
        self._words = words or _("This took longer than %(seconds)s seconds.", seconds=f"{seconds:g}")
        self._end = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Seconds that are left, 0 at the end."""
        return max(self._end - time.monotonic(), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self.seconds_left == 0

    def left(self) -> float:
        """Seconds that are left, more than none. Raises LimitExceededError."""
        left = self.seconds_left
        if left == 0:
            raise LimitExceededError(self._words)
        return left

    def check(self) -> None:
        """Raise LimitExceededError if the time is over."""
        self.left()
