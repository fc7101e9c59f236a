"""The database engine, set so that units of work act alike on SQLite, PostgreSQL and MariaDB."""

import enum
import pathlib
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from kallithea.core.settings import SettingsError

UNIT = "kallithea_unit"

#: The execution option that holds the Meter of whoever is asking, where somebody wants to know.
METER = "kallithea_meter"

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_SQLITE_TIMEOUT = 30
_NO_URL = "sqlalchemy.url is no address of a database; production.ini.template shows some."
_RELATIVE = (
    "sqlalchemy.url names its SQLite file by a relative path, which means another file in each folder that a program "
    "runs in: write sqlite:///%(here)s/ and the rest."
)


class Unit(enum.StrEnum):
    """Kinds of units of work, given to a connection as the execution option ``UNIT``."""

    READING = "reading"
    WRITING = "writing"


def open_engine(url: str, *, pool_size: int = 5, pool_recycle: int = 3600) -> Engine:
    """An engine for an SQLAlchemy URL; a URL without a driver gets the one that is installed with us.

    Raises SettingsError where it is no URL of a database, or its driver is not installed.
    """
    parsed = _parse(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            engine = _open_sqlite(parsed)
        elif parsed.get_backend_name() in _DRIVERS:
            engine = _open_server(parsed, pool_size, pool_recycle)
        else:
            raise SettingsError(_NO_URL)
    except NoSuchModuleError as problem:
        raise SettingsError(_NO_URL) from problem
    except ModuleNotFoundError as problem:
        raise SettingsError(
            f"sqlalchemy.url needs the Python package {problem.name}, which is not installed. Install Kallithea with "
            "its drivers: pip install 'kallithea[postgresql]' or 'kallithea[mysql]'."
        ) from problem
    event.listen(engine, "before_cursor_execute", _count)
    return engine


def _count(connection: Connection, _cursor: Any, _text: str, _values: Any, context: Any, _many: bool) -> None:
    """Note a statement where somebody counts; what frames a unit is text of ours, compiled by nobody."""
    meter = connection.get_execution_options().get(METER)
    if meter is not None and context.compiled is not None:
        meter.statements += 1


def find_sqlite_file(url: str) -> pathlib.Path | None:
    """The file of an SQLite database; None for one in memory and for other databases. Raises SettingsError."""
    parsed = _parse(url)
    in_file = parsed.drivername.startswith("sqlite") and parsed.database not in (None, "", ":memory:")
    return pathlib.Path(str(parsed.database)) if in_file else None


def find_postgresql(url: str) -> dict[str, Any] | None:
    """What psycopg connects to the PostgreSQL database of a URL by; None for other databases. Raises SettingsError."""
    parsed = _parse(url)
    if parsed.get_backend_name() != "postgresql":
        return None
    dialect = parsed.set(drivername=_DRIVERS["postgresql"]).get_dialect()()
    _arguments, values = dialect.create_connect_args(parsed)
    return dict(values)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as problem:
        # what the libraries say of it may hold the password
        raise SettingsError(_NO_URL) from problem
    if parsed.get_backend_name() == "sqlite" and parsed.database and not parsed.database.startswith(("/", ":memory:")):
        raise SettingsError(_RELATIVE)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def _open_server(parsed: URL, pool_size: int, pool_recycle: int) -> Engine:
    # MariaDB's own default shows a unit that waited for a row what was there before it waited
    engine = create_engine(
        parsed,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_recycle=pool_recycle,
        pool_pre_ping=True,
    )
    if parsed.get_backend_name() in ("mysql", "mariadb"):
        event.listen(engine, "begin", _begin_mariadb)
    return engine


def for_unit(engine: Engine, unit: Unit) -> Engine:
    """The same engine and pool, with connections that begin in the given way.

    All statements of a reading unit see the database as it was at the first of them.
    """
    options: dict[str, Any] = {UNIT: unit}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = unit is Unit.READING
        if unit is Unit.READING:
            options["isolation_level"] = "REPEATABLE READ"
    return engine.execution_options(**options)


def _open_sqlite(url: URL) -> Engine:
    try:
        timeout = float(str(url.query.get("timeout", _SQLITE_TIMEOUT)))
    except ValueError as problem:
        raise SettingsError(
            "sqlalchemy.url: write the timeout as a number of seconds, such as ?timeout=30."
        ) from problem
    url = url.difference_update_query(["timeout"])
    engine = create_engine(url, connect_args={"timeout": timeout})
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Leave transactions to us, and use the write-ahead log: readers go on while somebody writes."""
    connection.isolation_level = None
    cursor = connection.cursor()
    # asking is free, setting needs a lock that another process may hold
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writing unit takes the write lock at once: an upgrade of a reader fails whatever the timeout is."""
    unit = connection.get_execution_options().get(UNIT)
    query_only = unit == Unit.READING
    # a connection keeps this from one unit to the next
    if connection.info.get("query_only") is not query_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")
        connection.info["query_only"] = query_only
    if unit == Unit.WRITING:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # This waits for nothing and cannot fail; SQLAlchemy's preparations would take longer than a reader's statement.
        connection.connection.cursor().execute("BEGIN")


def _begin_mariadb(connection: Connection) -> None:
    if connection.get_execution_options().get(UNIT) == Unit.READING:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.exec_driver_sql("START TRANSACTION READ ONLY")
