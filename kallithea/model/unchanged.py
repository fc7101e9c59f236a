"""What was found in an SQLite database is found again without a statement, as long as nobody has changed anything.

Clients that poll have the same few statements run again and again, which is most of what an answer takes, and each page
asks whose session it belongs to. SQLite tells a connection whether another one has committed since it asked before
(https://www.sqlite.org/pragma.html#pragma_data_version). Its own commits do not count there, so a unit that may write
forgets all; who writes over a connection of the driver, around all units, must not give it back to the pool. Other
databases have nothing as sure that takes less than the statements.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from kallithea.model.engine import FOUND, UNIT, Unit

_Found = TypeVar("_Found")

_QUESTION = "PRAGMA data_version"
# By a connection; what polls ask for is less, and what is more is found anew.
_MOST = 200


def find_unchanged(
    connection: Connection, key: Hashable, find: Callable[[], _Found], *, keep: Callable[[_Found], bool] | None = None
) -> _Found:
    """What ``find`` finds over the connection, or has found for the same ``key`` while the database was the same.

    It follows from the key and the database alone, and nobody changes it. With ``keep``, only what that is true of is
    found again. Raises DBAPIError, and what ``find`` raises.
    """
    found = _found_at_this_moment(connection)
    if found is not None and key in found:
        kept: _Found = found[key]
        return kept
    result = find()
    if found is not None and (keep is None or keep(result)):
        if len(found) >= _MOST:
            found.clear()
        found[key] = result
    return result


def _found_at_this_moment(connection: Connection) -> dict[Hashable, Any] | None:
    """None where nobody can tell whether it is still true."""
    if connection.dialect.name != "sqlite" or connection.get_execution_options().get(UNIT) != Unit.READING:
        return None
    if not connection.in_transaction():
        # what a unit reads after this is of the same moment
        connection.begin()
    driver_error = connection.dialect.loaded_dbapi.Error
    try:
        # by the driver: to ask by SQLAlchemy takes longer than a statement that is saved
        ((version,),) = connection.connection.cursor().execute(_QUESTION).fetchall()
    except driver_error as problem:
        raise DBAPIError.instance(_QUESTION, None, problem, driver_error) from problem
    known: tuple[int, dict[Hashable, Any]] | None = connection.info.get(FOUND)
    if known is None or known[0] != version:
        known = connection.info[FOUND] = (version, {})
    return known[1]
