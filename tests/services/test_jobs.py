"""Jobs as those who administer the site see them, and what they do about them."""

import datetime
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.jobs import ImportRepository, Queue, SendMail, SettleRepository
from kallithea.model.audit import AuditEntry
from kallithea.model.outbox import OutboxState
from kallithea.model.outbox_list import JobState
from kallithea.services.application import Application
from kallithea.services.job_delays import PATIENCE
from kallithea.services.jobs import JobRow
from kallithea.services.taken_jobs import TakenJob
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.services.test_outbox import stored_jobs
from tests.services.test_worker import ask

MAIL = SendMail(("ada@example.org",), "secret subject", "secret text", "1@example.org")


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def take(application: Application, queue: Queue = Queue.QUICK) -> TakenJob:
    with writing(application) as services:
        taken = services.taken_jobs.take("worker:1", [queue])
    assert taken is not None
    return taken


def fail(application: Application, taken: TakenJob, *, for_good: bool = True) -> None:
    with writing(application) as services:
        services.taken_jobs.fail(taken, "It is broken.", datetime.timedelta(minutes=1))
        if for_good:
            row = services.jobs._find(taken.outbox_id)
            row.state, row.finished, row.waiting_key = OutboxState.DEAD, services.now, None


def states(application: Application) -> dict[JobState, list[int]]:
    with reading(application) as services:
        return {state: [row.job_id for row in services.jobs.list_(state)] for state in JobState}


def one(application: Application) -> JobRow:
    with reading(application) as services:
        return services.jobs.get(stored_jobs(application)[0].outbox_id)


def audited(application: Application) -> list[str]:
    with reading(application) as services:
        return [f"{entry.action} {entry.target}" for entry in services.session.scalars(select(AuditEntry))]


def test_every_job_is_in_one_state(application: Application, clock: Clock) -> None:
    ask(application, *(SettleRepository(number) for number in range(6)))
    ids = [row.outbox_id for row in stored_jobs(application)]
    done, running, failed, later, _lost = (take(application) for _ in range(5))
    with writing(application) as services:
        services.taken_jobs.finish(done)
    fail(application, failed)
    clock.pass_(40)
    with writing(application) as services:
        services.taken_jobs.renew([running])
    fail(application, later, for_good=False)
    clock.pass_(40)
    assert states(application) == {
        JobState.RUNNING: [running.outbox_id],
        JobState.WAITING: ids[4:],
        JobState.LATER: [later.outbox_id],
        JobState.FAILED: [failed.outbox_id],
        JobState.DONE: [done.outbox_id],
    }
    with reading(application) as services:
        counts = services.jobs.count()
    assert counts == {
        JobState.RUNNING: 1,
        JobState.WAITING: 2,
        JobState.LATER: 1,
        JobState.FAILED: 1,
    }


def test_failed_job_runs_again(application: Application) -> None:
    ask(application, SettleRepository(7))
    fail(application, take(application))
    with writing(application) as services:
        services.jobs.retry(COMMAND_LINE, one(application).job_id)
    assert (one(application).state, one(application).attempts) == (JobState.WAITING, 0)
    assert take(application).job == SettleRepository(7)
    assert audited(application) == [f"job.retry job:{one(application).job_id}"]


def test_job_that_waits_for_its_time_runs_now(application: Application) -> None:
    ask(application, SettleRepository(7))
    fail(application, take(application), for_good=False)
    assert one(application).state is JobState.LATER
    with writing(application) as services:
        services.jobs.retry(COMMAND_LINE, one(application).job_id)
    assert one(application).state is JobState.WAITING


def test_failed_import_is_not_run_again(application: Application) -> None:
    """Its remote is gone, and the credentials with it."""
    ask(application, ImportRepository(1, 1, "https://example.com/r", "git", "r", "", False, ""))
    fail(application, take(application, Queue.IMPORT))
    with pytest.raises(ConflictError, match="forgotten"), writing(application) as services:
        services.jobs.retry(COMMAND_LINE, one(application).job_id)
    assert not one(application).repeatable
    assert one(application).state is JobState.FAILED


def test_failed_job_is_not_needed_where_an_equal_one_waits(application: Application) -> None:
    ask(application, SettleRepository(7))
    fail(application, take(application))
    ask(application, SettleRepository(7))
    with pytest.raises(ConflictError, match="equal"), writing(application) as services:
        services.jobs.retry(COMMAND_LINE, one(application).job_id)
    assert one(application).state is JobState.FAILED
    assert audited(application) == []


def test_waiting_job_is_cancelled_at_once(application: Application) -> None:
    ask(application, SettleRepository(7))
    with writing(application) as services:
        services.jobs.cancel(COMMAND_LINE, one(application).job_id)
    assert one(application).state is JobState.DONE
    ask(application, SettleRepository(7))
    assert len(stored_jobs(application)) == 2


