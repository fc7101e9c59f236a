"""A whole database, copied into an empty one of any engine and compared afterwards.

Values pass through the types of the model, which mean the same on every engine. The search index of PostgreSQL lies in
a schema of its own and is no part of it: it is made anew from the repositories.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Table, bindparam, delete, insert, null, select, update
from sqlalchemy.exc import DataError, IntegrityError

from kallithea.core.errors import ConflictError
from kallithea.migrations.schema import require_current
from kallithea.migrations.upgrade import create_filled_schema
from kallithea.model.engine import Unit, for_unit
from kallithea.model.id_counters import read_next_id, write_next_id
from kallithea.model.tables import METADATA

# A row may have megabytes; what is fetched and sent at once is bounded by both.
_FETCHED_ROWS = 50
_SENT_ROWS = 500
_SENT_SIZE = 4_000_000

_DIGEST_RANGE = 1 << 256


@dataclass(slots=True)
class TableSum:
    """How many rows a table has, and one number that any other row in it would change.

    The number is the sum of the SHA-256 hashes of all rows: engines sort texts differently, and a sum has no order.
    """

    name: str
    rows: int = 0
    digest: int = 0

    def add(self, row: Iterable[object]) -> int:
        """Count one more row; returns its size in bytes, as text."""
        said = json.dumps(list(row), default=_as_json).encode()
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(hashlib.sha256(said).digest())) % _DIGEST_RANGE
        return len(said)


def copy_database(source: Engine, target: Engine, tell: Callable[[TableSum], None]) -> list[TableSum]:
    """Copy everything; ``tell`` is called after each table. The source is seen as it is when this begins.

    Raises SchemaError where the source is of another version or the target is not empty, ConflictError where the target
    cannot hold what the source has, UnavailableError. The target is then as empty as it was, or refused at each start.
    """
    require_current(source)
    sums: list[TableSum] = []

    def fill(written: Connection) -> None:
        with for_unit(source, Unit.READING).connect() as read:
            for table in reversed(METADATA.sorted_tables):
                # rows that the steps themselves have put in
                written.execute(delete(table))
            # before all rows: on MariaDB this is a change of tables, which commits what was done
            for table in METADATA.sorted_tables:
                write_next_id(written, table, read_next_id(read, table))
            for table in METADATA.sorted_tables:
                sums.append(_copy_table(read, written, table))
                tell(sums[-1])

    create_filled_schema(target, fill)
    return sums


def sum_table(connection: Connection, table: Table) -> TableSum:
    """Count a table and add up its rows."""
    found = TableSum(table.name)
    for row in _read(connection, table):
        found.add(row)
    return found


def _copy_table(read: Connection, written: Connection, table: Table) -> TableSum:
    own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    taken = TableSum(table.name)
    try:
        for batch in _batches(taken, _read(read, table)):
            # a row may name one that comes after it
            written.execute(insert(table), [row._asdict() | {column.name: None for column in own} for row in batch])
        for column in own:
            _fill_references(read, written, table, column)
    except (IntegrityError, DataError) as problem:
        # further lines may show the row
        said = str(problem.orig).partition("\n")[0]
        raise ConflictError(f"The database to copy to does not take the rows of {table.name}: {said}") from problem
    arrived = sum_table(written, table)
    if arrived != taken:
        raise ConflictError(
            f"{table.name} has arrived otherwise than it was sent: {taken.rows} rows with sum {taken.digest:064x}, "
            f"now {arrived.rows} with {arrived.digest:064x}. Nothing was kept of the copy."
        )
    return arrived


def _fill_references(read: Connection, written: Connection, table: Table, column: Column[Any]) -> None:
    (key,) = table.primary_key.columns
    found = read.execute(
        select(key.label("copied_key"), column.label("copied_value")).where(column != null()),
        execution_options={"yield_per": _SENT_ROWS},
    )
    change = update(table).where(key == bindparam("copied_key")).values({column: bindparam("copied_value")})
    for rows in found.partitions():
        written.execute(change, [row._asdict() for row in rows])


def _read(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    yield from connection.execute(select(table), execution_options={"yield_per": _FETCHED_ROWS})


def _batches(taken: TableSum, rows: Iterator[Row[Any]]) -> Iterator[list[Row[Any]]]:
    batch: list[Row[Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += taken.add(row)
        if len(batch) >= _SENT_ROWS or size >= _SENT_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _as_json(value: object) -> object:
    """What JSON has no form for. Times are aware and in UTC by their column's type."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, datetime.date):
        return {"at": value.isoformat()}
    raise TypeError(f"a column holds a {type(value).__name__}, which has no sum yet")
