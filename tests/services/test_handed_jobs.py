"""Jobs whose numbers a message broker has."""

import datetime
import itertools
from collections.abc import Sequence

import pytest

from kallithea.core.jobs import Queue, SendMail, SettleRepository
from kallithea.services.application import Application
from kallithea.services.handed_jobs import HandedJob
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.services.test_outbox import stored_jobs
from tests.services.test_worker import ask


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def choose(application: Application, limit: int = 100) -> Sequence[HandedJob]:
    with writing(application) as services:
        return services.handed_jobs.choose(limit)


def test_number_is_handed_over_once(application: Application) -> None:
    ask(application, SettleRepository(7))
    (row,) = stored_jobs(application)
    with reading(application) as services:
        assert services.handed_jobs.are_due()
    assert choose(application) == [HandedJob(row.outbox_id, "quick", SettleRepository.time_limit + 60)]
    assert choose(application) == []
    with reading(application) as services:
        assert not services.handed_jobs.are_due()


def test_the_one_due_longest_comes_first(application: Application, clock: Clock) -> None:
    for number in range(3):
        ask(application, SettleRepository(number))
        clock.pass_(1)
    ids = [row.outbox_id for row in stored_jobs(application)]
    assert [job.outbox_id for job in choose(application, 2)] == ids[:2]
    assert [job.outbox_id for job in choose(application, 2)] == ids[2:]


def test_number_that_nobody_takes_is_handed_over_again_after_longer_and_longer(
    application: Application, clock: Clock
) -> None:
    ask(application, SettleRepository(7))
    handed = []
    for minute in range(24 * 60):
        if choose(application):
            handed.append(minute)
        clock.pass_(60)
    assert handed[:5] == [0, 2, 5, 11, 23]
    assert max(later - earlier for earlier, later in itertools.pairwise(handed)) == 31
    assert len(handed) < 60


def test_number_that_the_broker_did_not_get_is_handed_over_at_once(application: Application) -> None:
    ask(application, SettleRepository(7), SettleRepository(8))
    first, second = choose(application)
    with writing(application) as services:
        services.handed_jobs.take_back([second.outbox_id])
    assert choose(application) == [second]
    assert first != second


def test_what_is_not_due_or_taken_is_left_alone(application: Application, clock: Clock) -> None:
    ask(application, SettleRepository(7))
    with writing(application) as services:
        services.outbox.add(SettleRepository(8), delay=datetime.timedelta(minutes=1))
        assert services.taken_jobs.take("worker", list(Queue)) is not None
    assert choose(application) == []
    clock.pass_(61)
    assert len(choose(application)) == 2


def test_job_of_another_version_is_handed_over_without_a_limit(application: Application) -> None:
    ask(application, SendMail(("ada@example.org",), "subject", "text", "1@example.org"))
    with writing(application) as services:
        row = stored_jobs(application)[0]
        services.session.merge(row).kind = "Tomorrow"
    assert [job.seconds for job in choose(application)] == [None]


def test_number_is_taken_once(application: Application) -> None:
    ask(application, SettleRepository(7))
    outbox_id = stored_jobs(application)[0].outbox_id
    choose(application)
    with writing(application) as services:
        taken = services.taken_jobs.take_this("first", outbox_id)
    assert taken is not None
    with writing(application) as services:
        assert services.taken_jobs.take_this("second", outbox_id) is None
        assert services.taken_jobs.take_this("second", outbox_id + 1) is None
        services.taken_jobs.finish(taken)
    with writing(application) as services:
        assert services.taken_jobs.take_this("second", outbox_id) is None


def test_failed_job_is_handed_over_when_its_time_has_come(application: Application, clock: Clock) -> None:
    ask(application, SettleRepository(7))
    (handed,) = choose(application)
    with writing(application) as services:
        taken = services.taken_jobs.take_this("worker", handed.outbox_id)
        assert taken is not None
        services.taken_jobs.fail(taken, "no", datetime.timedelta(seconds=30))
    assert choose(application) == []
    clock.pass_(31)
    assert choose(application) == [handed]
