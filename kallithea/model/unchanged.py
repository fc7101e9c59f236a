"""What was found in an SQLite database is found again without a statement, as long as nobody has changed anything.

Clients that poll have the same few statements run again and again, which is most of what an answer takes, and each page
asks whose session it belongs to. SQLite tells a connection whether another one has committed since it asked before
(https://www.sqlite.org/pragma.html#pragma_data_version). Its own commits do not count there, so a unit that may write
forgets all. Other databases have nothing as sure that takes less than the statements.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection

from kallithea.model.engine import FOUND, UNIT, Unit

_Found = TypeVar("_Found")

# By a connection; what polls ask for is less, and what is more is found anew.
_MOST = 1000


def find_unchanged(connection: Connection, key: Hashable, find: Callable[[], _Found]) -> _Found:
    """What ``find`` finds over the connection, or has found for the same ``key`` while the database was the same.

    It follows from the key and the database alone, and nobody changes it. Raises what ``find`` raises.
    """
    found = _found_at_this_moment(connection)
    if found is None:
        return find()
    if key not in found:
        if len(found) >= _MOST:
            found.clear()
        found[key] = find()
    result: _Found = found[key]
    return result


def _found_at_this_moment(connection: Connection) -> dict[Hashable, Any] | None:
    """None where nobody can tell whether it is still true."""
    if connection.dialect.name != "sqlite" or connection.get_execution_options().get(UNIT) != Unit.READING:
        return None
    if not connection.in_transaction():
        # what a unit reads after this is of the same moment
        connection.begin()
    try:
        ((version,),) = connection.connection.cursor().execute("PRAGMA data_version").fetchall()
    except connection.dialect.loaded_dbapi.Error:
        # the statement says the same, in words that are understood
        return None
    known: tuple[int, dict[Hashable, Any]] | None = connection.info.get(FOUND)
    if known is None or known[0] != version:
        known = connection.info[FOUND] = (version, {})
    return known[1]
