"""Each step leaves right what the version before reads and writes: both versions may run while a site is upgraded."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, Inspector, create_engine, event, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.pool import NullPool

from kallithea.migrations.schema import VERSION_TABLE
from kallithea.migrations.upgrade import upgrade_schema
from kallithea.model.engine import open_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def test_every_step_only_adds_what_the_version_before_can_leave_out(engine: Engine) -> None:
    seen: list[dict[str, _Table]] = [{}]
    words: set[str] = set()

    def look(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith((f"INSERT INTO {VERSION_TABLE}", f"UPDATE {VERSION_TABLE} SET version_num")):
            # what no statement has named is as it was
            kept = {name: table for name, table in seen[-1].items() if name not in words}
            seen.append(_describe(connection, kept))
            words.clear()
        elif statement.lstrip().startswith(("ALTER", "CREATE", "DROP")):
            words.update(re.findall(r"\w+", statement))

    event.listen(engine, "after_cursor_execute", look)
    upgrade_schema(engine)
    steps = _steps()
    assert len(seen) == len(steps) + 1
    found = {
        step.revision: [*_find_broken(before, after)]
        for step, before, after in zip(steps, seen, seen[1:], strict=False)
        if not _contracts(step)
    }
    assert {revision: broken for revision, broken in found.items() if broken} == {}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TABLE things", "things is gone"),
        ("ALTER TABLE things RENAME COLUMN value TO content", "things.value is gone"),
        ("CREATE UNIQUE INDEX one_value ON things (value)", "things: ('value',) must be unique"),
        ("CREATE INDEX by_value ON things (value)", None),
        ("ALTER TABLE things ADD COLUMN kind VARCHAR(9) NOT NULL DEFAULT ''", None),
        ("CREATE TABLE others (kind VARCHAR(9) NOT NULL)", None),
    ],
)
def test_what_would_break_the_version_before_is_found(change: str, told: str | None) -> None:
    with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE things (name VARCHAR(9) PRIMARY KEY, value VARCHAR(9))")
        before = _describe(connection)
        connection.exec_driver_sql(change)
        assert next(_find_broken(before, _describe(connection)), None) == told


def _steps() -> list[Script]:
    """From the first to the last."""
    config = Config()
    config.set_main_option("script_location", "kallithea:migrations")
    config.set_main_option("path_separator", "os")
    return list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))


def _contracts(step: Script) -> bool:
    """Whether a step says that it takes away what the version before uses no more: ``contracts = True`` in its file."""
    return bool(getattr(step.module, "contracts", False))


class _Table:
    """What a table lets in."""

    def __init__(self, inspector: Inspector, name: str) -> None:
        self.columns: dict[str, ReflectedColumn] = {found["name"]: found for found in inspector.get_columns(name)}
        unique: list[Any] = [index for index in inspector.get_indexes(name) if index["unique"]]
        unique += inspector.get_unique_constraints(name)
        self.unique = {tuple(found["column_names"]) for found in unique}
        self.referring = {tuple(found["constrained_columns"]) for found in inspector.get_foreign_keys(name)}
        self.checks = {str(found["name"]) for found in inspector.get_check_constraints(name)}


def _describe(connection: Connection, kept: Mapping[str, _Table] = MappingProxyType({})) -> dict[str, _Table]:
    inspector = inspect(connection)
    return {name: kept.get(name) or _Table(inspector, name) for name in inspector.get_table_names()}


def _find_broken(before: dict[str, _Table], after: dict[str, _Table]) -> Iterator[str]:
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield f"{name} is gone"
            continue
        yield from _find_broken_columns(name, old, new)
        bound = {("must be unique", found) for found in new.unique - old.unique}
        bound |= {("must refer to something", found) for found in new.referring - old.referring}
        # what the version before leaves out is NULL
        yield from (f"{name}: {found} {what}" for what, found in sorted(bound) if set(found) <= old.columns.keys())
        yield from (f"{name} has the new check {check}" for check in sorted(new.checks - old.checks))


def _find_broken_columns(name: str, old: _Table, new: _Table) -> Iterator[str]:
    for column, was in old.columns.items():
        now = new.columns.get(column)
        if now is None:
            yield f"{name}.{column} is gone"
        elif was["nullable"] and not now["nullable"]:
            yield f"{name}.{column} may not be NULL any more"
        elif str(was["type"]) != str(now["type"]):
            yield f"{name}.{column} was {was['type']} and is {now['type']}"
    for column in new.columns.keys() - old.columns.keys():
        added = new.columns[column]
        if not added["nullable"] and added["default"] is None:
            yield f"{name}.{column} needs a value that the version before does not give"
