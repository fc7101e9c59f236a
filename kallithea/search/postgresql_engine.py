"""PostgreSQL: schemas in the database of the site, which all its machines ask."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from kallithea.core.words import _
from kallithea.search import postgresql_generations as generations
from kallithea.search.engine import SearchError
from kallithea.search.postgresql_generations import Connection
from kallithea.search.postgresql_index import PostgresqlIndex

_TRIES = 3
_LOCK_SECONDS = 60
# Hashes of some 100,000 numbers have room; compiling a statement would take longer than most take.
_SETTINGS = {
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "jit": "off",
    "lock_timeout": f"{_LOCK_SECONDS}s",
    "statement_timeout": "0",
    "synchronous_commit": "on",
}


class PostgresqlEngine:
    """Implements ``engine.SearchEngine``."""

    def __init__(self, address: Mapping[str, Any]) -> None:
        """``address`` is what libpq needs to connect."""
        self._address = address

    @contextlib.contextmanager
    def open(self) -> Iterator[PostgresqlIndex]:
        """See ``engine.SearchEngine``."""
        with self._connected() as connection:
            with _told(_("The index cannot be opened.")):
                name = _hold_asked(connection)
            yield from self._opened(connection, name)

    def begin(self) -> str:
        """See ``engine.SearchEngine``."""
        with self._connected() as connection, _told(_("The index cannot be written.")):
            return generations.create(connection)

    @contextlib.contextmanager
    def open_generation(self, name: str) -> Iterator[PostgresqlIndex]:
        """See ``engine.SearchEngine``."""
        with self._connected() as connection:
            with _told(_("The index cannot be opened.")):
                found = generations.hold(connection, name)
            if not found:
                raise SearchError(_("The index cannot be opened."))
            yield from self._opened(connection, name)

    def switch(self, name: str) -> None:
        """See ``engine.SearchEngine``."""
        with self._connected() as connection, _told(_("The index cannot be written.")):
            if not generations.switch(connection, name):
                raise SearchError(_("The index cannot be opened."))
            generations.drop_old(connection)

    def drop_unfinished(self) -> None:
        """See ``engine.SearchEngine``."""
        with self._connected() as connection, _told(_("The index cannot be written.")):
            generations.drop_new(connection)

    def size(self) -> int:
        """See ``engine.SearchEngine``."""
        with self._connected() as connection, _told(_("The index cannot be read.")):
            return generations.size(connection)

    def _opened(self, connection: Connection, name: str) -> Iterator[PostgresqlIndex]:
        generations.use(connection, name)
        index = PostgresqlIndex(connection, name)
        yield index
        if index.written and not connection.closed:
            with _told(_("The index cannot be written.")):
                # the last to write to an old generation drops it; who only reads changes nothing
                generations.release(connection, name)
                generations.drop_old(connection)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        with _told(_("The index cannot be opened.")):
            connection = psycopg.connect(**self._address, autocommit=True, prepare_threshold=None)
        with contextlib.closing(connection):
            with _told(_("The index cannot be opened.")):
                connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
                _set_up(connection)
            yield connection


def _set_up(connection: Connection) -> None:
    connection.execute(
        f"SELECT {', '.join(['set_config(%s, %s, false)'] * len(_SETTINGS))}",
        [word for pair in _SETTINGS.items() for word in pair],
    )
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise SearchError(_("The index needs a database whose encoding is UTF8."))


def _hold_asked(connection: Connection) -> str:
    for _attempt in range(_TRIES):
        name = generations.find_asked(connection)
        if name is None:
            generations.start(connection)
        elif generations.hold(connection, name):
            return name
    raise SearchError(_("The index cannot be opened."))


@contextlib.contextmanager
def _told(words: str) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as problem:
        raise SearchError(
            _("The index lies in schemas of the site's database, which its account may not make there.")
        ) from problem
    except psycopg.Error as problem:
        raise SearchError(words) from problem
