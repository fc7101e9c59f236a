"""Leases: which process is the one owner of periodic work, by the database's clock."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from kallithea.model.meta import Table, UtcDateTime

_UPKEEP = "upkeep:"
_INDEX = f"{_UPKEEP}index:"

#: Name of the lease whose owner is about to have another index asked. Meanwhile nobody changes the present one.
INDEX_SWITCH = "index switch"
#: Name of the lease whose owner makes a new index beside the present one.
INDEX_REBUILD = "index rebuild"
#: Name of the lease whose owner writes to an index that has one writer.
INDEX_WRITER = "index"


class Lease(Table):
    """Held by ``owner`` until ``expires``. ``fence`` grows at each change of owner, so that a late one is recognised.

    ``renewed`` is when the periodic work was last done.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    fence: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[datetime.datetime]
    renewed: Mapped[datetime.datetime | None]


def upkeep_lease(repository_id: int) -> str:
    """Name of the lease whose owner does a repository's upkeep."""
    return f"{_UPKEEP}{repository_id}"


def index_lease(repository_id: int, generation: str | None = None) -> str:
    """Name of the lease whose owner indexes a repository: in the index that is asked, or in a generation aside."""
    return f"{_INDEX}{repository_id}" if generation is None else f"{_UPKEEP}index aside:{generation}:{repository_id}"


def held_index_leases(now: datetime.datetime) -> ColumnElement[bool]:
    """The leases of those who are changing the index that is asked."""
    return and_(Lease.name.startswith(_INDEX), Lease.expires > now)


def unused_upkeep_leases(before: datetime.datetime) -> ColumnElement[bool]:
    """Those leases of repositories that say nothing any more."""
    renewed = or_(Lease.renewed.is_(None), Lease.renewed < before)
    return and_(Lease.name.startswith(_UPKEEP), Lease.expires < before, renewed)


class DatabaseNow(FunctionElement[datetime.datetime]):
    """The database's clock at this very moment, not at the begin of the transaction."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(DatabaseNow, "sqlite")
def _sqlite_now(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


@compiles(DatabaseNow, "postgresql")
def _postgresql_now(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    return "(clock_timestamp() AT TIME ZONE 'UTC')"


@compiles(DatabaseNow, "mysql", "mariadb")
def _mariadb_now(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    return "UTC_TIMESTAMP(6)"
