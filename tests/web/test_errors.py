"""What is said when something goes wrong, and what is sent with every answer."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from kallithea.core.access import Level
from kallithea.core.errors import RETRIED_STATUSES, ConflictError
from kallithea.core.storage import StorageError, StorageFault
from kallithea.services.application import Application
from kallithea.transport.watching import Watch
from kallithea.vcs.types import BusyError, Kind
from kallithea.web.app import make_pages
from kallithea.web.context import RepositoryContext
from kallithea.web.errors import STATUSES
from kallithea.web.followers import routes
from kallithea.web.request import Request
from kallithea.web.summary import views as summary_views
from tests.factories.repositories import GitBuilder
from tests.web.site import Site, get


def test_a_page_that_does_not_exist(site: Site) -> None:
    answer = get(site.browser(), "/<script>alert(1)</script>")
    assert answer.status_int == 404
    assert answer.html.h1.text == "Nothing is here"
    assert "<script>alert" not in answer.text


def test_inside_a_readable_repository_the_words_name_what_is_missing(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    answer = get(site.browser(), "/r/files/tip/nothing.txt")
    assert answer.status_int == 404
    assert "Go to r" in answer.text
    assert answer.html.select_one(".k-repobar") is not None


def test_what_is_not_there_is_named_with_a_way_to_search_for_it(site: Site) -> None:
    answer = get(site.browser(), "/harbour/tidewatch/main/statoin.py")
    assert "There is no page at /harbour/tidewatch/main/statoin.py, or you may not see it." in answer.html.main.text
    assert answer.html.find("a", string="Search for statoin.py")["href"] == "/_search?q=statoin.py"


def test_a_page_that_a_repository_does_not_have_leads_to_the_repository(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    answer = get(site.browser(), "/r/src/station.py")
    assert answer.status_int == 404
    assert answer.html.find("a", string="Go to r")["href"] == "/r"


@pytest.mark.parametrize("kind", Kind)
def test_a_path_that_is_not_there_leads_to_the_lowest_folder_and_to_names_like_it(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    repository = site.repository("r", kind)
    commit_id = repository.commit({b"src/tidewatch/station.py": b"1", b"src/tidewatch/other.txt": b"2"})
    answer = get(site.browser(), f"/r/files/{commit_id}/src/tidewatch/statoin.py")
    assert answer.status_int == 404
    digits = 8 if kind is Kind.GIT else 12
    assert f"Looked for: src/tidewatch/statoin.py in {commit_id[:digits]}\n" in answer.html.main.text
    links = {link.text: link["href"] for link in answer.html.select(".k-err a")}
    assert links["Go to src/tidewatch/"] == f"/r/files/{commit_id}/src/tidewatch"
    assert links["src/tidewatch/station.py"] == f"/r/files/{commit_id}/src/tidewatch/station.py"
    assert "src/tidewatch/other.txt" not in links
    assert "Go to r" in links


@pytest.mark.parametrize("kind", Kind)
def test_a_revision_that_is_not_there_is_named_beside_those_like_it(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    repository = site.repository("r", kind)
    repository.commit({b"a": b"1"}, branch=b"feature/poll")
    for address in ("/r/files/feature/pool/a", "/r/changelog/feature/pool", "/r/files?at=feature/pool"):
        answer = get(site.browser(), address)
        assert answer.status_int == 404, address
        assert "Looked for: feature" in answer.html.main.text
        close = {link.text: link["href"] for link in answer.html.select(".k-err p.small a")}
        assert close["feature/poll"].endswith("?at=feature%2Fpoll")


def test_a_path_of_thousands_of_parts_costs_no_more(site: Site) -> None:
    site.grant("visitors", Level.READ)
    commit_id = site.repository("r").commit({b"a": b"1"})
    answer = get(site.browser(), f"/r/files/{commit_id}/{'x/' * 2000}y")
    assert answer.status_int == 404
    assert len(answer.text) < 20_000


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods(site: Site, method: str) -> None:
    answer = site.browser().request("/about", method=method, expect_errors=True)
    assert (answer.status_int, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_a_failure_tells_a_number_and_nothing_else(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})

    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(summary_views, "read_folder", fail)
    with caplog.at_level(logging.ERROR):
        answer = get(site.browser(), "/r")
    reference = answer.html.select_one("p.small code").text
    assert answer.status_int == 500
    assert "secret detail" not in answer.text
    assert reference in caplog.text
    assert "a secret detail" in caplog.text


@pytest.mark.parametrize(
    "broken",
    [
        "kallithea.services.mail_choices.MailChoices.parse_link",
        "kallithea.web.transaction.load_identity",
        "kallithea.web.ui.rendering.make_shell",
    ],
)
def test_a_failure_tells_no_address_that_is_a_secret(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    monkeypatch.setattr(broken, None)
    site.pages = Watch(site.application, site.pages)
    answer = get(site.browser(), "/_unsubscribe/key-of-somebody")
    assert answer.status_int == 500
    assert "GET a secret address failed" in caplog.text
    assert "key-of-somebody" not in caplog.text


def test_a_damaged_folder_names_its_object(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    commit_id = builder.commit({b"folder/a": b"1", b"b": b"2"})
    assert isinstance(builder, GitBuilder)
    tree_id = builder.git("rev-parse", f"{commit_id}:folder").decode().strip()
    (builder.path / "objects" / tree_id[:2] / tree_id[2:]).unlink()
    browser = site.browser()
    answer = get(browser, f"/r/files/{commit_id}/folder")
    assert answer.status_int == 500
    assert tree_id in answer.html.select_one("main").text
    assert get(browser, f"/r/files/{commit_id}/b").status_int == 200


def test_a_failure_of_the_page_for_failures_ends_in_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kallithea.web.ui.rendering.make_shell", None)
    answer = get(site.browser(), "/")
    assert (answer.status_int, answer.text) == (500, "Something broke on our side. Nothing was changed.\n")
    assert "Traceback" in caplog.text


def test_a_busy_machine_asks_to_come_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})

    def fail(*arguments: object, **options: object) -> None:
        raise BusyError("Too many large requests are being worked on. Try again in a moment.")

    monkeypatch.setattr(summary_views, "read_folder", fail)
    answer = get(site.browser(), "/r")
    assert (answer.status_int, answer.headers["Retry-After"]) == (503, "10")
    assert "Try again in a moment" in answer.text


RETRIED = [
    StorageError(StorageFault.FULL),
    *(kind("Not now.") for kind, status, _title in STATUSES if status in RETRIED_STATUSES),
]


@pytest.mark.parametrize("problem", RETRIED, ids=lambda problem: type(problem).__name__)
def test_whatever_may_be_had_later_says_when(site: Site, monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise problem

    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    monkeypatch.setattr(summary_views, "read_folder", fail)
    answer = get(site.browser(), "/r")
    assert (answer.status_int in RETRIED_STATUSES, answer.headers["Retry-After"]) == (True, "10")


def test_a_missing_repository_folder(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").path.rename(site.application.settings.repository_folder / "gone")
    answer = get(site.browser(), "/r")
    assert (answer.status_int, answer.headers["Retry-After"]) == (503, "10")
    assert "The repository is not there." in answer.text
    assert answer.html.select_one("p.small code").text in caplog.text
    assert str(site.application.settings.repository_folder) not in answer.text


def test_the_database_is_away(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(application)
    application.engine.dispose()
    database = Path(application.settings.database_url.removeprefix("sqlite:///"))
    database.rename(database.with_name("away"))
    answer = get(site.browser(), "/x")
    assert answer.status_int == 503
    assert answer.headers["Retry-After"] == "10"
    assert "unable to open database file" in caplog.text
    assert get(site.browser(), "/_healthz").status_int == 200
    assert not database.exists()
    database.with_name("away").rename(database)
    assert get(site.browser(), "/x").status_int == 404


def test_a_statement_that_is_wrong_is_no_outage(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(application)
    with application.engine.begin() as connection:
        connection.execute(text("ALTER TABLE locations RENAME TO elsewhere"))
    answer = get(site.browser(), "/x")
    assert answer.status_int == 500
    assert answer.html.select_one("p.small code").text in caplog.text
    assert "no such table: locations" in caplog.text


def test_what_was_to_be_stored_is_not_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.user("ada")
    with site.application.engine.begin() as connection:
        connection.execute(text("CREATE TRIGGER never BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'never'); END"))
    _browser, answer = site.sign_in("ada")
    assert answer.status_int == 500
    assert "never" in caplog.text
    assert "192.0.2.7" not in caplog.text


def test_every_page_is_read_while_somebody_writes(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.user("root", administrator=True)
    commit_id = site.repository("r").commit({b"README.md": b"1"})
    browser = site.browser("root")
    writer = sqlite3.connect(site.application.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        for address in (
            "/",
            "/r",
            "/r/files/tip",
            "/r/raw/tip/README.md",
            "/r/changelog",
            f"/r/changeset/{commit_id}",
            f"/r/changeset-diff/{commit_id}",
            "/r/compare",
            f"/r/compare/{commit_id}...tip",
            f"/r/compare-diff/{commit_id}...tip",
            "/r/branches",
            "/r/edit/tip/README.md",
            "/r/add/tip",
            "/r/upload/tip",
            "/r/delete/tip/README.md",
            "/_admin/create_repository",
            "/_admin/repo_groups/new",
            "/_admin/login",
            "/_readyz",
            "/about",
            "/nothing",
        ):
            assert get(browser, address).status_int in (200, 303, 404), address
    finally:
        writer.execute("ROLLBACK")
        writer.close()


@pytest.mark.parametrize("text", ["%FF", "%00", "%ED%A0%80", "a" * 3000])
def test_branches_are_looked_for_by_any_text(site: Site, text: str) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    page = get(site.browser(), f"/r/branches?f={text}")
    assert page.status_int == 200
    assert len(page.html.select_one("input[name=f]")["value"]) <= 200


@pytest.mark.parametrize(
    "address", ["/?f=%FF", "/?page=%FF&page=2", "/?" + "a=1&" * 2000, "/?f=%00", "/?kind=x&sort=y"]
)
def test_odd_queries_are_no_failure(site: Site, address: str) -> None:
    assert get(site.browser(), address).status_int in (200, 400)


def test_every_answer_has_a_length(site: Site) -> None:
    site.grant("visitors", Level.READ)
    commit_id = site.repository("r").commit({b"a": b"1"})
    for address in (
        "/",
        "/r",
        "/r/raw/tip/a",
        f"/r/changeset-diff/{commit_id}",
        f"/r/compare/{commit_id}..tip",
        f"/r/compare-diff/{commit_id}..tip",
        "/nothing",
        "/_healthz",
        "/favicon.ico",
    ):
        answer = get(site.browser(), address)
        assert int(answer.headers["Content-Length"]) == len(answer.body), address


def test_strict_transport_is_said_where_it_is_wished(application: Application) -> None:
    assert "Strict-Transport-Security" not in get(Site(application).browser(), "/").headers
    object.__setattr__(application.settings, "use_htsts", True)
    assert "Strict-Transport-Security" in get(Site(application).browser(), "/").headers


def test_what_a_repository_requires_and_is_not_there_is_named(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    with (builder.path / ".hg" / "requires").open("a") as file:
        file.write("exp-something\n")

    page = get(site.browser(), "/r/changelog")

    assert "does not know: exp-something. It can be shown when the site has a version that knows it" in page.text


def test_a_page_whose_unit_was_rolled_back_still_shows_its_repository(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(context: RepositoryContext, request: Request) -> None:
        raise ConflictError("taken")

    def includeme(config: Any) -> None:
        include(config)
        config.add_page(fail, RepositoryContext, "fails", method="POST")

    include = routes.includeme
    monkeypatch.setattr(routes, "includeme", includeme)
    site.pages = make_pages(site.application, {})
    site.user("ada")
    site.grant("ada", Level.READ)
    site.repository("r")
    answer = site.post(site.browser("ada"), "/r/fails", {})
    assert answer.status_int == 409
    assert answer.html.select_one(".k-repobar") is not None
