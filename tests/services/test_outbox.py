"""Jobs live and die with the transaction that asks for them, and of equal ones that wait one is kept."""

import datetime
from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.jobs import CleanUp, ForkRepository, Job, NoteUse, PullRepository, Queue, SettleRepository
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.application import Application
from kallithea.services.outbox import MOST_ASKED
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.databases import DATABASES


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def stored_jobs(application: Application, *kinds: type[Job]) -> Sequence[OutboxJob]:
    """All jobs, or those of these kinds, oldest first."""
    with reading(application) as services:
        rows = services.session.scalars(select(OutboxJob).order_by(OutboxJob.outbox_id)).all()
    return [row for row in rows if not kinds or row.kind in [kind.__name__ for kind in kinds]]


def test_job_is_stored_with_its_unit(application: Application, clock: Clock) -> None:
    with writing(application) as services:
        services.outbox.add(SettleRepository(7), delay=datetime.timedelta(seconds=10))

    (row,) = stored_jobs(application)
    assert (row.kind, row.queue, row.arguments) == ("SettleRepository", "quick", '{"repository_id": 7}')
    assert (row.state, row.attempts, row.problem) == (OutboxState.WAITING, 0, "")
    assert row.created == clock.now
    assert row.due == clock.now + datetime.timedelta(seconds=10)


def test_job_is_lost_with_its_unit(application: Application) -> None:
    def fail_after_asking() -> None:
        with writing(application) as services:
            services.outbox.add(SettleRepository(7))
            services.repositories.get("nowhere")

    with pytest.raises(NotFoundError):
        fail_after_asking()

    assert stored_jobs(application) == []


def test_workers_are_woken_after_a_commit_that_left_jobs(application: Application) -> None:
    seen: list[int] = []
    application.wake = lambda: seen.append(len(stored_jobs(application)))

    with writing(application) as services:
        services.outbox.add(SettleRepository(7))
    with writing(application):
        pass

    assert seen == [1]


def test_equal_jobs_wait_once(application: Application) -> None:
    with writing(application) as services:
        services.outbox.add(SettleRepository(7))
        services.outbox.add(SettleRepository(8))
    with writing(application) as services:
        services.outbox.add(SettleRepository(7))
        services.outbox.add(NoteUse("user_session", 7, "2030-01-01T00:00:00+00:00"))
        services.outbox.add(NoteUse("user_session", 7, "2030-01-01T00:00:05+00:00"))

    assert [row.kind for row in stored_jobs(application)] == ["SettleRepository", "SettleRepository", "NoteUse"]


def test_equal_job_is_kept_when_the_first_has_begun(application: Application) -> None:
    with writing(application) as services:
        services.outbox.add(SettleRepository(7))
    with writing(application) as services:
        services.taken_jobs.take("worker", [Queue.QUICK])
    with writing(application) as services:
        services.outbox.add(SettleRepository(7))

    assert len(stored_jobs(application)) == 2


def test_waiting_job_becomes_due_sooner_and_never_later(application: Application, clock: Clock) -> None:
    for delay in (60, 5, 30):
        with writing(application) as services:
            services.outbox.add(CleanUp(), delay=datetime.timedelta(seconds=delay))

    (row,) = stored_jobs(application)
    assert row.due == clock.now + datetime.timedelta(seconds=5)


def test_failed_job_is_tried_within_a_minute_for_a_new_cause(application: Application, clock: Clock) -> None:
    with writing(application) as services:
        services.outbox.add(CleanUp())
    with writing(application) as services:
        taken = services.taken_jobs.take("worker", [Queue.UPKEEP])
        assert taken is not None
        services.taken_jobs.fail(taken, "no", datetime.timedelta(minutes=5))
    for _ in range(2):
        with writing(application) as services:
            services.outbox.add(CleanUp())

    (row,) = stored_jobs(application)
    assert (row.due, row.attempts) == (clock.now + datetime.timedelta(minutes=1), 0)


@pytest.mark.parametrize("migrated_url", DATABASES[1:], indirect=True)
def test_job_is_not_begun_before_everybody_who_asked_has_committed(application: Application) -> None:
    """On SQLite the next unit would wait for this one anyway."""
    with writing(application) as services:
        services.outbox.add(SettleRepository(7))

    with writing(application) as slow:
        slow.outbox.add(SettleRepository(7))
        with writing(application) as services:
            assert services.taken_jobs.take("worker", [Queue.QUICK]) is None
    with writing(application) as services:
        assert services.taken_jobs.take("worker", [Queue.QUICK]) is not None


@pytest.mark.parametrize("migrated_url", DATABASES[1:], indirect=True)
def test_who_takes_a_job_is_in_nobodys_way(application: Application) -> None:
    """On SQLite one unit writes after the other."""
    with writing(application) as services:
        for number in range(5):
            services.outbox.add(PullRepository(1, number, ""))
        services.outbox.add(SettleRepository(7))

    with writing(application) as slow:
        assert slow.taken_jobs.take("worker", [SettleRepository.queue]) is not None
        with writing(application) as services:
            assert services.taken_jobs.take("worker", [PullRepository.queue]) is not None


@pytest.mark.parametrize("migrated_url", DATABASES[:1], indirect=True)
def test_nobody_waits_for_more_than_a_few(application: Application) -> None:
    """Forks, imports and pulls together; what is asked for twice counts once, and others are not concerned."""
    with writing(application) as services:
        for number in range(MOST_ASKED):
            services.outbox.add_asked(PullRepository(1, number, ""))
    with writing(application) as services:
        services.outbox.add_asked(PullRepository(1, 0, ""))
        services.outbox.add_asked(PullRepository(2, 0, ""))
        with pytest.raises(ConflictError, match="You wait for 10 tasks already"):
            services.outbox.add_asked(ForkRepository(1, 7, "mine/fork", "", False, ""))
    with writing(application) as services:
        services.session.execute(update(OutboxJob).values(state=OutboxState.DONE, waiting_key=None))
        services.outbox.add_asked(ForkRepository(1, 7, "mine/fork", "", False, ""))
