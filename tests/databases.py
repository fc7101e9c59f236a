"""A fresh, empty database for a test, on every engine that Kallithea supports.

A test that asks for the fixture `database_url` runs once on SQLite and, with --services, once each on PostgreSQL and
MariaDB. The servers' addresses are SQLAlchemy URLs of an account that may create databases.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

_SERVERS = {
    "postgresql": ("KALLITHEA_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"),
    "mariadb": ("KALLITHEA_TEST_MARIADB", "mariadb+pymysql://root@127.0.0.1:3306/mysql?charset=utf8mb4"),
}

DATABASES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.services),
    pytest.param("mariadb", id="mariadb", marks=pytest.mark.services),
]


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty database, and drop the database afterwards."""
    with fresh_database(request.param, tmp_path) as url:
        yield url


def database_urls(config: pytest.Config) -> list[str]:
    """List the addresses of the database servers that this run uses; SQLite needs none."""
    return [server_url(kind).render_as_string(False) for kind in _SERVERS] if config.getoption("services") else []


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Make an empty database of the kind `sqlite` (a file in `folder`), `postgresql` or `mariadb`; drop it at the end.

    A server that cannot be reached fails the test.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kallithea.db'}"
        return
    name = f"kallithea_test_{uuid.uuid4().hex[:16]}"
    server = server_url(kind)
    charset = " CHARACTER SET utf8mb4" if kind == "mariadb" else ""
    with _connected(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name}{charset}"))
        if kind == "postgresql":
            # no test cuts the power
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        force = " WITH (FORCE)" if kind == "postgresql" else ""
        with _connected(server) as connection:
            connection.execute(text(f"DROP DATABASE {name}{force}"))


def server_url(kind: str) -> URL:
    """Return the address of a database server, from its environment variable or at its usual port."""
    variable, default = _SERVERS[kind]
    return make_url(os.environ.get(variable) or default)


@contextmanager
def _connected(server: URL) -> Iterator[Connection]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as problem:
        pytest.fail(f"{server.render_as_string()} does not serve: {problem.orig}")
    finally:
        engine.dispose()
