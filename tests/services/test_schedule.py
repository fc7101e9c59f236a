"""Periodic jobs are asked for by one process, once in their time."""

import datetime

import pytest

from kallithea.core.jobs import CleanUp, SettleRepositories
from kallithea.services.application import Application
from kallithea.services.schedule import Periodic, run_schedule
from tests.applications import Clock
from tests.services.test_outbox import stored_jobs

HOURLY = (Periodic(CleanUp(), datetime.timedelta(hours=1)),)
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


def test_due_job_is_asked_for_by_the_owner_alone(application: Application) -> None:
    asked: list[str] = []
    for owner in ("a", "b", "a"):
        application.wake = lambda owner=owner: asked.append(owner)  # type: ignore[misc]
        run_schedule(application, owner, ALWAYS)
    assert asked == ["a", "a"]
