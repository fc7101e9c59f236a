"""F09, F10: the database or the repositories can be read and not written: forms are refused in words, and keep them."""

import pathlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg.errors
import pymysql
import pytest
from sqlalchemy.exc import DBAPIError
from webtest import TestApp as WebTestApp
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.storage import StorageFault
from kallithea.migrations.upgrade import create_schema
from kallithea.model.unwritable import find_database_fault
from kallithea.services.application import Application
from kallithea.services.work import open_application, writing
from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from kallithea.web.app import make_pages
from tests.applications import settings_for
from tests.databases import DATABASES, fresh_database
from tests.faults.read_only import read_only_url
from tests.faults.volumes import Volume, mounted
from tests.web.site import Site, form_of, get

READ_ONLY, FULL = (
    "This server is read-only at the moment. Nothing was changed; try again later.",
    "The server's disk, or its share of it, is full. Nothing was changed.",
)
PAGES = ("/", "/git/changelog", "/hg/changelog", "/git/info/refs?service=git-upload-pack", "/hg?cmd=capabilities")
FROM_HERE = {"Origin": "http://localhost"}


def fill(site: Site) -> None:
    """Two repositories, and an administrator."""
    site.user("ada", administrator=True)
    site.grant("visitors", Level.READ)
    for kind in Kind:
        site.repository(kind.value, kind).commit({b"README": b"1"})


def statuses(application: Application) -> list[int]:
    """How those who only read are answered."""
    door = WebTestApp(
        WireApplication(application, make_pages(application, {})), extra_environ={"REMOTE_ADDR": "192.0.2.7"}
    )
    return [door.get(page, expect_errors=True).status_int for page in PAGES]


def kept(answer: Answer, field: str) -> str:
    """What somebody wrote into a field of the form that was refused."""
    found = answer.html.find(attrs={"name": field})
    return str(found.get("value") or found.text).strip()


@pytest.mark.parametrize("database", DATABASES)
def test_database_that_cannot_be_written_is_read_and_forms_keep_their_words(
    tmp_path: pathlib.Path, database: str
) -> None:
    with ExitStack() as stack:
        volume = stack.enter_context(mounted(tmp_path / "database"))
        url = stack.enter_context(fresh_database(database, volume.place))
        before = open_application(settings_for(url, tmp_path))
        stack.callback(before.close)
        create_schema(before.engine)
        site = Site(before)
        fill(site)
        with writing(before) as services:
            group_id = services.user_groups.create(COMMAND_LINE, None, name="crew").user_group_id
        browser = site.browser("ada")
        stack.enter_context(volume.read_only())
        application = open_application(settings_for(read_only_url(url), tmp_path))
        stack.callback(application.close)
        browser.app = make_pages(application, {})
        assert statuses(application) == [200] * len(PAGES)
        page = f"/_admin/user_groups/edit/{group_id}"
        assert get(browser, page).status_int == 200
        form = {"name": "crew", "description": "Long thought about", "owner": "ada"}
        answer = site.post(browser, page, form, headers=FROM_HERE)
        assert (answer.status_int, answer.headers["Retry-After"]) == (503, "10")
        assert READ_ONLY in answer.html.text
        assert kept(answer, "description") == "Long thought about"
        assert statuses(application) == [200] * len(PAGES)


@pytest.fixture
def volume(tmp_path: pathlib.Path) -> Iterator[Volume]:
    with mounted(tmp_path / "repositories") as volume:
        yield volume


@pytest.mark.parametrize(
    ("state", "status", "words"), [("read_only", 503, READ_ONLY), ("full", 507, FULL)], ids=["read-only", "full"]
)
@pytest.mark.parametrize("kind", list(Kind))
def test_repositories_that_cannot_be_written_are_read_and_forms_keep_their_words(
    volume: Volume,
    application: Application,
    kind: Kind,
    state: str,
    status: int,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site = Site(application)
    fill(site)
    browser = site.browser("ada")
    edit = form_of(get(browser, f"/{kind}/edit/main/README" if kind is Kind.GIT else f"/{kind}/edit/default/README"))
    new = form_of(get(browser, "/_admin/create_repository"))
    edit["content"], edit["message"] = "mine\n" * 20000, "Long thought about"
    new["repo_name"], new["repo_description"] = "new", "Long thought about"
    with volume.read_only() if state == "read_only" else volume.full():
        for form, field in ((edit, "message"), (new, "repo_description")):
            answer = form.submit(expect_errors=True, headers=FROM_HERE)
            assert (answer.status_int, answer.headers["Retry-After"]) == (status, "10")
            assert words in answer.html.text
            assert kept(answer, field) == "Long thought about"
        assert statuses(application) == [200] * len(PAGES)
    # the operator is told what the system has said
    told = re.findall(r"POST (\S+) was refused, since nothing can be stored: .", caplog.text)
    assert told == [edit.action.partition("?")[0], new.action]
    assert edit.submit().status_int == 303


@pytest.mark.parametrize(
    ("problem", "fault"),
    [
        (
            pymysql.err.OperationalError(1290, "running with the --read-only option", sqlstate="HY000"),
            StorageFault.READ_ONLY,
        ),
        (pymysql.err.OperationalError(1836, "Running in read-only mode", sqlstate="HY000"), StorageFault.READ_ONLY),
        (pymysql.err.OperationalError(1021, "Disk full", sqlstate="HY000"), StorageFault.FULL),
        (psycopg.errors.DiskFull("could not extend file"), StorageFault.FULL),
        (pymysql.err.OperationalError(2013, "Lost connection", sqlstate="HY000"), None),
        (psycopg.errors.DeadlockDetected("deadlock"), None),
        (sqlite3.OperationalError("database is locked"), None),
    ],
)
def test_what_servers_say_that_none_can_be_made_to_say_here(problem: Exception, fault: StorageFault | None) -> None:
    assert find_database_fault(DBAPIError("", {}, problem)) is fault
