"""Which of several indexes in a database is asked: a table names it. Each has a schema of its own.

Who reads or writes a generation holds a lock on it that others share, and a generation that is not asked any more is
dropped only while nobody holds one. So nobody's index goes away while it is open.
"""

import secrets
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from kallithea.search.postgresql_schema import INDEXES, TABLES

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

_SCHEMA = "kallithea_index"
# Any number, the same in all processes.
_CHANGING = 0x6B616C6C69746865
_TABLE = """
CREATE SCHEMA IF NOT EXISTS kallithea_index;
CREATE TABLE IF NOT EXISTS kallithea_index.generations (name text PRIMARY KEY, state text NOT NULL);
"""
_NEW, _ASKED, _OLD = "new", "asked", "old"


def find_asked(connection: Connection) -> str | None:
    """The generation that is asked, None where there is none yet."""
    try:
        row = connection.execute("SELECT name FROM kallithea_index.generations WHERE state = %s", (_ASKED,)).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return row[0] if row is not None else None


def hold(connection: Connection, name: str) -> bool:
    """Keep a generation from being dropped while the connection lasts; False where it is not there any more."""
    connection.execute("SELECT pg_advisory_lock_shared(%s)", (_number(name),))
    # it may have been dropped before the lock was there
    found = connection.execute("SELECT 1 FROM kallithea_index.generations WHERE name = %s", (name,)).fetchone()
    if found is None:
        connection.execute("SELECT pg_advisory_unlock_shared(%s)", (_number(name),))
    return found is not None


def release(connection: Connection, name: str) -> None:
    """Give up what ``hold`` has given."""
    connection.execute("SELECT pg_advisory_unlock_shared(%s)", (_number(name),))


def start(connection: Connection) -> None:
    """Make an empty generation and have it asked, if none is."""
    with connection.transaction():
        _begin_change(connection)
        if find_asked(connection) is None:
            _create(connection, _ASKED, TABLES + INDEXES)


def create(connection: Connection) -> str:
    """Make an empty generation that is not asked; the answer names it."""
    with connection.transaction():
        _begin_change(connection)
        return _create(connection, _NEW, TABLES)


def switch(connection: Connection, name: str) -> bool:
    """Complete a generation and have it asked; False where it is not there."""
    if not hold(connection, name):
        return False
    use(connection, name)
    connection.execute(INDEXES)
    connection.execute("ANALYZE documents, texts, words")
    with connection.transaction():
        _begin_change(connection)
        connection.execute(
            "UPDATE kallithea_index.generations SET state = CASE WHEN name = %s THEN %s ELSE %s END",
            (name, _ASKED, _OLD),
        )
    return True


def drop_new(connection: Connection) -> None:
    """Drop generations that were begun and are not asked, as ``drop_old`` does."""
    with connection.transaction():
        _begin_change(connection)
        connection.execute("UPDATE kallithea_index.generations SET state = %s WHERE state = %s", (_OLD, _NEW))
    drop_old(connection)


def drop_old(connection: Connection) -> None:
    """Drop generations that were asked, or were to be, and that nobody holds."""
    rows = connection.execute("SELECT name FROM kallithea_index.generations WHERE state = %s", (_OLD,)).fetchall()
    for (name,) in rows:
        with connection.transaction():
            free = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_number(name),)).fetchone()
            if free == (True,):
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(_schema(name)))
                connection.execute("DELETE FROM kallithea_index.generations WHERE name = %s", (name,))


def use(connection: Connection, name: str) -> None:
    """Have statements of the connection mean the tables of a generation."""
    connection.execute(sql.SQL("SET search_path TO {}").format(_schema(name)))


def size(connection: Connection) -> int:
    """Bytes of all generations."""
    row = connection.execute(
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE starts_with(n.nspname, %s) AND c.relkind = 'r'",
        (_SCHEMA,),
    ).fetchone()
    return int(row[0] or 0) if row is not None else 0


def _begin_change(connection: Connection) -> None:
    """One change of the list at a time; two that make the same schema at once would fail."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_CHANGING,))
    connection.execute(_TABLE)


def _create(connection: Connection, state: str, statements: str) -> str:
    name = secrets.token_hex(8)
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(_schema(name)))
    use(connection, name)
    connection.execute(statements)
    connection.execute("INSERT INTO kallithea_index.generations VALUES (%s, %s)", (name, state))
    return name


def _schema(name: str) -> sql.Identifier:
    return sql.Identifier(f"{_SCHEMA}_{name}")


def _number(name: str) -> int:
    """The lock of a generation is its name, as PostgreSQL counts."""
    return int.from_bytes(bytes.fromhex(name), signed=True)
