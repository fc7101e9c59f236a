"""The time of a database server, as the one clock of all machines that use it.

Machines whose own clocks differ would take each other's jobs for lost, and sessions and links for ended. It is asked
when a connection is lent and it was not lately; from then on the time goes on by a clock that nobody sets, so that a
machine whose own clock makes a step does no harm.
"""

import contextlib
import datetime
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kallithea.core.steady_clock import steady_seconds
from kallithea.model.lease import DatabaseNow

# Clocks run at different speeds, and that of the database may be set anew: after so many seconds it is asked again.
_TRUSTED_SECONDS = 30.0


class DatabaseClock:
    """Gives the present, aware, in UTC: that of the database, or that of ``local`` as long as it could not be asked.

    While it is away, the last answer counts. SQLite has no clock but that of the machine.
    """

    def __init__(self, engine: Engine, local: Callable[[], datetime.datetime]) -> None:
        self._engine = engine
        self._local = local
        #: What the database said last, and when that was by the steady clock: one value, since threads share it.
        self._told: tuple[datetime.datetime, float] | None = None
        self._shared = engine.dialect.name != "sqlite"
        if self._shared:
            self._question = str(select(DatabaseNow()).compile(engine))
            event.listen(engine, "checkout", self._look)

    def __call__(self) -> datetime.datetime:
        """The present."""
        if self._shared and self._told is None:
            with contextlib.suppress(DBAPIError, PoolTimeoutError):
                self._engine.connect().close()
        if self._told is None:
            return self._local()
        told, at = self._told
        return told + datetime.timedelta(seconds=steady_seconds() - at)

    def _look(self, connection: Any, _record: object, _proxy: object) -> None:
        """Ask over a connection of the driver, before a transaction begins on it."""
        if self._told is not None and steady_seconds() - self._told[1] < _TRUSTED_SECONDS:
            return
        # who is lent a connection that does not work finds out with the first statement
        with contextlib.suppress(self._engine.dialect.loaded_dbapi.Error):
            self._told = self._ask(connection)

    def _ask(self, connection: Any) -> tuple[datetime.datetime, float]:
        cursor = connection.cursor()
        try:
            before = steady_seconds()
            cursor.execute(self._question)
            (told,) = cursor.fetchone()
            after = steady_seconds()
        finally:
            cursor.close()
            connection.rollback()
        # the answer is from between question and answer
        return told.replace(tzinfo=datetime.UTC), (before + after) / 2
