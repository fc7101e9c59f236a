"""Counts what a piece of code asks of the database.

with counted(application.engine) as statements:
    ...
assert len(statements) <= 3
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from kallithea.model.engine import FOUND

_FRAME = ("BEGIN", "COMMIT", "PRAGMA", "RELEASE", "ROLLBACK", "SAVEPOINT", "SET ", "START TRANSACTION")


@contextlib.contextmanager
def counted(engine: Engine, *, anew: bool = True) -> Iterator[list[str]]:
    """Collect the text of each statement that runs on the engine in the block, but not those around transactions.

    With ``anew`` nothing counts as found before, but over a connection that is in use when the block begins.
    """
    statements: list[str] = []
    used: list[ConnectionPoolEntry] = []

    def forget(_driver_connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if entry not in used:
            used.append(entry)
            entry.info.pop(FOUND, None)

    def note(
        connection: Connection, cursor: object, statement: str, parameters: Any, context: object, executemany: bool
    ) -> None:
        if not statement.lstrip().upper().startswith(_FRAME):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    if anew:
        event.listen(engine, "checkout", forget)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
        if anew:
            event.remove(engine, "checkout", forget)
