"""Steps of a revision that can be repeated: MariaDB has no transactions around changes of tables.

A revision that was broken off there is run again from its beginning, so each step first looks whether it was done.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.dialects import mysql
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.sql.schema import SchemaItem

from kallithea.migrations.schema import SchemaError

KEY = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
NAME = sa.String(255)
LONG = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
DIGEST = sa.LargeBinary(32).with_variant(mysql.VARBINARY(32), "mysql", "mariadb")
BYTES = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")

_OPTIONS: dict[str, Any] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "mysql_engine": "InnoDB",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_bin",
    "mariadb_engine": "InnoDB",
    "sqlite_autoincrement": True,
}


def create_table(name: str, *items: SchemaItem) -> None:
    """Create the table unless it is there. Raises SchemaError if another one is there under its name.

    It may have columns that a later revision adds.
    """
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table(name):
        op.create_table(name, *items, **_OPTIONS)
        return
    wanted = {item.name for item in items if isinstance(item, sa.Column)}
    found: list[ReflectedColumn] = inspector.get_columns(name)
    if not wanted <= {column["name"] for column in found}:
        raise SchemaError(f"The database has another program's table '{name}'. Use an empty database.")


def create_index(name: str, table: str, columns: list[str]) -> None:
    """Create the index unless it is there."""
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns)


def drop_index(name: str, table: str) -> None:
    """Take back what ``create_index`` has made, if it is there."""
    if name in _names(sa.inspect(op.get_bind()).get_indexes(table)):
        op.drop_index(name, table)


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column unless it is there; one that may not be NULL has a default of the server."""
    if column.name not in _names(sa.inspect(op.get_bind()).get_columns(table)):
        op.add_column(table, column)


def drop_column(table: str, column: str) -> None:
    """Take back what ``add_column`` has added, if it is there."""
    if column in _names(sa.inspect(op.get_bind()).get_columns(table)):
        op.drop_column(table, column)


def add_reference(table: str, column: str, target: str, target_column: str, *, ondelete: str) -> None:
    """Add a column that may be NULL and names a row of ``target``, and its index, as far as they are not there."""
    inspector = sa.inspect(op.get_bind())
    if column not in _names(inspector.get_columns(table)):
        with _changing(table) as batch:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch.create_foreign_key(_constraint(table, column), target, [column], [target_column], ondelete=ondelete)
    elif _constraint(table, column) not in _names(inspector.get_foreign_keys(table)):
        with _changing(table) as batch:
            batch.create_foreign_key(_constraint(table, column), target, [column], [target_column], ondelete=ondelete)
    create_index(_index(table, column), table, [column])


def drop_reference(table: str, column: str) -> None:
    """Take back what ``add_reference`` has added, as far as it is there."""
    inspector = sa.inspect(op.get_bind())
    if column not in _names(inspector.get_columns(table)):
        return
    with _changing(table) as batch:
        if _constraint(table, column) in _names(inspector.get_foreign_keys(table)):
            batch.drop_constraint(_constraint(table, column), type_="foreignkey")
        if _index(table, column) in _names(inspector.get_indexes(table)):
            batch.drop_index(_index(table, column))
        batch.drop_column(column)


@contextlib.contextmanager
def _changing(table: str) -> Iterator[BatchOperations]:
    """Changes of one table. SQLite gets a new one in its place, with all that would be forgotten by a copy."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        with op.batch_alter_table(table) as batch:
            yield batch
        return
    checks = sa.inspect(bind).get_check_constraints(table)
    kept = tuple(sa.CheckConstraint(check["sqltext"], name=check["name"]) for check in checks)
    last = bind.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table})
    options = {"sqlite_autoincrement": True}
    with op.batch_alter_table(table, recreate="always", table_args=kept, table_kwargs=options) as batch:
        yield batch
    if last is not None:
        # ids that were given once are never given again
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        bind.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": table, "seq": last}
        )


def _constraint(table: str, column: str) -> str:
    return f"fk_{table}_{column}"


def _index(table: str, column: str) -> str:
    return f"ix_{table}_{column}"


def _names(found: Iterable[Mapping[str, Any]]) -> set[str]:
    return {one["name"] for one in found}


def drop_table(name: str) -> None:
    """Drop the table, with its indexes, if it is there."""
    op.drop_table(name, if_exists=True)
