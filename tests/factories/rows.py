"""A row in each table that has none, whatever its columns are."""

import datetime
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, LargeBinary, String, Text, func, insert, select
from sqlalchemy.types import TypeDecorator

from kallithea.model.tables import METADATA

#: Columns whose texts are words of a list.
_WORDS = {"schedule": "daily", "level": "all", "reason": "push", "kind": "git", "way": "web", "path": "a/gone"}

AT = datetime.datetime(2029, 12, 31, 23, 59, 58, 765432, tzinfo=datetime.UTC)


def fill_empty_tables(connection: Connection) -> None:
    """Put one row into each empty table, with values that engines could store differently."""
    for table in METADATA.sorted_tables:
        if not connection.scalar(select(func.count()).select_from(table)):
            own = table.autoincrement_column
            values = {column.name: _make_value(connection, column) for column in table.columns if column is not own}
            connection.execute(insert(table), values)


def _make_value(connection: Connection, column: Column[Any]) -> object:
    for key in column.foreign_keys:
        return connection.scalar(select(func.min(key.column)))
    if column.name in _WORDS:
        return _WORDS[column.name]
    found = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    match found:
        case LargeBinary():
            return bytes(range(256))[-(found.length or 256) :]
        case Text():
            # longer than MariaDB's shorter texts, beyond the first plane, and as a stranger may write it
            return "[]" if column.name in ("repository_ids", "details", "record", "updates") else "é𝄞 '\\%s\n" * 9000
        case String():
            return f"é𝄞 {column.name}"[: found.length]
        case DateTime():
            return AT
        case Date():
            return AT.date()
        case _:
            return True if found.python_type is bool else 3
