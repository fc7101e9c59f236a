"""Steps of a revision that can be repeated: MariaDB has no transactions around changes of tables.

A revision that was broken off there is run again from its beginning, so each step first looks whether it was done.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
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
    """Create the table unless it is there. Raises SchemaError if another one is there under its name."""
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table(name):
        op.create_table(name, *items, **_OPTIONS)
        return
    wanted = {item.name for item in items if isinstance(item, sa.Column)}
    found: list[ReflectedColumn] = inspector.get_columns(name)
    if wanted != {column["name"] for column in found}:
        raise SchemaError(f"The database has another program's table '{name}'. Use an empty database.")


def create_index(name: str, table: str, columns: list[str]) -> None:
    """Create the index unless it is there."""
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns)


def drop_table(name: str) -> None:
    """Drop the table, with its indexes, if it is there."""
    op.drop_table(name, if_exists=True)
