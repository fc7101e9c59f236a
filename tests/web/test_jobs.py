"""The jobs of the site, for those who administer it, and what pages say when no worker runs."""

import datetime

import pytest
from sqlalchemy import update
from webtest import TestResponse as Answer

from kallithea.core.jobs import ForkRepository, ImportRepository, Queue, SendMail, SettleRepository
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.work import reading, writing
from kallithea.web.csrf import FIELD
from tests.services.test_outbox import stored_jobs
from tests.web.site import Site, get

MAIL = SendMail(("ada@example.org",), "secret subject", "secret text", "1@example.org")


@pytest.fixture
def run(site: Site) -> Site:
    """A site that root administers, where a job has failed for good, one runs, and one waits."""
    site.user("root", administrator=True)
    site.user("ada")
    with writing(site.application) as services:
        services.outbox.add(SettleRepository(7))
        services.outbox.add(MAIL)
    with writing(site.application) as services:
        taken = services.taken_jobs.take("machine:1", [Queue.QUICK])
        assert taken is not None
        services.taken_jobs.fail(taken, "It is broken.", datetime.timedelta(minutes=1))
        services.session.execute(
            update(OutboxJob)
            .where(OutboxJob.outbox_id == taken.outbox_id)
            .values(state=OutboxState.DEAD, finished=services.now)
        )
        services.outbox.add(SettleRepository(8))
        services.outbox.add(SettleRepository(9))
    with writing(site.application) as services:
        taken = services.taken_jobs.take("machine:1", [Queue.QUICK])
        assert taken is not None
        services.progress.set_(taken.outbox_id, 40, "half way")
    return site


def jobs(page: Answer) -> list[str]:
    return [" ".join(row.th.get_text(" ").split()) for row in page.html.select("tbody tr")]


def press(site: Site, page: Answer, action: str) -> Answer:
    form = page.html.select_one("tbody form")
    fields = {field["name"]: field["value"] for field in form.select("input") if field["name"] != FIELD}
    return site.post(site.browser("root"), "/_admin/jobs", {**fields, "action": action})


def test_what_has_failed_is_shown_first(run: Site) -> None:
    page = get(run.browser("root"), "/_admin/jobs")
    (failed,) = stored_jobs(run.application)[:1]
    assert jobs(page) == [f"SettleRepository {failed.outbox_id} repository_id 7 It is broken."]
    tabs = [" ".join(tab.get_text(" ").split()) for tab in page.html.select("nav.k-tabs a")]
    assert tabs == ["Running 1", "Waiting 2", "Later 0", "Failed 1", "Done"]


def test_running_job_says_how_far_it_is_and_where(run: Site) -> None:
    page = get(run.browser("root"), "/_admin/jobs?state=running")
    assert "40 %: half way" in jobs(page)[0]
    assert "machine:1" in page.text


def test_letters_are_not_shown(run: Site) -> None:
    page = get(run.browser("root"), "/_admin/jobs?state=waiting&queue=mail")
    assert [job.split()[0] for job in jobs(page)] == ["SendMail"]
    assert "secret subject" not in page.text
    assert "secret text" not in page.text
    assert "ada@example.org" not in page.text


def test_failed_job_is_run_again(run: Site) -> None:
    answer = press(run, get(run.browser("root"), "/_admin/jobs"), "retry")
    assert answer.status_int == 303
    assert stored_jobs(run.application)[0].state == OutboxState.WAITING
    assert jobs(get(run.browser("root"), "/_admin/jobs")) == []
    with reading(run.application) as services:
        assert services.audit.list_(limit=1)[0].actor_name == "root"


def test_failed_import_has_no_button_to_run_it_again(run: Site) -> None:
    with writing(run.application) as services:
        failed = update(OutboxJob).where(OutboxJob.state == OutboxState.DEAD)
        services.session.execute(failed.values(kind=ImportRepository.__name__))
    (row,) = get(run.browser("root"), "/_admin/jobs").html.select("tbody tr")
    assert [button["value"] for button in row.select("button")] == ["delete"]


