"""Which version the tables of a database have, and which one this program needs.

Nothing here needs Alembic: every process asks at its start.
"""

import pathlib

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, InterfaceError

from kallithea.core.errors import KallitheaError, UnavailableError

#: Where Alembic keeps the version.
VERSION_TABLE = "alembic_version"

_VERSIONS = pathlib.Path(__file__).parent / "versions"


class SchemaError(KallitheaError):
    """The tables are not those of this program; the message says which command helps."""


def head() -> str:
    """The version that this program needs: files in ``versions`` are named ``<version>_<what it does>.py``."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """The version of the database's tables, None where there are none. Raises UnavailableError."""
    return _version(engine)[0]


def schema_exists(engine: Engine) -> bool:
    """Whether the database has tables of any version, or of an upgrade that was broken off. Raises UnavailableError."""
    return _version(engine)[1]


def require_current(engine: Engine) -> None:
    """Raise SchemaError unless the tables are those of this program, and UnavailableError if the database is away."""
    version, exists = _version(engine)
    if version == head():
        return
    if not exists:
        raise SchemaError("The database has no tables yet. Run `kallithea db-create -c FILE` with this .ini.")
    if version is not None and version > head():
        raise SchemaError(
            f"The database has version {version}, but this program knows no later one than {head()}. "
            "Install the newer program again, or restore the backup that belongs to this one."
        )
    raise SchemaError(
        f"The database has version {version or 'none yet'}, this program needs {head()}. "
        "Make a backup, then run `kallithea db-upgrade -c FILE` with this .ini."
    )


def _version(engine: Engine) -> tuple[str | None, bool]:
    """The version if there is one, and whether there are any tables."""
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            return _stored_version(connection) if VERSION_TABLE in tables else None, bool(tables)
    except (DatabaseError, InterfaceError) as problem:
        # drivers tell host, user and cause, and never the password
        raise UnavailableError(f"The database cannot be used: {problem.orig}") from problem


def _stored_version(connection: Connection) -> str | None:
    version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608  # a constant
    return None if version is None else str(version)
