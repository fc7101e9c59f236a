"""Which id a table gives next. An id that was given once is never given again, also after its row is gone."""

import re

from sqlalchemy import Connection, Table, text

_MARIADB_NEXT = re.compile(r"\sAUTO_INCREMENT=(\d+)")


def read_next_id(connection: Connection, table: Table) -> int | None:
    """The id that the next new row will have, None for a table that gives none."""
    if table.autoincrement_column is None:
        return None
    match connection.dialect.name:
        case "sqlite":
            used = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            return (used or 0) + 1
        case "postgresql":
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), _place(table))
            # the name is quoted where it must be; whether the last value was given is part of the answer
            last = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
            return int(last.last_value) + int(last.is_called)
        case _:
            # the catalog's own column of this may be a day old on MySQL
            name = connection.dialect.identifier_preparer.format_table(table)
            made = connection.execute(text(f"SHOW CREATE TABLE {name}")).one()
            found = _MARIADB_NEXT.search(made[1])
            return int(found[1]) if found else 1


def write_next_id(connection: Connection, table: Table, next_id: int | None) -> None:
    """Let the next new row have this id. On MariaDB this ends the transaction; rows with lower ids may come later."""
    if next_id is None:
        return
    match connection.dialect.name:
        case "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            values = {"name": table.name, "used": next_id - 1}
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :used)"), values)
        case "postgresql":
            values = {**_place(table), "next": next_id}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)"), values)
        case _:
            name = connection.dialect.identifier_preparer.format_table(table)
            connection.execute(text(f"ALTER TABLE {name} AUTO_INCREMENT = {int(next_id)}"))


def _place(table: Table) -> dict[str, str]:
    column = table.autoincrement_column
    assert column is not None
    return {"table": table.name, "column": column.name}
