"""What is open until the end of a ``with`` block."""

import abc
import time
import types
from typing import Self

from kallithea.core.meter import METER


class Closing(abc.ABC):
    """Closes itself at the end of the block, whatever ends it; the request's meter is told how long that took."""

    _entered = 0.0

    @abc.abstractmethod
    def close(self) -> None:
        """Free what is held."""

    def __enter__(self) -> Self:
        self._entered = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.close()
        self.note_time()

    def note_time(self) -> None:
        """Called at the end of the block."""
        meter = METER.get()
        if meter is not None:
            meter.repository_seconds += time.perf_counter() - self._entered
