"""What a database says when a unique value exists already, and when two units have waited for each other."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError

_SQLITE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
_POSTGRESQL = "23505"
_MARIADB = 1062

# deadlock, and a row that has changed since this transaction began
_OVERTAKEN_IN_POSTGRESQL = frozenset({"40P01", "40001"})
_OVERTAKEN_IN_MARIADB = frozenset({1213, 1020})


def is_duplicate(problem: IntegrityError) -> bool:
    """Whether a unique constraint or primary key was violated, and not another kind of constraint."""
    orig = problem.orig
    if getattr(orig, "sqlite_errorcode", None) in _SQLITE or getattr(orig, "sqlstate", None) == _POSTGRESQL:
        return True
    return orig is not None and orig.args[:1] == (_MARIADB,)


def is_overtaken(problem: DBAPIError) -> bool:
    """Whether the database has ended the transaction in favour of another one: begun again, it is likely to succeed.

    MariaDB forgets the savepoints of a transaction that it ends, so that going back to one hides the reason.
    """
    found: BaseException | None = problem
    while found is not None:
        if isinstance(found, DBAPIError) and _says_overtaken(found):
            return True
        found = found.__context__
    return False


def _says_overtaken(problem: DBAPIError) -> bool:
    orig = problem.orig
    if getattr(orig, "sqlstate", None) in _OVERTAKEN_IN_POSTGRESQL:
        return True
    return orig is not None and bool(_OVERTAKEN_IN_MARIADB.intersection(orig.args[:1]))
