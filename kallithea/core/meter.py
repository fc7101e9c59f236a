"""What a page costs besides its own computing."""

import time


class Meter:
    """Counts what one request has asked of others since it began: statements of the database, processes of git.

    It belongs to that request, which is answered by one thread.
    """

    __slots__ = ("_began", "processes", "statements")

    def __init__(self) -> None:
        self.statements = 0
        self.processes = 0
        self._began = time.perf_counter()

    @property
    def milliseconds(self) -> int:
        """How long the request has taken until now."""
        return round((time.perf_counter() - self._began) * 1000)
