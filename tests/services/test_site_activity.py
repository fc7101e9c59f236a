"""What is counted of the last weeks, on every engine."""

import datetime

import pytest
from sqlalchemy import insert

from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.application import Application
from kallithea.services.site_activity import DAYS, count_site_activity
from kallithea.services.work import reading, writing
from tests.applications import NOON
from tests.statements import counted


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


def before(days: int, hour: int = 12) -> datetime.datetime:
    return NOON.replace(hour=hour) - datetime.timedelta(days=days)


def note(application: Application, *rows: AuditEntry | JournalEntry | OutboxJob) -> None:
    with writing(application) as services:
        services.session.add_all(rows)


def push(at: datetime.datetime, action: str = "push") -> JournalEntry:
    return JournalEntry(at=at, action=action, user_name="ada", way="http")


def test_days_are_counted_apart_and_empty_ones_too(application: Application) -> None:
    note(
        application, push(before(0)), push(before(1, 0)), push(before(1, 23)), push(before(29, 0)), push(before(30, 23))
    )
    note(application, push(before(0), "create"))
    with reading(application) as services:
        activity = count_site_activity(services.session, NOON)
    assert (len(activity.days), activity.days[0], activity.days[-1]) == (DAYS, before(29).date(), NOON.date())
    pushes, sign_ins, jobs = activity.series
    assert pushes.counts == (1, *[0] * 27, 2, 1)
    assert (pushes.total, sign_ins.total, jobs.total) == (4, 0, 0)


def test_sign_ins_and_jobs_are_counted(application: Application) -> None:
    shared = {"actor_name": "ada", "way": "web", "address": "", "target": "ada"}
    with writing(application) as services:
        for action in ("user.sign-in", "user.sign-in", "user.create"):
            services.session.execute(insert(AuditEntry).values(at=before(2), action=action, **shared))
    job = {"kind": "CleanUp", "queue": "quick", "arguments": "{}", "created": before(3), "due": before(3)}
    note(application, OutboxJob(**job, state=OutboxState.DONE, finished=before(2)), OutboxJob(**job))
    with reading(application) as services, counted(application.engine) as statements:
        _pushes, sign_ins, jobs = count_site_activity(services.session, NOON).series
    assert (sign_ins.counts[-3], sign_ins.total, jobs.counts[-3], jobs.total) == (2, 2, 1, 1)
    assert len(statements) == 3
