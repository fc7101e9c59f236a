"""What a database says when it cannot store anything: its disk is full, or it is read-only, such as a standby."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from kallithea.core.storage import StorageFault

_SQLITE = {sqlite3.SQLITE_FULL: StorageFault.FULL, sqlite3.SQLITE_READONLY: StorageFault.READ_ONLY}
# of an extended code, the main one
_SQLITE_MAIN = 0xFF
_POSTGRESQL = {"53100": StorageFault.FULL, "25006": StorageFault.READ_ONLY}
# ER_DISK_FULL, ER_RECORD_FILE_FULL; --read-only, a read-only transaction, a server in read-only mode
_MARIADB = {
    1021: StorageFault.FULL,
    1114: StorageFault.FULL,
    1290: StorageFault.READ_ONLY,
    1792: StorageFault.READ_ONLY,
    1836: StorageFault.READ_ONLY,
}


def find_database_fault(problem: DBAPIError) -> StorageFault | None:
    """What the database's refusal says of its storage; None where it says something else."""
    orig = problem.orig
    if isinstance(orig, sqlite3.Error):
        return _SQLITE.get(getattr(orig, "sqlite_errorcode", 0) & _SQLITE_MAIN)
    if orig is not None and orig.args and orig.args[0] in _MARIADB:
        return _MARIADB[orig.args[0]]
    return _POSTGRESQL.get(getattr(orig, "sqlstate", ""))
