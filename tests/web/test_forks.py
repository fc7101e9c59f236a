"""Making forks, the page of one that takes long, and the list of forks."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.services import fork_requests
from kallithea.services.forks import fork_repository
from kallithea.services.handlers import HANDLERS
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.statements import counted
from tests.web.site import Browser, Site, form_of, get

HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture(params=Kind)
def harbour(site: Site, request: pytest.FixtureRequest) -> Site:
    """A repository that ada and bob may read, and a group where ada may make some."""
    for name in ("ada", "bob"):
        site.user(name)
    for group in ("harbour", "mine", "other"):
        site.group(group)
    site.repository("harbour/r", Kind(request.param)).commit({b"a": b"1"}, message=b"forked with it")
    with writing(site.application) as services:
        services.repositories.get("harbour/r").description = "words"
    for name in ("ada", "bob"):
        site.grant(name, Level.READ, "harbour/r")
    site.grant("ada", Level.ADMIN, "mine")
    return site


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every repository is too large to be copied at once."""
    monkeypatch.setattr(fork_requests, "SMALL_BYTES", 0)


def ask(browser: Browser, **fields: str) -> Answer:
    form = form_of(get(browser, "/harbour/r/fork"))
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def work(site: Site) -> None:
    worker = Worker(site.application, HANDLERS, "worker")
    while worker.run_once():
        pass


def test_form_has_what_the_repository_has(harbour: Site) -> None:
    form = form_of(get(harbour.browser("ada"), "/harbour/r/fork"))
    assert [option for option, _, _ in form["repo_group"].options] == ["mine"]
    assert (form["repo_name"].value, form["description"].value, form["private"].value) == ("r", "words", "0")


def test_small_repository_is_forked_at_once(harbour: Site) -> None:
    browser = harbour.browser("ada")
    page = ask(browser, repo_name="copy", description="mine now", private="1").follow()
    assert page.request.path == "/mine/copy"
    assert "forked with it" in page.text
    with reading(harbour.application) as services:
        row, source = services.repositories.get("mine/copy"), services.repositories.get("harbour/r")
        owner = services.users.get("ada").user_id
        assert (row.fork_of_id, row.owner_id) == (source.repository_id, owner)
        assert (row.description, row.private) == ("mine now", True)


def test_visitors_sign_in_first(harbour: Site) -> None:
    harbour.grant("visitors", Level.READ, "harbour/r")
    visitor = harbour.browser()
    assert get(visitor, "/harbour/r/fork").headers["Location"] == "/_admin/login?came_from=%2Fharbour%2Fr%2Ffork"
    get(visitor, "/_admin/login")
    answer = harbour.post(visitor, "/harbour/r/fork", {"repo_name": "x", "repo_group": "mine"})
    assert answer.status_int == 403


def test_who_has_no_place_for_a_fork_is_told(harbour: Site) -> None:
    bob = harbour.browser("bob")
    assert "There is no place for a fork" in get(bob, "/harbour/r/fork").text
    answer = harbour.post(bob, "/harbour/r/fork", {"repo_name": "x", "repo_group": "mine"})
    assert answer.status_int == 422
    with reading(harbour.application) as services:
        assert services.repositories.find("mine/x") is None


