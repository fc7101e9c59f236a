"""Makes the tables of a database, and brings those of an earlier version up to date, one revision after the other."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from kallithea.core.errors import UnavailableError
from kallithea.migrations.schema import (
    UNFINISHED_TABLE,
    VERSION_TABLE,
    SchemaError,
    require_no_unfinished,
    schema_exists,
)

# A number that other programs on the same PostgreSQL database are unlikely to lock.
_LOCK_NUMBER = 4_201_177_341
# As kallithea.model.engine calls it: the whole upgrade is one writing unit.
_WRITING = {"kallithea_unit": "writing"}
# A change of a table waits for whoever reads it, and all who come later wait behind it.
_WAIT_SECONDS = 5
_IN_USE_IN_POSTGRESQL = "55P03"
_IN_USE_IN_MARIADB = 1205


def create_schema(engine: Engine) -> None:
    """Make the tables in an empty database. Raises SchemaError if it is not empty, UnavailableError."""
    if schema_exists(engine):
        raise SchemaError("The database has tables already. `kallithea db-upgrade` brings them up to date.")
    upgrade_schema(engine)


def upgrade_schema(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to this revision. What was broken off goes on where it stopped; nothing is done twice.

    Raises SchemaError if the tables are not Kallithea's or of a newer version, UnavailableError.
    """
    with _alone(engine) as connection:
        require_no_unfinished(inspect(connection).get_table_names())
        _upgrade(connection, revision)


def create_filled_schema(engine: Engine, fill: Callable[[Connection], None]) -> None:
    """Make the tables in an empty database and let ``fill`` put rows into them, all of it or nothing.

    MariaDB commits changes of tables at once: there a table says so until all rows are in, and a further call takes
    away what a broken one has left. Raises SchemaError if the database is not empty, UnavailableError, and what
    ``fill`` raises.
    """
    with _alone(engine) as connection:
        tables = inspect(connection).get_table_names()
        if UNFINISHED_TABLE in tables:
            _drop_everything(connection)
        elif tables:
            raise SchemaError(
                f"The database to copy to is not empty: it has {len(tables)} tables, such as {min(tables)}. "
                "Name an empty one."
            )
        connection.execute(text(f"CREATE TABLE {UNFINISHED_TABLE} (begun INTEGER)"))
        _upgrade(connection, "head")
        fill(connection)
        connection.execute(text(f"DROP TABLE {UNFINISHED_TABLE}"))


def _drop_everything(connection: Connection) -> None:
    """The mark goes last, so that a further try is possible after each step."""
    found = MetaData()
    found.reflect(connection)
    mark = found.tables[UNFINISHED_TABLE]
    found.drop_all(connection, [table for table in found.tables.values() if table is not mark])
    mark.drop(connection)


def downgrade_schema(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier revision, ``base`` for none at all. What only later ones can hold is lost."""
    with _alone(engine) as connection:
        command.downgrade(_config(connection), revision)


def _upgrade(connection: Connection, revision: str) -> None:
    """Take the steps. Which programs do not work afterwards is stored before anything is taken away from them."""
    config = _config(connection)
    oldest = _find_oldest_program(ScriptDirectory.from_config(config), revision)
    _store_oldest_program(connection, oldest)
    command.upgrade(config, revision)
    # before, there may have been no place for it
    _store_oldest_program(connection, oldest)


def _find_oldest_program(steps: ScriptDirectory, revision: str) -> str:
    """The version of the last step that takes something away, and says ``contracts = True``; else of the first."""
    found = list(steps.iterate_revisions(revision, "base"))
    return next((step.revision for step in found if getattr(step.module, "contracts", False)), found[-1].revision)


def _store_oldest_program(connection: Connection, oldest: str) -> None:
    inspector = inspect(connection)
    if inspector.has_table(VERSION_TABLE) and any(
        column["name"] == "oldest_program" for column in inspector.get_columns(VERSION_TABLE)
    ):
        connection.execute(
            text(
                f"UPDATE {VERSION_TABLE} SET oldest_program = :oldest"  # noqa: S608  # a constant
                " WHERE oldest_program IS NULL OR oldest_program < :oldest"
            ),
            {"oldest": oldest},
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "kallithea:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction, while no other process changes tables; it commits at its end.

    MariaDB commits after each change of a table, whatever one asks for: there the steps themselves can be repeated.
    """
    try:
        writing = engine.execution_options(**_WRITING)
        with writing.connect() as connection, _LOCKS[engine.dialect.name](connection), connection.begin():
            yield connection
    except CommandError as problem:
        raise SchemaError(
            f"The database has a version that this program does not know; it may be a newer one's. ({problem})"
        ) from problem
    except (OperationalError, InterfaceError) as problem:
        if _is_in_use(problem):
            raise UnavailableError(
                f"Something has been reading the tables for {_WAIT_SECONDS} seconds, such as a dump. To wait for it"
                " would keep all pages waiting: let it end, and run this again."
            ) from problem
        raise UnavailableError(f"The tables could not be changed: {problem.orig}") from problem


def _is_in_use(problem: DBAPIError) -> bool:
    orig = problem.orig
    if getattr(orig, "sqlstate", None) == _IN_USE_IN_POSTGRESQL:
        return True
    return orig is not None and orig.args[:1] == (_IN_USE_IN_MARIADB,)


@contextlib.contextmanager
def _lock_sqlite(connection: Connection) -> Iterator[None]:
    """The transaction is the lock. Changing a table copies and drops it: that must not delete what refers to it."""
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


@contextlib.contextmanager
def _lock_postgresql(connection: Connection) -> Iterator[None]:
    """A lock of the session, which ends with it if the process dies."""
    connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK_NUMBER})
    connection.execute(text(f"SET lock_timeout = '{_WAIT_SECONDS}s'"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("RESET lock_timeout"))
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK_NUMBER})
        connection.commit()


@contextlib.contextmanager
def _lock_mariadb(connection: Connection) -> Iterator[None]:
    """A lock of the session. Its name holds for the whole server, so that of the database is in it."""
    name = {"name": f"kallithea-{connection.engine.url.database}"[:64]}
    if not connection.scalar(text("SELECT GET_LOCK(:name, 600)"), name):
        raise UnavailableError("Another process has been changing the tables for ten minutes.")
    connection.execute(text(f"SET SESSION lock_wait_timeout = {_WAIT_SECONDS}"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SET SESSION lock_wait_timeout = DEFAULT"))
        connection.execute(text("SELECT RELEASE_LOCK(:name)"), name)
        connection.commit()


_LOCKS = {
    "sqlite": _lock_sqlite,
    "postgresql": _lock_postgresql,
    "mysql": _lock_mariadb,
    "mariadb": _lock_mariadb,
}