def test_waiting_job_is_cancelled_and_deleted(run: Site) -> None:
    press(run, get(run.browser("root"), "/_admin/jobs?state=waiting&queue=mail"), "cancel")
    page = get(run.browser("root"), "/_admin/jobs?state=done")
    assert [job.split()[0] for job in jobs(page)] == ["SendMail"]
    press(run, page, "delete")
    assert [row.kind for row in stored_jobs(run.application)] == ["SettleRepository"] * 3


def test_what_is_not_possible_any_more_is_said(run: Site) -> None:
    page = get(run.browser("root"), "/_admin/jobs")
    press(run, page, "delete")
    answer = press(run, page, "retry")
    assert answer.status_int == 404
    assert "There is no such job" in answer.text
    answer = press(run, get(run.browser("root"), "/_admin/jobs?state=running"), "delete")
    assert answer.status_int == 409
    assert "Only a job that has ended can be deleted." in answer.text


@pytest.mark.parametrize("fields", [{"action": "explode", "job_id": "1"}, {"action": "retry", "job_id": "1 OR 1"}])
def test_form_that_says_nothing_is_refused(run: Site, fields: dict[str, str]) -> None:
    assert run.post(run.browser("root"), "/_admin/jobs", fields).status_int == 400


def test_query_that_means_nothing_is_left_out(run: Site) -> None:
    page = get(run.browser("root"), "/_admin/jobs?state=x&queue=%27&beyond=-1")
    assert len(jobs(page)) == 1


def test_long_list_has_pages(run: Site) -> None:
    run.shorten_lists(1)
    first = get(run.browser("root"), "/_admin/jobs?state=waiting")
    second = first.click("Next")
    assert (len(jobs(first)), len(jobs(second))) == (1, 1)
    assert jobs(first) != jobs(second)
    assert jobs(second.click("First")) == jobs(first)


def test_others_see_nothing_of_it(run: Site) -> None:
    assert get(run.browser("ada"), "/_admin/jobs").status_int == 403
    assert run.post(run.browser("ada"), "/_admin/jobs", {"action": "delete", "job_id": "1"}).status_int == 403


def leave_alone(site: Site) -> None:
    """All jobs are due for long, and nobody has any."""
    with writing(site.application) as services:
        due = services.now - datetime.timedelta(minutes=9)
        services.session.execute(update(OutboxJob).values(due=due, taken_until=None, taken_by=None, finished=None))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages look at once, and each time."""
    monkeypatch.setattr("kallithea.web.job_notice._LOOK_SECONDS", 0.0)


def test_pages_of_administration_say_that_jobs_wait(at_once: None, site: Site) -> None:
    site.user("root", administrator=True)
    site.user("ada")
    with writing(site.application) as services:
        services.outbox.add(SettleRepository(7))
    assert "Jobs wait since" not in get(site.browser("root"), "/_admin/users").text
    leave_alone(site)
    assert "Jobs wait since" in get(site.browser("root"), "/_admin/users").text
    assert get(site.browser("root"), "/_admin/jobs").text.count("Jobs wait since") == 1
    assert "Jobs wait since" not in get(site.browser("root"), "/").text
    assert "Jobs wait since" not in get(site.browser("ada"), "/_admin/my_account").text


def test_page_of_a_task_says_that_jobs_wait(at_once: None, site: Site) -> None:
    user_id = site.user("ada")
    with writing(site.application) as services:
        task_id = services.outbox.add_asked(ForkRepository(user_id, 1, "x", "", False, ""))
    assert "Jobs wait since" not in get(site.browser("ada"), f"/_tasks/{task_id}").text
    leave_alone(site)
    assert "Jobs wait since" in get(site.browser("ada"), f"/_tasks/{task_id}").text
