"""How the site is, for those who administer it."""

import datetime
import json
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from kallithea.core.jobs import RebuildIndex, SettleRepositories
from kallithea.model.journal import JournalEntry
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.model.user import User
from kallithea.services.handlers import HANDLERS
from kallithea.services.search_index import find_outdated, index_repository
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from tests.web.site import Site, form_of, get


@pytest.fixture
def run(site: Site) -> Site:
    """A site that root administers, with mail."""
    site.user("root", administrator=True)
    site.user("ada")
    with writing(site.application) as services:
        services.users.get("root").email = "root@example.org"
    site.application.settings = replace(site.application.settings, smtp_server="mail.example.org")
    return site


def checks(site: Site) -> dict[str, str]:
    """What each check says, with its state before it."""
    rows = get(site.browser("root"), "/_admin/system").html.select_one("[aria-labelledby=c-t]").select("tbody tr")
    return {row.th.text.strip(): f"{row.svg['class'][-1]}: {row.td.text}" for row in rows}


def test_everything_is_well(run: Site) -> None:
    found = checks(run)
    assert all(words.startswith("ok: ") for words in found.values())
    assert list(found) == ["Database", "Worker", "Repository folder", "Git", "Mail", "Search index"]
    assert "sqlite" in found["Database"]


def test_how_far_the_index_is(run: Site) -> None:
    run.repository("r").commit({b"a": b"1"})
    assert " MiB: 0 repositories, 0 documents, 1 is behind. Generation " in checks(run)["Search index"]
    for number in find_outdated(run.application):
        index_repository(run.application, number)
    words = " ".join(checks(run)["Search index"].split())
    # a file by its content and by its name, a commit, and the repository
    assert " MiB: 1 repository, 4 documents, 0 are behind. Generation " in words
    assert words.endswith("Last change: just now.")


@pytest.mark.parametrize(("action", "title"), [("index", "Making a new search index"), ("scan", "Taking over")])
def test_what_takes_long_is_a_task_for_all_administrators(run: Site, action: str, title: str) -> None:
    run.repository("r").commit({b"a": b"1"})
    run.user("deputy", administrator=True)
    page = get(run.browser("root"), "/_admin/system")
    form = next(form for form in page.forms.values() if form.action == f"/_admin/system/{action}")
    address = form.submit().location
    again = form.submit()
    assert again.location == f"{address}?already=1"
    words = "no second one was begun"
    assert words in get(run.browser("deputy"), again.location).text
    assert words not in get(run.browser("deputy"), address).text
    assert title in get(run.browser("deputy"), address).text
    assert address.partition("/_tasks")[2] in get(run.browser("deputy"), "/_admin/jobs?state=waiting").text
    assert Worker(run.application, HANDLERS, "worker", [RebuildIndex.queue]).run_once()
    assert words not in get(run.browser("deputy"), again.location).text
    shown = get(run.browser("deputy"), address)
    assert shown.html.select_one(".k-head .k-chip").text.strip() == "Done"
    assert shown.html.select_one("#log").text.strip().endswith("done")
    assert get(run.browser("deputy"), f"{address}/log").text.endswith("done\n")
    assert get(run.browser("ada"), address).status_int == 404
    assert run.post(run.browser("ada"), address, {}).status_int == 404


def test_jobs_that_nobody_takes_are_said(run: Site) -> None:
    with writing(run.application) as services:
        services.outbox.add(SettleRepositories())
    assert checks(run)["Worker"] == "ok: 1 job waits."
    with writing(run.application) as services:
        due = services.now - datetime.timedelta(minutes=7)
        services.session.execute(update(OutboxJob).values(due=due))
    assert checks(run)["Worker"] == "bad: Jobs wait, the oldest for 7 minutes. Is a worker running?"


def test_jobs_that_have_failed_are_said(run: Site) -> None:
    with writing(run.application) as services:
        services.outbox.add(SettleRepositories())
        services.session.execute(update(OutboxJob).values(state=OutboxState.DEAD))
    assert checks(run)["Worker"] == "warn: 1 job has failed for good."


def test_what_cannot_be_used_is_said(run: Site) -> None:
    application = run.application
    shutil.rmtree(application.settings.repository_folder)
    application.vcs_options = replace(application.vcs_options, git_path="/nowhere/git")
    application.settings = replace(application.settings, smtp_server="", git_path="/nowhere/git")
    found = checks(run)
    assert found["Repository folder"].startswith("bad: ")
    assert found["Git"] == "bad: /nowhere/git cannot be run: see git_path in the .ini."
    assert found["Mail"].startswith("warn: ")


def test_the_same_as_text(run: Site) -> None:
    answer = get(run.browser("root"), "/_admin/system").click("As text")
    assert answer.content_type == "text/plain"
    assert "OK   Database: sqlite" in answer.text
    assert "2 users" in answer.text


def test_message_to_try_the_mail_goes_to_who_asks(run: Site) -> None:
    form = form_of(get(run.browser("root"), "/_admin/system"))
    assert "The message is handed to the worker." in form.submit().follow().text
    with reading(run.application) as services:
        job = services.session.scalars(select(OutboxJob).where(OutboxJob.kind == "SendMail")).one()
    assert json.loads(job.arguments)["to"] == ["root@example.org"]


def test_no_message_without_an_address(run: Site) -> None:
    with writing(run.application) as services:
        services.session.execute(update(User).values(email=None))
    browser = run.browser("root")
    assert "your account an e-mail address" in get(browser, "/_admin/system").text
    assert run.post(browser, "/_admin/system/mail", {}).status_int == 400


def test_others_see_nothing_of_it(run: Site) -> None:
    browser = run.browser("ada")
    for page in ("/_admin/system", "/_admin/system.txt"):
        assert get(browser, page).status_int == 403
    assert run.post(browser, "/_admin/system/mail", {}).status_int == 403


def test_the_last_weeks_are_charts_and_a_table(run: Site) -> None:
    with writing(run.application) as services:
        pushed = {"action": "push", "user_name": "ada", "way": "http"}
        services.session.add_all(JournalEntry(at=services.now, **pushed) for _ in range(3))
    page = get(run.browser("root"), "/_admin/system").html
    panel = page.select_one("[aria-labelledby=a-t]")
    assert [svg["aria-label"] for svg in panel.select("svg.k-spark")] == [
        "Pushes: 3 in 30 days, at most 3 on one",
        "Sign-ins: 0 in 30 days, at most 0 on one",
        "Finished jobs: 0 in 30 days, at most 0 on one",
    ]
    rows = panel.select("tbody tr")
    assert len(rows) == 30
    assert [cell.text.strip() for cell in rows[0].select("td")] == ["3", "0", "0"]
