"""The database engine, set so that units of work act alike on SQLite, PostgreSQL and MariaDB."""

import enum
import pathlib
import socket
import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from kallithea.core.file_systems import find_network_file_system
from kallithea.core.meter import METER
from kallithea.core.settings import SettingsError
from kallithea.core.storage import StorageFault
from kallithea.model.lent_connections import try_before_use
from kallithea.model.unwritable import find_database_fault

UNIT = "kallithea_unit"
#: Under which a connection keeps what reading units have found over it (``model/unchanged.py``).
FOUND = "kallithea_found"

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_SQLITE_TIMEOUT = 30
# How long a machine that is gone without a word is waited for: seconds, ``tcp_user_timeout`` in milliseconds. PyMySQL
# can only bound every answer alike, which would end a long change of tables; its sockets are told the same.
_WAITS: dict[str, dict[str, Any]] = {
    "postgresql": {
        "connect_timeout": 10,
        "tcp_user_timeout": 30_000,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    },
    "mariadb": {"connect_timeout": 10},
}
_SOCKET_WAITS = {
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): 30,
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 10,
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): 3,
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT): 30_000,
}
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
    event.listen(engine, "after_cursor_execute", _time)
    return engine


def _count(_connection: object, _cursor: Any, _text: str, _values: Any, context: Any, _many: bool) -> None:
    """Note a statement where somebody counts; what frames a unit is text of ours, compiled by nobody."""
    meter = METER.get()
    if meter is not None and context.compiled is not None:
        meter.statements += 1
        context.kallithea_began = time.perf_counter()


def _time(_connection: object, _cursor: Any, _text: str, _values: Any, context: Any, _many: bool) -> None:
    """Note how long a statement took that was counted."""
    meter = METER.get()
    if meter is not None and context.compiled is not None:
        meter.statement_seconds += time.perf_counter() - context.kallithea_began


def find_sqlite_file(url: str) -> pathlib.Path | None:
    """The file of an SQLite database; None for one in memory and for other databases. Raises SettingsError."""
    parsed = _parse(url)
    in_file = parsed.drivername.startswith("sqlite") and parsed.database not in (None, "", ":memory:")
    return pathlib.Path(str(parsed.database)) if in_file else None


def require_local_file(url: str, key: str) -> None:
    """Refuse an SQLite database on a file system of another machine. ``key``: the setting that has the URL.

    Raises SettingsError.
    """
    file = find_sqlite_file(url)
    kind = find_network_file_system(file) if file is not None else None
    if kind is not None:
        raise SettingsError(
            f"{key}: {file} lies on a network file system ({kind}), on which SQLite's files can be damaged. Move it to"
            " a disk of this machine, or use PostgreSQL or MariaDB: kallithea db-copy moves a whole site there."
        )


def name_driver(url: str) -> str:
    """The same address with the driver that is installed with us, for another library. Raises SettingsError."""
    return _parse(url).render_as_string(hide_password=False)


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
    """Each connection is tried before a unit gets it, so that a server that was started again is no failure."""
    waits = _WAITS["postgresql" if parsed.get_backend_name() == "postgresql" else "mariadb"]
    mariadb = parsed.get_backend_name() in ("mysql", "mariadb")
    engine = create_engine(
        parsed,
        # the level of reading units, who are many: on MariaDB each other one has to be asked for
        isolation_level="REPEATABLE READ" if mariadb else "READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_recycle=pool_recycle,
        # errors that nobody foresaw are logged: without what was to be stored
        hide_parameters=True,
        connect_args={name: value for name, value in waits.items() if name not in parsed.query},
    )
    try_before_use(engine)
    event.listen(engine, "handle_error", _leave_read_only)
    if mariadb:
        event.listen(engine, "connect", _bound_silence)
        event.listen(engine, "begin", _begin_mariadb)
    else:
        event.listen(engine, "checkin", _forget_mode)
    return engine


def _leave_read_only(context: ExceptionContext) -> None:
    """Connect anew to a server that refuses to write: its address may belong to another one by now."""
    problem = context.sqlalchemy_exception
    if isinstance(problem, DBAPIError) and find_database_fault(problem) is StorageFault.READ_ONLY:
        context.is_disconnect = True


def _forget_mode(connection: Any, _record: object) -> None:
    """Whether the next transaction may write is the server's affair: a standby refuses to begin one that must."""
    if connection is not None:
        connection.read_only = None


def _bound_silence(connection: Any, _record: object) -> None:
    """Have the system end a connection of PyMySQL whose machine is gone; what the server works on may last."""
    opened = getattr(connection, "_sock", None)
    if isinstance(opened, socket.socket) and opened.family in (socket.AF_INET, socket.AF_INET6):
        for (level, option), value in _SOCKET_WAITS.items():
            opened.setsockopt(level, option, value)


def for_unit(engine: Engine, unit: Unit) -> Engine:
    """The same engine and pool, with connections that begin in the given way.

    All statements of a reading unit see the database as it was at the first of them.
    """
    options: dict[str, Any] = {UNIT: unit}
    if engine.dialect.name == "postgresql" and unit is Unit.READING:
        options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    return engine.execution_options(**options)


def _open_sqlite(url: URL) -> Engine:
    try:
        timeout = float(str(url.query.get("timeout", _SQLITE_TIMEOUT)))
    except ValueError as problem:
        raise SettingsError(
            "sqlalchemy.url: write the timeout as a number of seconds, such as ?timeout=30."
        ) from problem
    url = url.difference_update_query(["timeout"])
    file = pathlib.Path(url.database) if url.database not in (None, "", ":memory:") else None
    # of the connections to a file, the one that was used last knows most of what is asked (model/unchanged.py)
    pooled = {"pool_use_lifo": True} if file else {}
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": timeout}, **pooled)
    if file:
        _require_file_that_was_there(engine, file)
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _require_file_that_was_there(engine: Engine, path: pathlib.Path) -> None:
    """SQLite makes a file that is not there; in place of one whose disk is away, it would be an empty database."""
    was_there = False

    def look(*_given: object) -> None:
        nonlocal was_there
        if path.exists():
            was_there = True
        elif was_there:
            raise sqlite3.OperationalError(f"unable to open database file: {path} is not there any more")

    event.listen(engine, "do_connect", look)


def _connect_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Leave transactions to us, and use the write-ahead log: readers go on while somebody writes."""
    connection.isolation_level = None
    cursor = connection.cursor()
    # asking is free, setting needs a lock that another process may hold
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    # the log is on the disk before anybody is told: a power cut takes nothing back
    cursor.execute("PRAGMA synchronous = FULL")
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
    if not query_only:
        connection.info.pop(FOUND, None)
    if unit == Unit.WRITING:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # This waits for nothing and cannot fail; SQLAlchemy's preparations would take longer than a reader's statement.
        connection.connection.cursor().execute("BEGIN")


def _begin_mariadb(connection: Connection) -> None:
    if connection.get_execution_options().get(UNIT) == Unit.READING:
        connection.exec_driver_sql("START TRANSACTION READ ONLY")
    else:
        # the default would show a unit that waited for a row what was there before it waited
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
