"""Connections of a pool are tried before they are lent, and the server is asked only where it has to be.

A server that ends, or is started again, closes its connections, and the system of this machine knows that at once:
there is something to read where nobody was asked anything. A server that vanishes says nothing, so what was not used
for a while is asked as well.
"""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

#: A connection that was in use so many seconds ago is believed to work while nothing has come over it.
BELIEVED_SECONDS = 5.0

_RETURNED = "kallithea_returned"


def try_before_use(engine: Engine) -> None:
    """Replace connections that are broken before anybody gets them; with one, all that are as old."""

    def look(connection: Any, record: Any, _proxy: object) -> None:
        returned = record.info.pop(_RETURNED, None)
        if returned is None:
            # it is new
            return
        if time.monotonic() - returned < BELIEVED_SECONDS and not _has_news(engine, connection):
            return
        if not _answers(engine, connection):
            raise InvalidatePoolError

    event.listen(engine, "checkin", _note_return)
    event.listen(engine, "checkout", look)


def _note_return(_connection: object, record: Any) -> None:
    record.info[_RETURNED] = time.monotonic()


def _has_news(engine: Engine, connection: Any) -> bool:
    """Whether there is something to read, its end included; also where that cannot be found out."""
    # psycopg has the one, PyMySQL the other
    waited = connection if hasattr(connection, "fileno") else getattr(connection, "_sock", None)
    if waited is None:
        return True
    try:
        poll = select.poll()
        poll.register(waited, select.POLLIN)
        return bool(poll.poll(0))
    except (engine.dialect.loaded_dbapi.Error, ValueError, OSError):
        return True


def _answers(engine: Engine, connection: Any) -> bool:
    dialect = engine.dialect
    try:
        return bool(dialect.do_ping(connection))
    except dialect.loaded_dbapi.Error as problem:
        if dialect.is_disconnect(problem, connection, None):
            return False
        raise
