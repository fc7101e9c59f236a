"""What a request costs besides its own computing."""

import contextvars
import time


class Meter:
    """Counts what one request has asked of others since it began: statements of the database, processes of git.

    ``statement_seconds`` is how long the database took, and ``repository_seconds`` how long repositories were open.
    """

    __slots__ = ("_began", "processes", "repository_seconds", "statement_seconds", "statements")

    def __init__(self) -> None:
        self.statements = 0
        self.statement_seconds = 0.0
        self.processes = 0
        self.repository_seconds = 0.0
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """How long the request has taken until now."""
        return time.perf_counter() - self._began

    @property
    def milliseconds(self) -> int:
        """The same, rounded."""
        return round(self.seconds * 1000)


#: The meter of the request that this thread answers, or makes something for; None where nobody wants to know.
METER: contextvars.ContextVar[Meter | None] = contextvars.ContextVar("meter", default=None)
