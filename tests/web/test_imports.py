"""Importing from another site in the browser: the form, the page of the task, the remote in the settings."""

import pathlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.remote_addresses import parse_remote_address
from kallithea.core.schedules import Schedule
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobContext
from kallithea.services.remotes import RemoteChange
from kallithea.services.transfer_progress import TransferTeller
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.remote import Amount, Credentials, RemoteStep
from kallithea.vcs.types import Kind
from kallithea.web.app import make_pages
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import RULES
from tests.factories.repositories import RepositoryBuilder, make_builder
from tests.statements import counted
from tests.web.site import Browser, Site, form_of, get

PASSWORD = "a password of elsewhere"
HOSTILE = "<script>alert(1)</script>\"'&"
FORM = "/_admin/import_repository"


@pytest.fixture(params=list(Kind), ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture
def builder(kind: Kind, tmp_path: pathlib.Path) -> RepositoryBuilder:
    made = make_builder(kind, tmp_path / "elsewhere" / "r")
    made.commit({b"README.md": b"# From elsewhere\n"})
    return made


@pytest.fixture
def elsewhere(builder: RepositoryBuilder) -> Iterator[RemoteSite]:
    with remote_site(builder.path.parent) as serving:
        yield serving


@pytest.fixture
def harbour(site: Site) -> Site:
    """A site that may fetch from this machine, and ada, who may make repositories in a group."""
    site.application.remote_rules = RULES
    for name in ("ada", "bob"):
        site.user(name)
    site.group("mine")
    site.grant("ada", Level.ADMIN, "mine")
    return site


def ask(browser: Browser, kind: Kind, address: str, **fields: str) -> Answer:
    form = form_of(get(browser, FORM))
    filled = {"clone_uri": address, "repo_type": kind.value, "repo_name": "mine/new", **fields}
    for name, value in filled.items():
        form[name] = value
    return form.submit(expect_errors=True)


def work(site: Site) -> None:
    worker = Worker(site.application, HANDLERS, "worker")
    while worker.run_once():
        pass


def imported(site: Site, kind: Kind, elsewhere: RemoteSite) -> Browser:
    browser = site.browser("ada")
    ask(browser, kind, elsewhere.url("r"))
    work(site)
    return browser


def test_repository_is_imported(harbour: Site, kind: Kind, elsewhere: RemoteSite) -> None:
    elsewhere.password = PASSWORD
    browser = harbour.browser("ada")
    answer = ask(browser, kind, elsewhere.url("r"), user="ada", password=PASSWORD, schedule="daily")
    address = answer.headers["Location"]
    page = get(browser, address)
    assert page.html.select_one("h1").text == "Importing mine/new"
    assert page.html.select_one(".k-chip").text == "Waiting"
    assert page.html.select_one("noscript meta[http-equiv=refresh]")
    work(harbour)
    made = get(browser, address).follow()
    assert made.request.path == "/mine/new"
    assert "From elsewhere" in made.text
    settings = get(browser, "/mine/new/settings/remote")
    form = form_of_remote(settings)
    assert (form["clone_uri"].value, form["schedule"].value) == (elsewhere.url("r"), "daily")
    assert "A user name and a password are stored" in settings.text
    assert "Entered by ada, and used as long as" in settings.html.select_one("#p-h").text
    assert PASSWORD not in settings.text


def test_ways_to_the_form(harbour: Site) -> None:
    browser = harbour.browser("ada")
    assert get(browser, "/_admin/create_repository").html.select(f'main a[href="{FORM}"]')
    assert get(browser, "/").html.select(f'header a[href="{FORM}"]')
    visitor = get(harbour.browser(), FORM)
    assert visitor.headers["Location"] == "/_admin/login?came_from=%2F_admin%2Fimport_repository"


@pytest.mark.parametrize(
    ("fields", "status", "field", "words"),
    [
        ({"clone_uri": "file:///etc/passwd"}, 422, "a-e", "begins with one of https:// http://"),
        ({"clone_uri": ""}, 422, "a-e", "begins with"),
        ({"clone_uri": "https://a:b@example.com/r"}, 422, "a-e", "into the fields below"),
        ({"repo_type": "cvs"}, 422, "k-e", "Choose git or hg"),
        ({"repo_name": "-"}, 422, "n-e", "must not begin"),
        ({"repo_name": "absent/r"}, 422, "n-e", "no repository group"),
        ({"repo_name": "r"}, 403, "n-e", ""),
        ({"repo_name": "mine/taken"}, 409, "n-e", "exists already"),
        ({"user": ""}, 422, "u-e", "Write a user name"),
        ({"password": ""}, 422, "p-e", "that belongs to"),
        ({"repo_description": "\0"}, 422, "d-e", "without NUL"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    harbour: Site, fields: dict[str, str], status: int, field: str, words: str
) -> None:
    harbour.repository("mine/taken")
    stored = {
        "clone_uri": "https://example.com/r",
        "repo_type": "hg",
        "repo_name": "mine/new",
        "user": "ada",
        "password": PASSWORD,
        "repo_description": HOSTILE,
        "repo_private": "1",
        "schedule": "weekly",
    } | fields
    answer = harbour.post(harbour.browser("ada"), FORM, stored)
    assert answer.status_int == status
    assert words in answer.html.select_one(f"#{field}").text
    assert PASSWORD not in answer.text
    form = form_of(answer)
    assert form["password"].value == ""
    assert form["clone_uri"].value == stored["clone_uri"].replace("a:b@", "")
    for name in ("repo_name", "user", "repo_description", "schedule"):
        assert form[name].value == stored[name]
    assert form["repo_private"].checked
    with reading(harbour.application) as services:
        assert services.repositories.find("mine/new") is None


def test_visitors_import_nothing(harbour: Site) -> None:
    visitor = harbour.browser()
    get(visitor, "/_admin/login")
    fields = {"clone_uri": "https://example.com/r", "repo_type": "git", "repo_name": "mine/new"}
    assert harbour.post(visitor, FORM, fields).status_int == 403


def test_site_that_imports_nothing_says_so(harbour: Site) -> None:
    harbour.application.settings = replace(harbour.application.settings, remote_schemes=())
    harbour.pages = make_pages(harbour.application, {})
    page = get(harbour.browser("ada"), FORM)
    assert "Nothing is imported here" in page.text
    assert not page.html.select("main form")


def test_failed_import_says_why_and_leads_to_the_form(harbour: Site, kind: Kind, elsewhere: RemoteSite) -> None:
    elsewhere.password = PASSWORD
    browser = harbour.browser("ada")
    address = ask(browser, kind, elsewhere.url("r"), user="ada", password="wrong").headers["Location"]
    work(harbour)
    page = get(browser, address)
    assert (
        "does not accept the user name and the password. Nothing was made." in page.html.select_one("[role=alert]").text
    )
    assert page.html.select_one("li .ico.bad")
    assert not page.html.select("noscript")
    again = page.html.select_one("main a.btn-default[href*=import_repository]")["href"]
    form = form_of(get(browser, again))
    assert (form["repo_name"].value, form["repo_type"].value, form["password"].value) == ("mine/new", kind.value, "")
    assert form["clone_uri"].value == elsewhere.url("r")


def test_import_that_waits_is_cancelled(harbour: Site, kind: Kind) -> None:
    browser = harbour.browser("ada")
    address = ask(browser, kind, "https://example.com/r").headers["Location"]
    page = form_of(get(browser, address)).submit().follow()
    assert "It was cancelled. Nothing was made." in page.text
    work(harbour)
    assert get(browser, "/mine/new").status_int == 404


def test_running_import_is_shown(harbour: Site, kind: Kind) -> None:
    """What a teller writes down is what the page shows."""
    browser = harbour.browser("ada")
    address = ask(browser, kind, "https://example.com/r").headers["Location"]
    task_id = int(address.rpartition("/")[2])
    with writing(harbour.application) as services:
        services.taken_jobs.take("worker", [job.queue for job in HANDLERS])
    teller = TransferTeller(JobContext(harbour.application, task_id))
    teller.begin(RemoteStep.CONNECT)
    teller.say(f"remote: {HOSTILE}", warning=True)
    teller.begin(RemoteStep.RECEIVE)
    unit = "objects" if kind is Kind.GIT else "files"
    teller.count(Amount(unit, 38_204, 62_600, 43_200_000))
    teller._teller._told = 0.0
    teller.tick()

    page = get(browser, address)
    main = page.html.select_one("main")
    assert page.html.select_one(".k-chip").text == "Running"
    assert main.select_one("#pl").text == "Receiving changes"
    assert main.select_one("progress")["value"] == "61"
    assert f"38\u202f204 of 62\u202f600 {unit}" in main.text
    assert "41.2 MiB" in main.text
    steps = [step.select_one("span").get_text(" ", strip=True) for step in main.select(".k-steps li")]
    assert steps[:2] == [
        "Check the address and the credentials",
        "Receive changes from https://example.com/r (running)",
    ]
    assert len(steps) == (5 if kind is Kind.GIT else 4)
    assert main.select_one("pre .w").text == f"remote: {HOSTILE}"
    assert not main.select("script")
    assert main.select_one("form button").text == "Cancel import"
    log = get(browser, f"{address}/log")
    assert log.content_type == "text/plain"
    assert HOSTILE in log.text
    assert get(harbour.browser("bob"), f"{address}/log").status_int == 404
    assert get(browser, f"{address}/other").status_int == 404


def test_step_of_unknown_length_has_no_percentage(harbour: Site) -> None:
    browser = harbour.browser("ada")
    address = ask(browser, Kind.HG, "https://example.com/r").headers["Location"]
    teller = TransferTeller(JobContext(harbour.application, int(address.rpartition("/")[2])))
    teller.begin(RemoteStep.RECEIVE)
    teller.count(Amount("changesets", 12, 0, 0))
    teller._teller._told = 0.0
    teller.tick()
    page = get(browser, address)
    assert page.html.select_one("progress").get("value") is None
    assert "12 changesets" in page.html.select_one("main").text


@pytest.mark.parametrize("secret", ["ghp_words", "ada:wo/rds", "ada:wo#rds", "ada:wo?rds", "ada:443/words"])
def test_what_may_be_a_password_in_an_address_is_not_shown_again(harbour: Site, kind: Kind, secret: str) -> None:
    harbour.repository("mine/r", kind)
    browser = harbour.browser("ada")
    address = f"https://{secret}@example.com/r"
    stored = harbour.post(browser, "/mine/r/settings/remote", {"clone_uri": address, "schedule": "off"})
    asked = harbour.post(browser, FORM, {"clone_uri": address, "repo_type": kind.value, "repo_name": "mine/new"})
    filled = browser.get(FORM, {"clone_uri": address})
    for answer, status in ((stored, 422), (asked, 422), (filled, 200)):
        assert answer.status_int == status
        assert answer.html.select_one("#a")["value"] == "https://example.com/r"
        assert secret not in answer.html.select_one("main").decode()


def test_remote_is_set_changed_and_removed(harbour: Site, kind: Kind) -> None:
    harbour.repository("mine/r", kind)
    browser = harbour.browser("ada")
    page = get(browser, "/mine/r/settings/remote")
    assert not page.html.select('form[action$="/pull"]')
    form = form_of_remote(page)
    form["clone_uri"], form["user"], form["password"] = "https://example.com/r", "ada", PASSWORD
    form["schedule"] = "hourly"
    saved = form.submit().follow()
    assert "The remote is saved." in saved.text
    assert "A user name and a password are stored" in saved.text
    assert PASSWORD not in saved.text
    with reading(harbour.application) as services:
        row = services.repositories.get("mine/r")
        assert services.remotes.source_of(row.repository_id).credentials == Credentials("ada", PASSWORD)
    form = form_of_remote(saved)
    form["forget"] = True
    saved = form.submit().follow()
    assert "A user name and a password are stored" not in saved.text
    assert "Entered by" not in saved.text
    removed = next(form for form in saved.forms.values() if form.action.endswith("/remove")).submit().follow()
    assert form_of_remote(removed)["clone_uri"].value == ""


def test_wrong_remote_is_said_beside_the_field(harbour: Site) -> None:
    harbour.repository("mine/r")
    fields = {"clone_uri": "ext::sh -c id", "user": "ada", "password": PASSWORD, "schedule": "daily"}
    answer = harbour.post(harbour.browser("ada"), "/mine/r/settings/remote", fields)
    assert answer.status_int == 422
    assert "begins with" in answer.html.select_one("#a-e").text
    assert PASSWORD not in answer.text
    assert form_of_remote(answer)["clone_uri"].value == "ext::sh -c id"


def test_pull_by_button(harbour: Site, kind: Kind, elsewhere: RemoteSite, builder: RepositoryBuilder) -> None:
    browser = imported(harbour, kind, elsewhere)
    builder.commit({b"new.txt": b"fresh words\n"})
    page = get(browser, "/mine/new/settings/remote")
    address = next(form for form in page.forms.values() if form.action.endswith("/pull")).submit().headers["Location"]
    assert get(browser, address).html.select_one("h1").text == "Pulling to mine/new"
    work(harbour)
    done = get(browser, address)
    assert done.html.select_one(".k-chip").text == "Done"
    assert "updated" in done.html.select_one("pre").text
    assert done.html.select_one("main a.btn-default")["href"] == "/mine/new"
    assert get(browser, "/mine/new/files/tip/new.txt").status_int == 200


def test_failed_pull_is_shown_in_the_settings(harbour: Site, kind: Kind, elsewhere: RemoteSite) -> None:
    browser = imported(harbour, kind, elsewhere)
    elsewhere.status = "403 Forbidden"
    address = harbour.post(browser, "/mine/new/settings/remote/pull", {}).headers["Location"]
    work(harbour)
    page = get(browser, address)
    assert "The other site does not allow it. Nothing was changed." in page.html.select_one("[role=alert]").text
    settings = get(browser, "/mine/new/settings/remote").html.select_one("main").text
    assert "The last pull failed" in settings
    assert "The other site does not allow it." in settings
    assert "Pulled" in settings


def test_only_who_administers_sees_and_changes_the_remote(harbour: Site) -> None:
    harbour.repository("mine/r")
    harbour.grant("bob", Level.WRITE, "mine/r")
    bob = harbour.browser("bob")
    assert get(bob, "/mine/r/settings/remote").status_int == 403
    for name in ("", "/pull", "/remove"):
        assert harbour.post(bob, f"/mine/r/settings/remote{name}", {}).status_int == 403
    # nothing is asked for by a link
    assert get(harbour.browser("ada"), "/mine/r/settings/remote/pull").status_int == 405
    assert harbour.post(harbour.browser("ada"), "/mine/r/settings/remote/pull", {}).status_int == 404


def test_what_a_pull_left_alone_is_listed(harbour: Site) -> None:
    harbour.repository("mine/r")
    with writing(harbour.application) as services:
        row = services.repositories.get("mine/r")
        address = parse_remote_address("https://example.com/r", ["https"])
        services.remotes.update(COMMAND_LINE, None, row.repository_id, RemoteChange(address, Schedule.OFF))
        services.remotes.note_pull(row.repository_id, left=[(f"refs/heads/{HOSTILE}".encode(), "a reason")])
    panel = get(harbour.browser("ada"), "/mine/r/settings/remote").html.select_one("section:has(#left)")
    assert f"refs/heads/{HOSTILE}: a reason" in panel.text


def test_page_of_a_running_import_takes_a_few_statements(harbour: Site) -> None:
    browser = harbour.browser("ada")
    address = ask(browser, Kind.GIT, "https://example.com/r").headers["Location"]
    JobContext(harbour.application, int(address.rpartition("/")[2])).progress(1, "connect", steps='{"connect": 1.0}')
    with counted(harbour.application.engine) as statements:
        get(browser, address)
    assert len(statements) <= 6, statements


def form_of_remote(answer: Answer) -> Any:
    return next(form for form in answer.forms.values() if form.action.endswith("/settings/remote"))
