"""Periodic jobs are asked for by one process, once in their time."""

import datetime
from collections.abc import Callable

import pytest

from kallithea.core.errors import UnavailableError
from kallithea.core.jobs import CleanUp, SettleRepositories
from kallithea.model.outbox import OutboxState
from kallithea.services.application import Application
from kallithea.services.job_context import JobContext
from kallithea.services.schedule import Periodic, run_schedule
from kallithea.services.worker import Worker
from tests.applications import Clock
from tests.services.test_outbox import stored_jobs

HOURLY = (Periodic(CleanUp(), datetime.timedelta(hours=1)),)
CLEANING = (Periodic(CleanUp(), datetime.timedelta(0)),)
ALWAYS = (Periodic(SettleRepositories(), datetime.timedelta(0)),)


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def test_job_is_asked_for_once_in_its_time(application: Application) -> None:
    for owner in ("a", "b", "a"):
        run_schedule(application, owner, HOURLY)
    assert [row.kind for row in stored_jobs(application)] == ["CleanUp"]


def test_work_that_always_fails_is_listed_as_failed(application: Application, clock: Clock) -> None:
    """And is tried again in its times all the same; of its failures the last one is kept."""
    tried = run_for_a_day(application, clock, lambda _application, _job, _context: fail())
    (failed,) = (row for row in stored_jobs(application) if row.state == OutboxState.DEAD)
    assert (failed.kind, failed.attempts) == ("CleanUp", CleanUp.attempts)
    assert failed.finished == tried[len(tried) // CleanUp.attempts * CleanUp.attempts - 1]
    assert len(tried) > 2 * CleanUp.attempts
    assert clock.now - max(tried) <= HOURLY[0].every


def test_time_that_comes_while_the_work_is_done_gives_it_no_further_attempts(
    application: Application, clock: Clock
) -> None:
    def take_long(application: Application, _job: CleanUp, _context: JobContext) -> None:
        clock.pass_(3600)
        run_schedule(application, "a", CLEANING)
        fail()

    run_for_a_day(application, clock, take_long)
    assert [row.attempts for row in stored_jobs(application) if row.state == OutboxState.DEAD] == [CleanUp.attempts]


def fail() -> None:
    raise UnavailableError("no")


def run_for_a_day(
    application: Application, clock: Clock, handler: Callable[[Application, CleanUp, JobContext], None]
) -> list[datetime.datetime]:
    """When the job was tried, by a worker that looks every five minutes. Its time comes once an hour."""
    tried = list[datetime.datetime]()

    def run(application: Application, job: CleanUp, context: JobContext) -> None:
        tried.append(clock.now)
        handler(application, job, context)

    worker = Worker(application, {CleanUp: run}, "worker")
    for look in range(24 * 12):
        if look % 12 == 0:
            run_schedule(application, "a", CLEANING)
        worker.run_once()
        clock.pass_(300)
    return tried


def test_due_job_is_asked_for_by_the_owner_alone(application: Application) -> None:
    asked: list[str] = []
    for owner in ("a", "b", "a"):
        application.wake = lambda owner=owner: asked.append(owner)  # type: ignore[misc]
        run_schedule(application, owner, ALWAYS)
    assert asked == ["a", "a"]
