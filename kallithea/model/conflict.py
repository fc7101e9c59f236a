"""What a database says when a unique value exists already."""

import sqlite3

from sqlalchemy.exc import IntegrityError

_SQLITE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
_POSTGRESQL = "23505"
_MARIADB = 1062


def is_duplicate(problem: IntegrityError) -> bool:
    """Whether a unique constraint or primary key was violated, and not another kind of constraint."""
    orig = problem.orig
    if getattr(orig, "sqlite_errorcode", None) in _SQLITE or getattr(orig, "sqlstate", None) == _POSTGRESQL:
        return True
    return orig is not None and orig.args[:1] == (_MARIADB,)
