"""What a database says when it cannot answer now, and might later."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

# Drivers call by the same class what is wrong with a statement: SQLite's general code; a column that is not there, too
# few values, a column without one.
_SQLITE_MISTAKE = sqlite3.SQLITE_ERROR
_MARIADB_MISTAKES = frozenset({1054, 1136, 1364})


def is_outage(problem: DBAPIError) -> bool:
    """Whether it is the server or its file that is away, locked or overloaded, and not our statement that is wrong."""
    if not isinstance(problem, OperationalError | InterfaceError):
        return False
    orig = problem.orig
    if getattr(orig, "sqlite_errorcode", None) == _SQLITE_MISTAKE:
        return False
    return orig is None or not _MARIADB_MISTAKES.intersection(orig.args[:1])
