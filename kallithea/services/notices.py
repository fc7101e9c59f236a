"""How PostgreSQL tells workers on all machines that there is work: NOTIFY, which it sends at the commit.

Other databases cannot; there, workers on other machines look once a second. So nothing is lost without it.
"""

import contextlib
import logging
import threading
import types
from collections.abc import Callable
from typing import Any, Self

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

_CHANNEL = "kallithea_outbox"
_WAIT_SECONDS = 1.0
_PAUSE_SECONDS = 5.0


def send_notice(session: Session) -> None:
    """Tell, if and when this transaction is committed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"NOTIFY {_CHANNEL}"))


class NoticeReader:
    """A thread with a connection of its own that calls ``told`` whenever somebody has told; none where nobody can."""

    def __init__(self, engine: Engine, told: Callable[[], None]) -> None:
        self._engine = engine
        self._told = told
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)

    def __enter__(self) -> Self:
        if self._engine.dialect.name == "postgresql":
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with contextlib.closing(self._connect()) as connection:
                    self._read(connection)
            except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as problem:
                log.warning("workers of other machines are not heard for a moment: %s", type(problem).__name__)
                self._ended.wait(_PAUSE_SECONDS)

    def _connect(self) -> Any:
        """A connection of the driver that goes back to no pool: it is going to have another mode."""
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        return connection

    def _read(self, connection: Any) -> None:
        connection.rollback()
        connection.autocommit = True
        connection.execute(f"LISTEN {_CHANNEL}")
        while not self._ended.is_set():
            if list(connection.notifies(timeout=_WAIT_SECONDS, stop_after=1)):
                self._told()
