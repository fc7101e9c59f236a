"""Databases for a run, in the database servers of this machine, each dropped at its end."""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

_SECONDS = 5


@dataclass(frozen=True)
class Database:
    """Settings of a site that uses it, and the processes whose trees are its server; SQLite has none."""

    settings: tuple[str, ...] = ()
    process_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class DatabaseServer:
    """A database server: the address of an account that may make databases, and how to find its process."""

    name: str
    variable: str
    default: str
    package: str
    create: str
    drop: str
    find_process: Callable[[Connection], int]

    def find_missing(self) -> str:
        """Why it cannot be measured; empty if it can."""
        try:
            with self._connected():
                return ""
        except OperationalError:
            return f"{self.name} on this machine (apt install {self.package}), or its address in {self.variable}"

    @contextlib.contextmanager
    def fresh(self) -> Iterator[Database]:
        """An empty database. Raises OperationalError."""
        name = f"kallithea_bench_{secrets.token_hex(8)}"
        with self._connected() as connection:
            connection.execute(text(self.create.format(name)))
            process_id = self.find_process(connection)
        try:
            # a percent sign in an .ini is written twice
            address = self._address().set(database=name).render_as_string(hide_password=False).replace("%", "%%")
            yield Database((f"sqlalchemy.url={address}",), (process_id,))
        finally:
            with self._connected() as connection:
                connection.execute(text(self.drop.format(name)))

    def _address(self) -> URL:
        return make_url(os.environ.get(self.variable) or self.default)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(
            self._address(), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": _SECONDS}
        )
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _parent_of_session(connection: Connection) -> int:
    """PostgreSQL has a process for each connection, a child of the server. See proc(5): the name stands in brackets."""
    status = Path(f"/proc/{connection.scalar(text('SELECT pg_backend_pid()'))}/stat").read_text(errors="replace")
    return int(status.rpartition(")")[2].split()[1])


def _named_in_file(connection: Connection) -> int:
    return int(Path(str(connection.scalar(text("SELECT @@pid_file")))).read_text())


SERVERS = (
    DatabaseServer(
        "postgresql",
        "KALLITHEA_BENCH_POSTGRESQL_URL",
        "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
        "postgresql",
        "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0",
        "DROP DATABASE {} WITH (FORCE)",
        _parent_of_session,
    ),
    DatabaseServer(
        "mariadb",
        "KALLITHEA_BENCH_MARIADB_URL",
        "mariadb+pymysql://root@127.0.0.1:3306/mysql?charset=utf8mb4",
        "mariadb-server",
        "CREATE DATABASE {} CHARACTER SET utf8mb4",
        "DROP DATABASE {}",
        _named_in_file,
    ),
)
