"""Which version the tables of a database have, and which one this program needs.

Nothing here needs Alembic: every process asks at its start.
"""

import functools
import logging
import pathlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, InterfaceError

from kallithea.core.errors import KallitheaError, UnavailableError

log = logging.getLogger(__name__)

#: Where Alembic keeps the version, and ``upgrade`` which programs work with it: the oldest of them, by its ``head``.
VERSION_TABLE = "alembic_version"

#: A table that stands in a database as long as rows are copied into it. Only MariaDB, which has no transactions around
#: changes of tables, can show it to others.
UNFINISHED_TABLE = "unfinished_copy"

_VERSIONS = pathlib.Path(__file__).parent / "versions"


class SchemaError(KallitheaError):
    """The tables are not those of this program; the message says which command helps."""


class NewerSchemaError(SchemaError):
    """The tables are those of a later program, which has added to what this one needs."""


@functools.cache
def head() -> str:
    """The version that this program needs: files in ``versions`` are named ``<version>_<what it does>.py``.

    It stays what it was at the start of a process, whatever is installed meanwhile.
    """
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """The version of the database's tables, None where there are none. Raises UnavailableError."""
    return _look(engine).version


def schema_exists(engine: Engine) -> bool:
    """Whether the database has tables of any version, or of an upgrade that was broken off. Raises UnavailableError."""
    return bool(_look(engine).tables)


def is_half_made(engine: Engine) -> bool:
    """Whether the making of the tables was broken off, where each is kept at once. Raises UnavailableError."""
    found = _look(engine)
    return found.version is None and VERSION_TABLE in found.tables


def require_tables(engine: Engine) -> None:
    """Raise SchemaError if the database is empty, and UnavailableError if it is away."""
    _require_tables(_look(engine))


def require_current(engine: Engine) -> None:
    """Raise SchemaError unless the tables are those of this very program, and UnavailableError if it is away."""
    found = _look(engine)
    _require_usable(found)
    if found.version != head():
        raise _newer(found)


def require_usable(engine: Engine) -> None:
    """The same, but for tables of a later program that has only added to them: both may run during an upgrade."""
    _require_usable(_look(engine))


class OwedCheck:
    """The look at the tables that a process takes at its start, and again until they are such as it can use."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._owed = False

    @property
    def owed(self) -> bool:
        """Whether that look is still to come."""
        return self._owed

    def begin(self) -> None:
        """Look. Neither a database that is away nor one in the midst of an upgrade is a reason not to start."""
        self.owe()
        try:
            self.settle()
        except (SchemaError, UnavailableError) as problem:
            log.error("%s", problem)

    def owe(self) -> None:
        """Have ``settle`` look."""
        self._owed = True

    def settle(self) -> None:
        """Look if that is owed still. Raises as ``require_usable``."""
        if self._owed:
            require_usable(self._engine)
            self._owed = False


def require_no_unfinished(tables: Collection[str]) -> None:
    """Raise SchemaError if the database with these tables has got only some of the rows of another one."""
    if UNFINISHED_TABLE in tables:
        raise SchemaError(
            "A `kallithea db-copy` into this database was broken off, so that much is missing in it. "
            "Run it again: it begins anew."
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """The version and the oldest program that works with it, as far as the database says, and all tables."""

    version: str | None
    oldest_program: str | None
    tables: Collection[str]


def _require_usable(found: _Found) -> None:
    require_no_unfinished(found.tables)
    _require_tables(found)
    if found.version is None or found.version < head():
        raise SchemaError(
            f"The database has version {found.version or 'none yet'}, this program needs {head()}. "
            "Make a backup, then run `kallithea db-upgrade -c FILE` with this .ini."
        )
    # on MariaDB, an upgrade that was broken off may have taken away something before it had the later version
    oldest = found.oldest_program or found.version
    if oldest > head():
        raise _newer(found)


def _require_tables(found: _Found) -> None:
    if not found.tables:
        raise SchemaError("The database has no tables yet. Run `kallithea db-create -c FILE` with this .ini.")


def _newer(found: _Found) -> NewerSchemaError:
    version = max(found.version or "", found.oldest_program or "")
    return NewerSchemaError(
        f"The database has version {version}, but this program knows no later one than {head()}. "
        "Install the newer program again, or restore the backup that belongs to this one."
    )


def _look(engine: Engine) -> _Found:
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            stored = _read_stored(connection) if VERSION_TABLE in tables else {}
    except (DatabaseError, InterfaceError) as problem:
        # drivers tell host, user and cause, and never the password
        raise UnavailableError(f"The database cannot be used: {problem.orig}") from problem
    return _Found(stored.get("version_num"), stored.get("oldest_program"), tables)


def _read_stored(connection: Connection) -> Mapping[str, str | None]:
    """The row, whose columns are fewer in older tables."""
    row = connection.execute(text(f"SELECT * FROM {VERSION_TABLE}")).mappings().first()  # noqa: S608  # a constant
    return {} if row is None else {str(name): value for name, value in row.items()}
