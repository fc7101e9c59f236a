"""Counts what a piece of code asks of the database.

with counted(application.engine) as statements:
    ...
assert len(statements) <= 3
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, event

_FRAME = ("BEGIN", "COMMIT", "PRAGMA", "RELEASE", "ROLLBACK", "SAVEPOINT", "SET ", "START TRANSACTION")


@contextlib.contextmanager
def counted(engine: Engine, *, anew: bool = True) -> Iterator[list[str]]:
    """Collect the text of each statement that runs on the engine in the block, but not those around transactions.

    With ``anew`` nothing counts as found before, but over a connection that is in use when the block begins.
    """
    statements: list[str] = []
    if anew and engine.dialect.name == "sqlite":
        # what was found is kept with the connections
        engine.dispose()

    def note(
        connection: Connection, cursor: object, statement: str, parameters: Any, context: object, executemany: bool
    ) -> None:
        if not statement.lstrip().upper().startswith(_FRAME):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
