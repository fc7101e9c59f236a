"""A database of a PostgreSQL server of this machine, for the time of a run."""

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

#: The server, as libpq takes it: of an account that may make databases.
SERVER = os.environ.get("KALLITHEA_BENCH_POSTGRESQL", "host=127.0.0.1 user=postgres dbname=postgres")
_SECONDS = 5


@dataclass(frozen=True)
class Database:
    """Where it is, by the names of libpq, and the process of whose tree the server is."""

    address: Mapping[str, Any]
    process_id: int


def find_missing() -> str:
    """Why there is no server to measure; empty where there is one."""
    try:
        with psycopg.connect(SERVER, connect_timeout=_SECONDS) as connection:
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolcreatedb").fetchone()
            return "" if found is not None else f"the right to make databases, for the account of {SERVER}"
    except psycopg.OperationalError:
        return "PostgreSQL on this machine (apt install postgresql), or its address in KALLITHEA_BENCH_POSTGRESQL"


@contextlib.contextmanager
def fresh_database() -> Iterator[Database]:
    """An empty database, dropped at the end."""
    name = sql.Identifier(f"kallithea_bench_{secrets.token_hex(8)}")
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))
        try:
            address = psycopg.conninfo.conninfo_to_dict(SERVER, dbname=name.as_string().strip('"'))
            yield Database(address, _parent_of(connection.info.backend_pid))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _parent_of(process_id: int) -> int:
    """See proc(5): the name stands in brackets and may contain anything."""
    text = Path(f"/proc/{process_id}/stat").read_text(errors="replace")
    return int(text.rpartition(")")[2].split()[1])