def test_running_job_is_told(application: Application) -> None:
    ask(application, SettleRepository(7))
    taken = take(application)
    with writing(application) as services:
        services.jobs.cancel(COMMAND_LINE, taken.outbox_id)
    assert (one(application).state, one(application).cancelling) == (JobState.RUNNING, True)
    with writing(application) as services:
        assert services.taken_jobs.renew([taken]) == {taken.token: True}


def test_ended_job_is_deleted_with_its_progress(application: Application) -> None:
    ask(application, SettleRepository(7))
    taken = take(application)
    with writing(application) as services:
        services.progress.set_(taken.outbox_id, 50, "half")
    fail(application, taken)
    with writing(application) as services:
        services.jobs.delete(COMMAND_LINE, taken.outbox_id)
    assert stored_jobs(application) == []
    assert audited(application) == [f"job.delete job:{taken.outbox_id}"]


@pytest.mark.parametrize("action", ["retry", "delete"])
def test_running_job_is_neither_run_nor_deleted(application: Application, action: str) -> None:
    ask(application, SettleRepository(7))
    taken = take(application)
    with pytest.raises(ConflictError), writing(application) as services:
        getattr(services.jobs, action)(COMMAND_LINE, taken.outbox_id)


def test_ended_job_is_not_cancelled(application: Application) -> None:
    ask(application, SettleRepository(7))
    fail(application, take(application))
    with pytest.raises(ConflictError), writing(application) as services:
        services.jobs.cancel(COMMAND_LINE, one(application).job_id)


@pytest.mark.parametrize("action", ["retry", "cancel", "delete"])
def test_job_that_is_gone(application: Application, action: str) -> None:
    with pytest.raises(NotFoundError), writing(application) as services:
        getattr(services.jobs, action)(COMMAND_LINE, 4711)


def test_list_has_pages_in_both_orders(application: Application) -> None:
    ask(application, *(SettleRepository(number) for number in range(5)))
    ids = [row.outbox_id for row in stored_jobs(application)]
    with reading(application) as services:
        first = services.jobs.list_(JobState.WAITING, limit=3)
        rest = services.jobs.list_(JobState.WAITING, limit=3, beyond=first[-1].job_id)
    assert [row.job_id for row in (*first, *rest)] == ids
    for _ in ids:
        fail(application, take(application))
    with reading(application) as services:
        first = services.jobs.list_(JobState.FAILED, limit=3)
        rest = services.jobs.list_(JobState.FAILED, limit=3, beyond=first[-1].job_id)
    assert [row.job_id for row in (*first, *rest)] == ids[::-1]


def test_list_of_one_queue(application: Application) -> None:
    ask(application, SettleRepository(7), MAIL)
    with reading(application) as services:
        assert [row.kind for row in services.jobs.list_(JobState.WAITING, queue="mail")] == ["SendMail"]


@pytest.mark.parametrize(
    ("job", "about"),
    [
        (SettleRepository(7), "repository_id 7"),
        (MAIL, "message_id 1@example.org"),
        (
            ImportRepository(3, 1, "https://a.example/x", "git", "a/x", "text", private=False, address="192.0.2.1"),
            "path a/x, user_id 3, remote_address https://a.example/x",
        ),
    ],
)
def test_what_a_job_is_about_holds_no_letters(
    application: Application, job: SendMail | SettleRepository, about: str
) -> None:
    ask(application, job)
    assert one(application).about == about
    with writing(application) as services:
        services.jobs.cancel(COMMAND_LINE, one(application).job_id)
    with reading(application) as services:
        entry = services.session.scalars(select(AuditEntry)).one()
    assert "secret" not in json.dumps([entry.before, entry.after])


def since(application: Application) -> datetime.datetime | None:
    with reading(application) as services:
        return services.job_delays.find()


def test_jobs_that_nobody_takes_are_noticed(application: Application, clock: Clock) -> None:
    asked = clock.now
    ask(application, SettleRepository(7))
    clock.pass_(PATIENCE.total_seconds())
    assert since(application) is None
    clock.pass_(1)
    assert since(application) == asked


def _runs(application: Application, clock: Clock) -> None:
    taken = take(application)
    clock.pass_(PATIENCE.total_seconds() + 1)
    with writing(application) as services:
        services.taken_jobs.renew([taken])


def _was_done_lately(application: Application, clock: Clock) -> None:
    clock.pass_(PATIENCE.total_seconds() + 1)
    taken = take(application)
    with writing(application) as services:
        services.taken_jobs.finish(taken)


@pytest.mark.parametrize("meanwhile", [_runs, _was_done_lately])
def test_queue_whose_jobs_are_done_has_a_worker(
    application: Application, clock: Clock, meanwhile: Callable[[Application, Clock], None]
) -> None:
    ask(application, SettleRepository(7), SettleRepository(8))
    meanwhile(application, clock)
    assert since(application) is None
    mail = clock.now
    ask(application, MAIL)
    clock.pass_(30)
    assert since(application) is None
    clock.pass_(PATIENCE.total_seconds())
    # the other queue is a matter of its own
    assert since(application) is not None
    assert since(application) <= mail  # type: ignore[operator]
