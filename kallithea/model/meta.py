"""What all tables share: the declarative class, constraint names, and column types that act alike on every engine."""

import datetime
from typing import Annotated, Any

from sqlalchemy import VARBINARY, DateTime, LargeBinary, MetaData, String, Text, types
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _is_mariadb(dialect: Dialect) -> bool:
    return dialect.name in ("mysql", "mariadb")


def _mariadb_type(dialect: Any, name: str, **options: Any) -> types.TypeEngine[Any]:
    """One of MariaDB's own types, by way of the dialect in use.

    SQLAlchemy's module of these types takes long to import, so that commands on other databases would start late.
    """
    made: types.TypeEngine[Any] = dialect.type_descriptor(dialect.ischema_names[name](**options))
    return made


class UtcDateTime(types.TypeDecorator[datetime.datetime]):
    """An aware time, stored as naive UTC with microseconds on every engine."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """MariaDB drops fractions of seconds unless they are asked for."""
        if _is_mariadb(dialect):
            return _mariadb_type(dialect, "datetime", fsp=6)
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """From an aware time to naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must have a time zone")
        return value.astimezone(datetime.UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """From naive UTC to an aware time."""
        return None if value is None else value.replace(tzinfo=datetime.UTC)


class LongText(types.TypeDecorator[str]):
    """Text of any length on every engine."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """MariaDB's TEXT ends after 64 KiB."""
        return _mariadb_type(dialect, "longtext") if _is_mariadb(dialect) else super().load_dialect_impl(dialect)


class LongBytes(types.TypeDecorator[bytes]):
    """Bytes of any length on every engine."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """MariaDB's BLOB ends after 64 KiB."""
        return _mariadb_type(dialect, "longblob") if _is_mariadb(dialect) else super().load_dialect_impl(dialect)


class Table(DeclarativeBase):
    """Declarative class of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime.datetime: UtcDateTime(),
        # bytes are never text: ref names and digests need not be UTF-8
        bytes: LongBytes(),
    }
    __table_args__: Any = {
        **{
            f"{name}_{option}": value
            for name in ("mysql", "mariadb")
            for option, value in (("charset", "utf8mb4"), ("collate", "utf8mb4_bin"), ("engine", "InnoDB"))
        },
        # the id of what was deleted is never given again: addresses and caches may still hold it
        "sqlite_autoincrement": True,
    }


Digest = Annotated[bytes, mapped_column(LargeBinary(32).with_variant(VARBINARY(32), "mysql", "mariadb"))]
Id = Annotated[int, mapped_column(primary_key=True)]
# by code points on every engine, so that lists have one order and a part of a path is found with an index
Key = Annotated[str, mapped_column(String(255).with_variant(String(255, collation="C"), "postgresql"))]
Name = Annotated[str, mapped_column(String(255))]
Long = Annotated[str, mapped_column(LongText())]

#: Options of a table with further constraints: ``__table_args__ = (UniqueConstraint(...), TABLE_OPTIONS)``.
TABLE_OPTIONS = Table.__table_args__
