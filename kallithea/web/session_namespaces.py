"""Where Beaker keeps sessions outside of the cookie: as JSON or as text.

Beaker's own namespaces unpickle whatever a file, a table or a server has, whichever serializer is chosen for what is in
it. So whoever could write there could run code here. What these cannot read is no session.
"""

import json
import pathlib
import zlib
from typing import Any

from sqlalchemy import Column, DateTime, Engine, Integer, MetaData, PickleType, String, Table, engine_from_config

from kallithea.cache.beaker_servers import MemcachedBytes, RedisBytes
from kallithea.cache.beaker_setup import (
    FileNamespaceManager,
    JsonSerializer,
    SqlaNamespaceManager,
    SyncDict,
    safe_write,
)


class SessionSerializer(JsonSerializer):  # type: ignore[misc]
    """What Beaker keeps of a session, in the cookie too: JSON, compressed."""

    def loads(self, data_string: bytes) -> dict[str, Any]:
        """The session. Raises ValueError where this is none."""
        try:
            found = super().loads(data_string)
        except zlib.error as problem:
            raise ValueError("no session") from problem
        if isinstance(found, dict):
            return found
        raise ValueError("no session")


class _Texts:
    """Beaker's values of one session by their keys, as JSON. SQLAlchemy asks for these methods of ``pickle``."""

    @staticmethod
    def dumps(values: dict[str, str], _protocol: int = 0) -> bytes:
        return json.dumps(values).encode()

    @staticmethod
    def loads(data: bytes) -> dict[str, str]:
        """None where these are no values."""
        try:
            found = json.loads(data)
        except ValueError:
            return {}
        if not isinstance(found, dict):
            return {}
        return {key: value for key, value in found.items() if isinstance(value, str)}


class FileSessions(FileNamespaceManager):  # type: ignore[misc]
    """A file for each session."""

    def do_open(self, flags: str, replace: bool) -> None:
        """Read the file, unless all of it is going to be replaced."""
        try:
            self.hash = {} if replace else _Texts.loads(pathlib.Path(self.file).read_bytes())
        except (FileNotFoundError, PermissionError):
            self.hash = {}
        self.flags: str | None = flags

    def do_close(self) -> None:
        """Write the file, if it was opened for that."""
        if self.flags in ("c", "w"):
            safe_write(self.file, _Texts.dumps(self.hash))
        self.hash, self.flags = {}, None


class TableSessions(SqlaNamespaceManager):  # type: ignore[misc]
    """A row for each session, in the table that Beaker's ``ext:database`` makes."""

    tables = SyncDict()
    lock_dir = ""

    def __init__(self, namespace: str, url: str, table_name: str, sa_opts: dict[str, str], **_others: Any) -> None:
        engine: Engine = self.binds.get(
            url, lambda: engine_from_config({**sa_opts, "sa.url": url, "sa.hide_parameters": True}, "sa.")
        )
        table = self.tables.get(f"{url} {table_name}", lambda: _make_table(engine, table_name))
        super().__init__(namespace, engine, table)


def _make_table(engine: Engine, name: str) -> Table:
    table = Table(
        name,
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("namespace", String(255), nullable=False, unique=True),
        Column("accessed", DateTime, nullable=False),
        Column("created", DateTime, nullable=False),
        Column("data", PickleType(pickler=_Texts), nullable=False),
    )
    table.create(bind=engine, checkfirst=True)
    return table


class RedisSessions(RedisBytes):
    """A value of a Redis server for each session."""

    def __getitem__(self, key: str) -> str:  # type: ignore[override]
        return super().__getitem__(key).decode("ascii")


class MemcachedSessions(MemcachedBytes):
    """A value of a memcached server for each session."""

    def __getitem__(self, key: str) -> str:  # type: ignore[override]
        return super().__getitem__(key).decode("ascii")

    def set_value(self, key: str, value: str, expiretime: int | None = None) -> None:  # type: ignore[override]
        """Store the value."""
        super().set_value(key, value.encode("ascii"), expiretime)


#: By the names that the .ini has for them.
NAMESPACES = {
    "file": FileSessions,
    "ext:database": TableSessions,
    "ext:redis": RedisSessions,
    "ext:memcached": MemcachedSessions,
}
