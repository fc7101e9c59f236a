"""Databases with all tables and the rows of a new site: made once in a process, and used by one test after the other.

Making the tables takes a server hundreds of milliseconds, emptying them a few. A test that changes tables, or wants to
see them made, takes an empty database of ``tests.databases`` instead.
"""

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, insert, inspect, make_url, select, text
from sqlalchemy.exc import OperationalError

from kallithea.migrations.upgrade import create_schema
from kallithea.model.engine import open_engine
from tests.databases import DATABASES, fresh_database

#: Says which tables there are, and is no row of a site.
_VERSION = "alembic_version"


@dataclass
class _Server:
    """A database on a server, the tables and rows that it was made with, and a connection of our own to it."""

    url: str
    engine: Engine
    tables: list[str]
    rows: list[tuple[Table, list[dict[str, Any]]]]

    def empty(self) -> bool:
        """Make it as it was; or say that it cannot be, as tables are missing."""
        with self.engine.begin() as connection:
            kind = make_url(self.url).get_backend_name()
            _END_OTHERS[kind](connection)
            found = set(inspect(connection).get_table_names())
            if not found.issuperset(self.tables):
                return False
            for name in found.difference(self.tables):
                connection.execute(text(f"DROP TABLE {name} CASCADE"))
            _EMPTY[kind](connection, [name for name in self.tables if name != _VERSION])
            for table, rows in self.rows:
                connection.execute(insert(table), rows)
            return True


@dataclass
class PreparedDatabases:
    """What a process has prepared, in ``folder`` and on servers, until ``close``."""

    folder: Path
    _kept: ExitStack = field(default_factory=ExitStack)
    _idle: dict[str, list[_Server]] = field(default_factory=dict)

    @contextmanager
    def lend(self, kind: str, folder: Path) -> Iterator[str]:
        """The URL of a database of the kind ``sqlite``, a file in ``folder``, ``postgresql`` or ``mariadb``."""
        if kind == "sqlite":
            shutil.copyfile(self.file(), folder / "kallithea.db")
            yield f"sqlite:///{folder / 'kallithea.db'}"
            return
        idle = self._idle.setdefault(kind, [])
        # one that cannot be emptied waits for `close`
        server = idle.pop() if idle else None
        if server is None or not server.empty():
            server = self._make(kind)
        yield server.url
        idle.append(server)

    def file(self) -> Path:
        """An SQLite file with all tables, to be copied."""
        path = self.folder / "kallithea.db"
        if not path.exists():
            engine = open_engine(f"sqlite:///{path}")
            create_schema(engine)
            # the last connection to close puts everything into the one file
            engine.dispose()
        return path

    def close(self) -> None:
        """Drop them."""
        self._kept.close()

    def _make(self, kind: str) -> _Server:
        url = self._kept.enter_context(fresh_database(kind, self.folder))
        engine = open_engine(url)
        self._kept.callback(engine.dispose)
        create_schema(engine)
        names = sorted(inspect(engine).get_table_names())
        return _Server(url, engine, names, _read_rows(engine, [name for name in names if name != _VERSION]))


def _read_rows(engine: Engine, names: list[str]) -> list[tuple[Table, list[dict[str, Any]]]]:
    """The rows of tables that have any, without the ids that the server gives."""
    found = []
    with engine.connect() as connection:
        for name in _find_filled(connection, names):
            table = Table(name, MetaData(), autoload_with=connection)
            columns = [column for column in table.columns if column is not table.autoincrement_column]
            found.append((table, [dict(row) for row in connection.execute(select(*columns)).mappings()]))
    return found


def _end_others_postgresql(connection: Connection) -> None:
    """End the connections that a test or its processes have left, which may hold locks."""
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


def _end_others_mariadb(connection: Connection) -> None:
    others = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
    for number in connection.scalars(text(others)).all():
        # it may have ended meanwhile, which is all that is asked for
        with contextlib.suppress(OperationalError):
            connection.execute(text(f"KILL {number}"))


def _find_filled(connection: Connection, tables: list[str]) -> list[str]:
    each = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
    return list(connection.scalars(text(" UNION ALL ".join(each))))


def _empty_postgresql(connection: Connection, tables: list[str]) -> None:
    """Rows go table by table, as TRUNCATE makes new files for each table, index and long value.

    What searches has schemas of its own.
    """
    schemas = (
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')"
    )
    for name in connection.scalars(text(schemas)).all():
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    filled = _find_filled(connection, tables)
    if filled:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    for name in filled:
        connection.execute(text(f"DELETE FROM {name}"))
    connection.execute(
        text(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
            "FROM pg_sequences WHERE last_value IS NOT NULL"
        )
    )


def _empty_mariadb(connection: Connection, tables: list[str]) -> None:
    connection.execute(text("SET foreign_key_checks = 0"))
    for name in _find_filled(connection, tables):
        connection.execute(text(f"DELETE FROM {name}"))
    counted = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND auto_increment > 1"
    for name in connection.scalars(text(counted)).all():
        connection.execute(text(f"ALTER TABLE {name} AUTO_INCREMENT = 1"))


_END_OTHERS = {"postgresql": _end_others_postgresql, "mysql": _end_others_mariadb, "mariadb": _end_others_mariadb}
_EMPTY = {"postgresql": _empty_postgresql, "mysql": _empty_mariadb, "mariadb": _empty_mariadb}


@pytest.fixture(scope="session")
def prepared_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedDatabases]:
    """Databases with all tables, for all tests of this process."""
    prepared = PreparedDatabases(tmp_path_factory.mktemp("prepared"))
    yield prepared
    prepared.close()


@pytest.fixture(scope="session")
def migrated_file(prepared_databases: PreparedDatabases) -> Path:
    """An SQLite file with all tables, to be copied."""
    return prepared_databases.file()


@pytest.fixture(params=DATABASES)
def migrated_url(
    request: pytest.FixtureRequest, prepared_databases: PreparedDatabases, tmp_path: Path
) -> Iterator[str]:
    """Yield the SQLAlchemy URL of a database as a new site has it, on every engine."""
    with prepared_databases.lend(request.param, tmp_path) as url:
        yield url