@pytest.mark.parametrize(
    ("fields", "status", "field", "words"),
    [
        ({"repo_name": ""}, 422, "n-e", "must not be empty"),
        ({"repo_name": "a/b"}, 422, "n-e", "must not contain /"),
        ({"repo_group": "other"}, 422, "g-e", "You may not make repositories there"),
        ({"repo_group": "absent"}, 422, "g-e", "You may not make repositories there"),
        ({"repo_group": ""}, 422, "g-e", "You may not make repositories there"),
        ({"description": "\0"}, 422, "d-e", "without NUL characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    harbour: Site, fields: dict[str, str], status: int, field: str, words: str
) -> None:
    stored = {"repo_name": "x", "repo_group": "mine", "description": HOSTILE, "private": "1"}
    answer = harbour.post(harbour.browser("ada"), "/harbour/r/fork", stored | fields)
    assert answer.status_int == status
    assert words in answer.html.select_one(f"#{field}").text
    form = form_of(answer)
    assert form["private"].value == "1"
    assert form["description"].value == (stored | fields)["description"]


def test_place_that_is_taken(harbour: Site) -> None:
    harbour.repository("mine/taken")
    answer = ask(harbour.browser("ada"), repo_name="TAKEN")
    assert answer.status_int == 409
    assert "exists already" in answer.html.select_one("#n-e").text


def test_hidden_repository_cannot_be_forked(harbour: Site) -> None:
    harbour.grant("ada", Level.NONE, "harbour/r")
    browser = harbour.browser("ada")
    assert get(browser, "/harbour/r/fork").status_int == 404
    assert harbour.post(browser, "/harbour/r/fork", {"repo_name": "x", "repo_group": "mine"}).status_int == 404


@pytest.mark.usefixtures("slow")
def test_large_repository_is_forked_by_a_job(harbour: Site) -> None:
    browser = harbour.browser("ada")
    answer = ask(browser, repo_name="copy")
    address = answer.headers["Location"]
    assert address.startswith("/_tasks/")
    page = get(browser, address)
    assert page.html.select_one("h1").text == "Forking to mine/copy"
    assert "Waiting" in page.html.select_one(".k-chip").text
    assert page.html.select_one("noscript meta[http-equiv=refresh]")
    work(harbour)
    assert get(browser, address).headers["Location"] == "/mine/copy"
    assert "forked with it" in get(browser, "/mine/copy").text


@pytest.mark.usefixtures("slow")
def test_task_is_nobody_elses(harbour: Site) -> None:
    address = ask(harbour.browser("ada"), repo_name="copy").headers["Location"]
    bob = harbour.browser("bob")
    assert get(bob, address).status_int == 404
    assert get(harbour.browser(), address).status_int == 404
    assert harbour.post(bob, address, {}).status_int == 404
    work(harbour)
    assert get(harbour.browser("ada"), "/mine/copy").status_int == 200


@pytest.mark.parametrize("address", ["/_tasks", "/_tasks/0", "/_tasks/x", "/_tasks/1/2", "/_tasks/99999999999"])
def test_tasks_that_are_none(harbour: Site, address: str) -> None:
    assert get(harbour.browser("ada"), address).status_int == 404


@pytest.mark.usefixtures("slow")
def test_task_that_waits_is_cancelled_at_once(harbour: Site) -> None:
    browser = harbour.browser("ada")
    address = ask(browser, repo_name="copy").headers["Location"]
    page = form_of(get(browser, address)).submit().follow()
    assert "Nothing was made." in page.text
    assert not page.html.select("noscript")
    work(harbour)
    assert get(browser, "/mine/copy").status_int == 404
    assert "Nothing was made." in get(browser, address).text


@pytest.mark.usefixtures("slow")
def test_task_that_runs_is_cancelled_where_it_tells_how_far_it_is(
    harbour: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = harbour.browser("ada")
    address = ask(browser, repo_name="copy").headers["Location"]
    shown: list[str] = []

    def cancel_first(*arguments: object) -> int:
        shown.append(get(browser, address).html.select_one(".k-chip").text)
        shown.append(form_of(get(browser, address)).submit().follow().html.select_one(".k-chip").text)
        return fork_repository(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(fork_requests, "fork_repository", cancel_first)
    work(harbour)
    assert shown == ["Running", "Cancelling"]
    page = get(browser, address)
    assert "It was cancelled. Nothing was made." in page.text
    assert get(browser, "/mine/copy").status_int == 404
    assert not list((harbour.application.settings.repository_folder / "mine").glob("*"))


@pytest.mark.usefixtures("slow")
def test_task_that_fails_says_why(harbour: Site) -> None:
    browser = harbour.browser("ada")
    address = ask(browser, repo_name="copy").headers["Location"]
    harbour.grant("ada", Level.NONE, "mine")
    work(harbour)
    page = get(browser, address)
    assert "Failed" in page.html.select_one(".k-chip").text
    assert "Nothing was made." in page.html.select_one("[role=alert]").text
    assert not page.html.select("noscript")
    with reading(harbour.application) as services:
        assert services.repositories.find("mine/copy") is None


def test_list_shows_those_that_may_be_read(harbour: Site) -> None:
    for name in ("open", "closed"):
        harbour.repository(f"mine/{name}", Kind(_kind(harbour)), fork_of="harbour/r")
    harbour.grant("bob", Level.READ, "mine/open")
    page = get(harbour.browser("bob"), "/harbour/r/forks")
    assert [link.text for link in page.html.select("tbody a")] == ["mine/open"]
    assert [link.text for link in page.html.select(".acts div a")] == ["Fork", "1"]
    assert [link.text for link in get(harbour.browser("ada"), "/harbour/r").html.select(".acts div a")] == ["Fork", "2"]


def test_list_of_none(harbour: Site) -> None:
    assert "No forks" in get(harbour.browser("bob"), "/harbour/r/forks").text


def test_list_has_pages(harbour: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.web.forks.listing.PAGE_SIZE", 2)
    for number in range(5):
        harbour.repository(f"mine/f{number}", Kind(_kind(harbour)), fork_of="harbour/r")
    browser, found, address = harbour.browser("ada"), [], "/harbour/r/forks"
    while address:
        page = get(browser, address)
        found += [link.text for link in page.html.select("tbody a")]
        address = next((link["href"] for link in page.html.select("main a") if "Next" in link.text), "")
    assert sorted(found) == [f"mine/f{number}" for number in range(5)]
    assert "No further forks" in get(browser, "/harbour/r/forks?page=9").text


def test_list_takes_as_many_statements_for_many(harbour: Site) -> None:
    browser, counts = harbour.browser("ada"), []
    for number in range(4):
        harbour.repository(f"mine/f{number}", Kind(_kind(harbour)), fork_of="harbour/r")
        with counted(harbour.application.engine) as statements:
            get(browser, "/harbour/r/forks")
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_fork_says_where_it_comes_from_to_those_who_may_know(harbour: Site) -> None:
    harbour.repository("mine/fork", Kind(_kind(harbour)), fork_of="harbour/r").commit({b"a": b"1"})
    harbour.grant("bob", Level.READ, "mine/fork")
    browser = harbour.browser("bob")
    first = get(browser, "/mine/fork")
    assert "Forked from" in first.text
    assert first.html.select('main a[href="/harbour/r"]')
    harbour.grant("bob", Level.NONE, "harbour/r")
    tag = {"If-None-Match": first.headers.get("ETag", '"none"')}
    again = get(browser, "/mine/fork", headers=tag)
    assert again.status_int == 200
    assert "Forked from" not in again.text
    assert "harbour/r" not in again.text


def test_new_fork_makes_another_page(harbour: Site) -> None:
    browser = harbour.browser("ada")
    get(browser, "/harbour/r/files-changes/tip")
    first = get(browser, "/harbour/r/branches")
    harbour.repository("mine/fork", Kind(_kind(harbour)), fork_of="harbour/r")
    again = get(browser, "/harbour/r/branches", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_int == 200


def test_deleted_source_is_named_no_more(harbour: Site) -> None:
    harbour.repository("mine/fork", Kind(_kind(harbour)), fork_of="harbour/r").commit({b"a": b"1"})
    with writing(harbour.application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get("harbour/r"))
    assert "Forked from" not in get(harbour.browser("ada"), "/mine/fork").text


@pytest.mark.parametrize("field", ["description"])
def test_hostile_values_stay_text(harbour: Site, field: str) -> None:
    page = ask(harbour.browser("ada"), repo_name="copy", **{field: HOSTILE}).follow()
    assert not page.html.select("main script")
    assert HOSTILE in page.html.select_one("main").text
    forks = get(harbour.browser("ada"), "/harbour/r/forks")
    assert HOSTILE in forks.html.select_one("tbody").text


def _kind(site: Site) -> str:
    with reading(site.application) as services:
        return services.repositories.get("harbour/r").kind


def test_who_may_not_fork_is_told_so(harbour: Site) -> None:
    harbour.allow("signed-in")
    browser = harbour.browser("ada")
    page = get(browser, "/harbour/r/fork")
    assert "You may not fork" in page.text
    assert 'name="repo_name"' not in page.text
    answer = harbour.post(browser, "/harbour/r/fork", {"repo_group": "mine", "repo_name": "r"})
    assert answer.status_int == 403
    with reading(harbour.application) as services:
        assert services.repositories.find("mine/r") is None
    harbour.allow("ada", Allowance.FORK)
    assert ask(browser).status_int == 303
