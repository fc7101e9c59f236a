"""Jobs that people wait for."""

import datetime

import pytest

from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import CleanUp, ForkRepository, PullRepository, Queue
from kallithea.core.words import Text, _
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobContext
from kallithea.services.tasks import TaskState
from kallithea.services.work import reading, writing
from tests.services.test_outbox import stored_jobs

ADA, BOB = 1, 2
JOB = ForkRepository(ADA, 7, "mine/fork", "", False, "192.0.2.1")


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


@pytest.fixture
def task_id(application: Application) -> int:
    """A task of ada's that waits."""
    with writing(application) as services:
        return services.outbox.add_asked(JOB)


def state(application: Application, task_id: int) -> TaskState:
    with reading(application) as services:
        return services.tasks.get(ADA, task_id).state


def test_step_and_problem_are_texts_again(application: Application, task_id: int) -> None:
    problem, step = _("There is no room."), _("Storing %(name)s", name="x")
    with writing(application) as services:
        taken = services.taken_jobs.take("worker", list(Queue))
        assert taken is not None
        services.progress.set_(task_id, 10, step)
        services.taken_jobs.fail(taken, problem, datetime.timedelta(0))
    with reading(application) as services:
        task = services.tasks.get(ADA, task_id)
    assert [(type(text), text) for text in (task.step, task.problem)] == [(Text, step), (Text, problem)]


def test_asking_twice_is_one_task(application: Application, task_id: int) -> None:
    with writing(application) as services:
        assert services.outbox.add_asked(JOB) == task_id


def test_task_is_shown_to_whoever_asked(application: Application, task_id: int) -> None:
    with reading(application) as services:
        assert services.tasks.get(ADA, task_id).job == JOB
        for user_id in (BOB, None):
            with pytest.raises(NotFoundError):
                services.tasks.get(user_id, task_id)
        with pytest.raises(NotFoundError):
            services.tasks.get(ADA, task_id + 1)


@pytest.mark.parametrize("user_id", [BOB, None])
def test_task_is_cancelled_by_nobody_else(application: Application, task_id: int, user_id: int | None) -> None:
    with writing(application) as services, pytest.raises(NotFoundError):
        services.tasks.cancel(user_id, task_id)
    assert state(application, task_id) is TaskState.WAITING


def test_other_jobs_are_no_tasks(application: Application) -> None:
    with writing(application) as services:
        services.outbox.add(CleanUp())
    with reading(application) as services, pytest.raises(NotFoundError):
        services.tasks.get(ADA, stored_jobs(application)[0].outbox_id)


def test_waiting_task_that_is_cancelled_is_never_taken(application: Application, task_id: int) -> None:
    assert state(application, task_id) is TaskState.WAITING
    with writing(application) as services:
        services.tasks.cancel(ADA, task_id)
    assert state(application, task_id) is TaskState.CANCELLED
    with writing(application) as services:
        assert services.taken_jobs.take("worker", [JOB.queue]) is None
        assert services.outbox.add_asked(JOB) != task_id


def test_running_task_learns_that_it_is_cancelled(application: Application, task_id: int) -> None:
    with writing(application) as services:
        taken = services.taken_jobs.take("worker", [JOB.queue])
    assert taken is not None
    JobContext(application, task_id).progress(30, "Packing")
    with reading(application) as services:
        task = services.tasks.get(ADA, task_id)
    assert (task.state, task.percent, task.step) == (TaskState.RUNNING, 30, "Packing")
    with writing(application) as services:
        services.tasks.cancel(ADA, task_id)
    assert state(application, task_id) is TaskState.CANCELLING
    with pytest.raises(JobCancelledError):
        JobContext(application, task_id).progress(40, "Packing")
    with writing(application) as services:
        services.taken_jobs.finish(taken)
    assert state(application, task_id) is TaskState.CANCELLED


def test_ended_task_stays_as_it_is(application: Application, task_id: int) -> None:
    with writing(application) as services:
        taken = services.taken_jobs.take("worker", [JOB.queue])
        assert taken is not None
    with writing(application) as services:
        services.taken_jobs.finish(taken)
    with writing(application) as services:
        services.tasks.cancel(ADA, task_id)
    assert state(application, task_id) is TaskState.DONE


def test_tasks_of_one_user_are_listed(application: Application, task_id: int) -> None:
    with writing(application) as services:
        services.outbox.add(CleanUp())
        services.outbox.add_asked(PullRepository(BOB, 7, ""))
        second = services.outbox.add_asked(PullRepository(ADA, 7, ""))
        services.progress.set_(second, 10, "step")
    with reading(application) as services:
        tasks = services.tasks.list_(ADA, limit=9)
        assert [(task.task_id, task.percent) for task in tasks] == [(second, 10), (task_id, 0)]
        assert services.tasks.list_(ADA, limit=1) == tasks[:1]
