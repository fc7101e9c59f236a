"""Tables are made and brought up to date on every engine; a program refuses to work with any others."""

import contextlib
import functools
import itertools
import multiprocessing
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect, text

from kallithea.core.errors import UnavailableError
from kallithea.migrations.schema import VERSION_TABLE, SchemaError, current, head, require_current, schema_exists
from kallithea.migrations.upgrade import create_schema, downgrade_schema, upgrade_schema
from kallithea.model.engine import open_engine
from kallithea.model.tables import METADATA
from tests.databases import DATABASES, fresh_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def test_new_tables_are_those_of_the_model(engine: Engine) -> None:
    create_schema(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert set(inspect(engine).get_table_names()) == {*METADATA.tables, VERSION_TABLE}


def test_new_tables_have_the_checks_of_the_model(engine: Engine) -> None:
    create_schema(engine)
    found = {check["name"] for table in METADATA.tables for check in inspect(engine).get_check_constraints(table)}
    assert {"ck_grants_level", "ck_locations_one_owner", "ck_repositories_kind"} <= found


def test_tables_can_be_taken_back_and_made_again(engine: Engine) -> None:
    create_schema(engine)
    downgrade_schema(engine, "base")
    assert inspect(engine).get_table_names() == [VERSION_TABLE]
    upgrade_schema(engine)
    assert current(engine) == head()


def test_upgrade_keeps_what_is_there(engine: Engine) -> None:
    create_schema(engine)
    _store_setting(engine)
    upgrade_schema(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM settings")) == "kept"


def test_upgrade_from_the_first_version_keeps_repositories(engine: Engine) -> None:
    """SQLite gets a copy of the table; an id that was given once is not given again, and what refers to it stays."""
    upgrade_schema(engine, "0001")
    columns = "kind, description, private, folder, created, updated"
    values = "'git', 'words', 0, {}, '2030-01-02 03:04:05', '2030-01-02 03:04:05'"
    if engine.dialect.name == "postgresql":
        values = values.replace(" 0,", " false,")
    with engine.begin() as connection:
        for folder in ("'kept'", "'deleted'"):
            connection.execute(text(f"INSERT INTO repositories ({columns}) VALUES ({values.format(folder)})"))
        connection.execute(text("DELETE FROM repositories WHERE folder = 'deleted'"))
        state = "(repository_id, fingerprint, refs, recorded) VALUES (1, 'f', :refs, '2030-01-02 03:04:05')"
        connection.execute(text(f"INSERT INTO repository_states {state}"), {"refs": b""})
    upgrade_schema(engine)
    new = "'new'"
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO repositories ({columns}) VALUES ({values.format(new)})"))
        rows = connection.execute(text("SELECT repository_id, folder, fork_of_id FROM repositories ORDER BY 1")).all()
        assert [tuple(row) for row in rows] == [(1, "kept", None), (3, "new", None)]
        assert connection.scalar(text("SELECT fingerprint FROM repository_states WHERE repository_id = 1")) == "f"
        chosen = connection.execute(
            text("SELECT landing_ref, downloads, statistics, settings_version FROM repositories")
        )
        assert [tuple(row) for row in chosen] == [(None, True, True, 0)] * 2
    downgrade_schema(engine, "0001")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM repositories")) == 2
    columns_left = {column["name"] for column in inspect(engine).get_columns("repositories")}
    assert columns_left.isdisjoint({"fork_of_id", "landing_ref", "downloads", "statistics", "settings_version"})


def test_upgrade_goes_on_where_it_was_broken_off(engine: Engine) -> None:
    """As on MariaDB, where every step is committed at once: half of the tables, and no version."""
    create_schema(engine)
    _store_setting(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE repository_states"))
        connection.execute(text(f"DELETE FROM {VERSION_TABLE}"))
        table = " ON journal" if connection.dialect.name in ("mysql", "mariadb") else ""
        connection.execute(text(f"DROP INDEX ix_journal_at{table}"))
    upgrade_schema(engine)
    assert "repository_states" in inspect(engine).get_table_names()
    assert "ix_journal_at" in {index["name"] for index in inspect(engine).get_indexes("journal")}
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM settings")) == "kept"


@pytest.mark.services
def test_upgrade_may_die_after_every_change_of_tables(tmp_path: Path) -> None:
    """MariaDB keeps each change at once. Tables and rows are those of an upgrade that nobody disturbed."""
    with fresh_database("mariadb", tmp_path) as url, fresh_database("mariadb", tmp_path) as calm_url:
        engine, calm = open_engine(url), open_engine(calm_url)
        upgrade_schema(calm)
        done: set[str] = set()
        event.listen(engine, "after_cursor_execute", functools.partial(_die_once, done))
        while current(engine) != head():
            with contextlib.suppress(_DiedError):
                upgrade_schema(engine)
        assert len(done) > 100
        assert _describe(engine) == _describe(calm)
        engine.dispose()
        calm.dispose()


@pytest.mark.parametrize("change", [1, 40, 90])
def test_upgrade_of_a_killed_process_can_be_run_again(engine: Engine, database_url: str, change: int) -> None:
    """On SQLite and PostgreSQL nothing of it is left, since it is one transaction; no program starts meanwhile."""
    process = multiprocessing.get_context("fork").Process(target=_upgrade_until, args=(database_url, change))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    if engine.dialect.name in ("sqlite", "postgresql"):
        assert inspect(engine).get_table_names() == []
    with pytest.raises(SchemaError):
        require_current(engine)
    upgrade_schema(engine)
    require_current(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


@pytest.mark.parametrize("database_url", [each for each in DATABASES if each.id != "sqlite"], indirect=True)
def test_upgrade_does_not_keep_pages_waiting_behind_a_dump(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """All who come after a change of a table wait behind it. Readers of SQLite keep nobody waiting."""
    upgrade_schema(engine, "0005")
    with engine.connect() as dump:
        dump.execute(text("SELECT * FROM users"))
        with monkeypatch.context() as patch:
            patch.setattr("kallithea.migrations.upgrade._WAIT_SECONDS", 1)
            with pytest.raises(UnavailableError, match="for 1 seconds, such as a dump"):
                upgrade_schema(engine)
        with engine.connect() as page:
            page.execute(text("SELECT * FROM users"))
    upgrade_schema(engine)
    assert current(engine) == head()


def test_tables_of_another_program_are_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE users (login INTEGER)"))
    with pytest.raises(SchemaError, match="another program's table 'users'"):
        upgrade_schema(engine)
    assert [column["name"] for column in inspect(engine).get_columns("users")] == ["login"]


def test_processes_that_upgrade_at_once_take_turns(database_url: str, engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_upgrade, args=(database_url,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    require_current(engine)


def test_new_database_needs_db_create(engine: Engine) -> None:
    assert not schema_exists(engine)
    with pytest.raises(SchemaError, match=r"no tables yet\. Run `kallithea db-create -c FILE`"):
        require_current(engine)


def test_older_tables_need_db_upgrade(engine: Engine) -> None:
    create_schema(engine)
    _set_version(engine, "0000")
    with pytest.raises(SchemaError, match=f"version 0000, this program needs {head()}.*`kallithea db-upgrade -c FILE`"):
        require_current(engine)


def test_broken_off_upgrade_needs_db_upgrade(engine: Engine) -> None:
    create_schema(engine)
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {VERSION_TABLE}"))
    assert schema_exists(engine)
    with pytest.raises(SchemaError, match="`kallithea db-upgrade -c FILE`"):
        require_current(engine)


def test_newer_tables_are_refused(engine: Engine) -> None:
    create_schema(engine)
    _set_version(engine, "9999")
    with pytest.raises(SchemaError, match="version 9999, but this program knows no later one"):
        require_current(engine)
    with pytest.raises(SchemaError, match="a version that this program does not know"):
        upgrade_schema(engine)


def test_tables_are_not_made_twice(engine: Engine) -> None:
    create_schema(engine)
    with pytest.raises(SchemaError, match="has tables already"):
        create_schema(engine)


def test_head_is_the_last_revision_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", "kallithea:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == head()


def test_database_that_is_away_is_unavailable() -> None:
    engine = open_engine("postgresql://kallithea@127.0.0.1:1/kallithea")
    with pytest.raises(UnavailableError):
        require_current(engine)
    with pytest.raises(UnavailableError):
        upgrade_schema(engine)


def _upgrade(database_url: str) -> None:
    engine = open_engine(database_url)
    upgrade_schema(engine)
    engine.dispose()


def _set_version(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :version"), {"version": version})


def _store_setting(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO settings (name, value, changed) VALUES ('visitors', 'kept', '2030-01-02 03:04:05')")
        )


def _upgrade_until(database_url: str, change: int) -> None:
    """Upgrade, and be killed right after so many changes of tables."""
    engine = open_engine(database_url)
    changes = itertools.count(1)

    def count(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.split()[0] in ("CREATE", "ALTER", "DROP") and next(changes) == change:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "after_cursor_execute", count)
    upgrade_schema(engine)


class _DiedError(Exception):
    """As if the process had died."""


def _die_once(done: set[str], _connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    if statement.split()[0] in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE") and statement not in done:
        done.add(statement)
        raise _DiedError


def _describe(engine: Engine) -> dict[str, tuple[str, list[str]]]:
    """How each table was made, and its rows but for ids and times."""
    found = {}
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            made = re.sub(r" AUTO_INCREMENT=\d+", "", connection.execute(text(f"SHOW CREATE TABLE {table}")).one()[1])
            kept = sorted(str(tuple(row)[1:]) for row in connection.execute(text(f"SELECT * FROM {table}")))
            found[table] = (made, kept)
    return found
