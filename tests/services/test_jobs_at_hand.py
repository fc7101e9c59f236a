"""Jobs that a command does itself."""

import datetime

import pytest
from sqlalchemy import update

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, UnavailableError
from kallithea.core.jobs import RebuildIndex, ScanRepositories
from kallithea.core.words import unpack
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.model.outbox_list import JobState
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError
from kallithea.services.jobs_at_hand import doing
from kallithea.services.tasks import TaskState
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from tests.services.test_outbox import stored_jobs

JOB = RebuildIndex(None)


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


def silent(_percent: int, _step: str) -> None:
    """Show nothing."""


def state(application: Application) -> TaskState:
    with reading(application) as services:
        return services.tasks.get(None, stored_jobs(application)[0].outbox_id, administers=True).state


def test_others_see_how_far_it_is(application: Application) -> None:
    shown: list[tuple[int, str]] = []
    with doing(application, JOB, lambda percent, step: shown.append((percent, step))) as teller:
        teller(30, "half", "a line")
        with reading(application) as services:
            (row,) = services.jobs.list_(JobState.RUNNING)
            task = services.tasks.get(None, row.job_id, administers=True)
        assert (row.kind, row.percent, row.step, row.has_page) == ("RebuildIndex", 30, "half", True)
        assert [line.partition(" ")[2] for line in task.log] == ["a line"]
        # no worker takes it, and nobody else begins the same
        assert not Worker(application, {}, "worker").run_once()
    assert shown == [(30, "half"), (100, "")]
    assert state(application) is TaskState.DONE


def test_it_is_cancelled_like_others(application: Application) -> None:
    def work() -> None:
        with doing(application, JOB, silent) as teller:
            with writing(application) as services:
                services.jobs.cancel(COMMAND_LINE, stored_jobs(application)[0].outbox_id)
            teller(1, "step")

    with pytest.raises(JobCancelledError):
        work()
    assert state(application) is TaskState.CANCELLED


def test_who_interrupts_it_has_cancelled_it(application: Application) -> None:
    with pytest.raises(KeyboardInterrupt), doing(application, JOB, silent):
        raise KeyboardInterrupt
    assert state(application) is TaskState.CANCELLED


def test_what_fails_is_left_to_no_worker(application: Application) -> None:
    with pytest.raises(UnavailableError), doing(application, JOB, silent):
        raise UnavailableError("It is away.")
    (row,) = stored_jobs(application)
    assert (row.state, unpack(row.problem), row.taken_by) == (OutboxState.DEAD, "It is away.", None)


def test_one_that_waits_for_its_time_is_left_to_workers(application: Application) -> None:
    with writing(application) as services:
        services.outbox.add(JOB, delay=datetime.timedelta(minutes=1))
        services.session.execute(update(OutboxJob).values(attempts=1, problem="Broken."))
    with pytest.raises(ConflictError, match="under way already"), doing(application, JOB, silent):
        pytest.fail("begun")


def test_there_is_one_at_a_time(application: Application) -> None:
    """Nobody begins a second one while one runs; one that waits is done at hand if it is the very same."""
    with doing(application, JOB, silent):
        words = "under way already: see `kallithea job show 1`"
        with pytest.raises(ConflictError, match=words), doing(application, JOB, silent):
            pytest.fail("begun")
        with writing(application) as services:
            assert services.outbox.add_asked(RebuildIndex(1)) == 1
    with writing(application) as services:
        asked = services.outbox.add_asked(ScanRepositories(1, 1, "192.0.2.1"))
        waiting = services.outbox.add_asked(RebuildIndex(1))
    with pytest.raises(ConflictError, match="under way"), doing(application, ScanRepositories(None, 2, ""), silent):
        pytest.fail("begun for another owner")
    with doing(application, JOB, silent):
        pass
    rows = {row.outbox_id: (row.kind, row.state, row.taken_by) for row in stored_jobs(application)}
    assert rows == {
        1: ("RebuildIndex", OutboxState.DONE, None),
        asked: ("ScanRepositories", OutboxState.WAITING, None),
        waiting: ("RebuildIndex", OutboxState.DONE, None),
    }


def test_pages_are_for_those_who_administer_the_site(application: Application) -> None:
    with writing(application) as services:
        task_id = services.outbox.add_asked(ScanRepositories(1, 1, ""))
    with reading(application) as services:
        assert services.tasks.get(1, task_id) == services.tasks.get(2, task_id, administers=True)
