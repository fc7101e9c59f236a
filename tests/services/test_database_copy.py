"""A site is moved between databases of all engines, whole or not at all."""

import datetime
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, event, insert, inspect, update

from kallithea.core.errors import ConflictError
from kallithea.migrations.schema import UNFINISHED_TABLE, SchemaError, require_current
from kallithea.migrations.upgrade import create_schema, upgrade_schema
from kallithea.model.engine import open_engine
from kallithea.model.repository import Repository
from kallithea.model.setting import Setting
from kallithea.model.tables import METADATA
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.database_copy import TableSum, copy_database, sum_table
from kallithea.services.work import open_application
from kallithea.web.app import make_pages
from kallithea.web.csrf import FIELD
from tests.applications import Clock, settings_for
from tests.databases import fresh_database
from tests.factories.rows import AT, fill_empty_tables
from tests.web.harbour import ADDRESSES, make_harbour
from tests.web.site import Browser, Site, get

_FORM_TOKEN = re.compile(rb'name="%s" value="[^"]*"' % FIELD.encode())


@pytest.fixture
def target(database_url: str) -> Iterator[Engine]:
    """An empty database, beside that of ``application``."""
    engine = open_engine(database_url.replace("kallithea.db", "target.db"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(("sqlite",), id="sqlite"),
        pytest.param(("postgresql", "mariadb", "sqlite"), id="all", marks=pytest.mark.services),
    ],
)
def test_site_is_the_same_on_each_engine(application: Application, tmp_path: Path, kinds: tuple[str, ...]) -> None:
    """Every row, every page, and the ids that new rows get."""
    application.clock = Clock()
    harbour = make_harbour(Site(application))
    browser = harbour.site.browser("root")
    with application.engine.begin() as connection:
        fill_empty_tables(connection)
        # a fork may have a lower number than its parent, and a number may belong to what is gone
        connection.execute(update(Repository).where(Repository.repository_id == 1).values(fork_of_id=6))
        next_id = _add_user(connection) + 1
        connection.execute(delete(User).where(User.user_id == next_id - 1))
    rows = _dump(application.engine)
    assert all(table.rows for table in rows)
    addresses = [harbour.address(address, kind) for address, kind in ADDRESSES]
    pages = _read_pages(application, browser, addresses)
    with ExitStack() as stack:
        source, engines = application, list[Engine]()
        for kind in kinds:
            folder = tmp_path / kind
            shutil.copytree(tmp_path / "repositories", folder / "repositories", symlinks=True)
            moved = open_application(settings_for(stack.enter_context(fresh_database(kind, folder)), folder))
            moved.clock = application.clock
            stack.callback(moved.close)
            copy_database(source.engine, moved.engine, lambda _table: None)
            require_current(moved.engine)
            assert _dump(moved.engine) == rows
            found = _read_pages(moved, browser, addresses)
            assert [address for address in addresses if found[address] != pages[address]] == []
            engines.append(moved.engine)
            source = moved
        for engine in engines:
            with engine.connect() as connection:
                assert _add_user(connection) == next_id


def test_target_that_has_tables_is_left_alone(application: Application, target: Engine) -> None:
    create_schema(target)
    with pytest.raises(SchemaError, match=r"not empty: it has \d+ tables, such as alembic_version"):
        copy_database(application.engine, target, lambda _table: None)
    require_current(target)


def test_source_of_another_version_is_refused(application: Application, tmp_path: Path) -> None:
    source = open_engine(f"sqlite:///{tmp_path}/old.db")
    upgrade_schema(source, "0001")
    with pytest.raises(SchemaError, match=r"version 0001.*`kallithea db-upgrade"):
        copy_database(source, application.engine, lambda _table: None)
    source.dispose()


@pytest.mark.parametrize("at", ["CREATE TABLE users", f"DROP TABLE {UNFINISHED_TABLE}"])
def test_copy_that_is_broken_off_is_no_database(application: Application, target: Engine, at: str) -> None:
    """It is refused in words or not there, and a further copy is whole."""
    _store_setting(application)
    with _broken_off(target, at), pytest.raises(_BrokenOffError):
        copy_database(application.engine, target, lambda _table: None)
    mariadb = target.dialect.name == "mariadb"
    words = "`kallithea db-copy` into this database was broken off" if mariadb else "no tables yet"
    with pytest.raises(SchemaError, match=words):
        require_current(target)
    if mariadb:
        with pytest.raises(SchemaError, match=words):
            upgrade_schema(target)
    copy_database(application.engine, target, lambda _table: None)
    assert _dump(target) == _dump(application.engine)


def test_what_arrives_otherwise_is_not_kept(application: Application, target: Engine) -> None:
    _store_setting(application)
    event.listen(target, "after_cursor_execute", _spoil)
    with pytest.raises(ConflictError, match="settings has arrived otherwise"):
        copy_database(application.engine, target, lambda _table: None)
    with pytest.raises(SchemaError):
        require_current(target)


@pytest.mark.services
def test_what_the_target_cannot_hold_is_named_without_the_row(application: Application, tmp_path: Path) -> None:
    _store_setting(application, "secret\0words")
    with fresh_database("postgresql", tmp_path) as url:
        target = open_engine(url)
        with pytest.raises(ConflictError, match="does not take the rows of settings") as caught:
            copy_database(application.engine, target, lambda _table: None)
        assert "secret" not in str(caught.value)
        assert inspect(target).get_table_names() == []
        target.dispose()


class _BrokenOffError(Exception):
    """As if the process had died."""


@contextmanager
def _broken_off(target: Engine, at: str) -> Iterator[None]:
    def break_off(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.strip().replace("`", "").startswith(at):
            raise _BrokenOffError

    event.listen(target, "before_cursor_execute", break_off)
    yield
    event.remove(target, "before_cursor_execute", break_off)


def _spoil(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    if statement.startswith("INSERT INTO settings"):
        connection.execute(update(Setting).values(value="other words"))


def _store_setting(application: Application, value: str = "words") -> None:
    with application.engine.begin() as connection:
        connection.execute(insert(Setting), {"name": "greeting", "value": value, "changed": AT})


def _add_user(connection: Connection) -> int:
    values = {"name": "new", "name_key": "new", "created": datetime.datetime.now(datetime.UTC)}
    user_id: int = connection.execute(insert(User).returning(User.user_id), values).scalar_one()
    return user_id


def _dump(engine: Engine) -> list[TableSum]:
    with engine.connect() as connection:
        return [sum_table(connection, table) for table in METADATA.sorted_tables]


def _read_pages(application: Application, signed_in: Browser, addresses: list[str]) -> dict[str, tuple[int, bytes]]:
    browser = Browser(make_pages(application, {}), extra_environ=signed_in.extra_environ)
    for name, value in signed_in.cookies.items():
        browser.set_cookie(name, value)
    answers = {address: get(browser, address) for address in addresses}
    assert {answer.status_int for answer in answers.values()} <= {200, 303, 404}
    # whoever sees the sign-in page gets a form of their own
    return {address: (answer.status_int, _FORM_TOKEN.sub(b"", answer.body)) for address, answer in answers.items()}
