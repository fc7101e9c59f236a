"""A site that is started while its database is away or upgraded looks at the tables later, and needs no restart."""

import functools
import pathlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, make_url, text
from webtest import TestApp as WebTestApp

from kallithea.migrations.schema import VERSION_TABLE, head
from kallithea.migrations.upgrade import create_schema, upgrade_schema
from kallithea.model.engine import open_engine
from kallithea.wsgi import make_app
from tests.databases import DATABASES, fresh_database
from tests.later_program import ADDS, later_program
from tests.wires import Wire

ADDRESSES = ("/", "/git/info/refs?service=git-upload-pack", "/hg?cmd=capabilities", "/_readyz")


@dataclass
class Late:
    """A site whose database it cannot reach yet. ``url`` leads there; after ``back`` the site reaches it, too."""

    url: str
    client: WebTestApp
    back: Callable[[], object]

    def statuses(self) -> list[int]:
        return [self.client.get(address, expect_errors=True).status_int for address in ADDRESSES]


@pytest.fixture(params=DATABASES)
def late(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Late]:
    folder = tmp_path / "later"
    folder.mkdir()
    with fresh_database(request.param, folder) as url:
        if request.param == "sqlite":
            away = folder.rename(tmp_path / "away")
            yield Late(url.replace("/later/", "/away/"), _client(url, tmp_path), functools.partial(away.rename, folder))
            return
        server = make_url(url)
        assert server.port is not None
        wire = Wire(server.port)
        wire.cut()
        through = server.set(port=wire.port).render_as_string(hide_password=False)
        yield Late(url, _client(through, tmp_path), wire.mend)
        wire.cut()


def _client(url: str, folder: pathlib.Path) -> WebTestApp:
    values = {"sqlalchemy.url": url, "session.secret": "a secret of the tests, long enough", "worker": "separate"}
    for name in ("repository_folder", "cache_dir"):
        (folder / name).mkdir()
        values[name] = str(folder / name)
    return WebTestApp(make_app({}, **values), extra_environ={"REMOTE_ADDR": "192.0.2.7"})


def _change(late: Late, statement: str) -> None:
    engine = open_engine(late.url)
    create_schema(engine)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            f"UPDATE {VERSION_TABLE} SET version_num = '9999', oldest_program = '9999'",
            "version 9999, but this program knows no later one",
        ),
        (f"DELETE FROM {VERSION_TABLE}", f"version none yet, this program needs {head()}"),
        ("CREATE TABLE unfinished_copy (begun INTEGER)", "was broken off, so that much is missing"),
    ],
    ids=["too new", "half migrated", "half copied"],
)
def test_tables_that_are_not_this_program_s_are_refused_in_words(late: Late, statement: str, words: str) -> None:
    assert late.statuses() == [503] * len(ADDRESSES)
    _change(late, statement)
    late.back()
    for address in ADDRESSES[:-1]:
        answer = late.client.get(address, expect_errors=True)
        assert (answer.status_int, answer.headers["Retry-After"].isdigit()) == (503, True)
        assert "its tables are those of another version" in answer.text
    ready = late.client.get("/_readyz", expect_errors=True)
    assert ready.status_int == 503
    assert words in ready.text
    assert late.client.get("/_healthz").status_int == 200


def test_tables_that_are_made_right_are_used_at_once(late: Late) -> None:
    assert late.statuses() == [503] * len(ADDRESSES)
    _change(late, f"DELETE FROM {VERSION_TABLE}")
    late.back()
    assert late.statuses() == [503] * len(ADDRESSES)
    engine = open_engine(late.url.replace("/away/", "/later/"))
    upgrade_schema(engine)
    engine.dispose()
    assert late.statuses()[0] == 200
    assert late.client.get("/_readyz").text == "ready\n"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def test_a_process_that_starts_before_the_upgrade_works_after_it(engine: Engine, tmp_path: pathlib.Path) -> None:
    upgrade_schema(engine, "0027")
    client = _client(engine.url.render_as_string(hide_password=False), tmp_path)
    for address in ADDRESSES[:-1]:
        answer = client.get(address, expect_errors=True)
        assert (answer.status_int, answer.headers["Retry-After"].isdigit()) == (503, True)
        assert "its tables are those of another version" in answer.text
    ready = client.get("/_readyz", expect_errors=True)
    assert (ready.status_int, "version 0027, this program needs" in ready.text) == (503, True)
    upgrade_schema(engine)
    assert client.get("/").status_int == 200
    assert client.get("/_readyz").text == "ready\n"


def test_a_process_of_the_version_before_that_starts_after_the_upgrade_works(
    engine: Engine, tmp_path: pathlib.Path
) -> None:
    with later_program(tmp_path, ADDS):
        create_schema(engine)
    client = _client(engine.url.render_as_string(hide_password=False), tmp_path)
    assert client.get("/").status_int == 200
    ready = client.get("/_readyz")
    assert ready.text == "ready\nthe database belongs to a newer program by now: restart this one soon\n"
