"""What is written down of a running transfer."""

import pytest

from kallithea.core.errors import UnavailableError
from kallithea.core.jobs import PullRepository
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobContext
from kallithea.services.tasks import SILENCE, TaskState
from kallithea.services.transfer_progress import TransferTeller
from kallithea.services.transfers import TransferState, read_transfer
from kallithea.services.work import reading, writing
from kallithea.vcs.remote import Amount, RemoteStep
from tests.applications import Clock


@pytest.fixture
def task_id(application: Application, clock: Clock) -> int:
    application.clock = clock
    with writing(application) as services:
        return services.outbox.add_asked(PullRepository(1, 7, ""))


@pytest.fixture
def teller(application: Application, task_id: int) -> TransferTeller:
    return TransferTeller(JobContext(application, task_id))


def state(application: Application, task_id: int) -> TransferState:
    with reading(application) as services:
        return read_transfer(services.progress.get(task_id))


def log(application: Application, task_id: int) -> list[str]:
    with reading(application) as services:
        return services.progress.get(task_id).log.splitlines()


def tell(teller: TransferTeller) -> None:
    """As if time had passed."""
    teller._teller._told = 0.0
    teller.tick()


def test_steps_have_their_times(application: Application, task_id: int, teller: TransferTeller, clock: Clock) -> None:
    begun = {}
    for step in (RemoteStep.CONNECT, RemoteStep.RECEIVE):
        begun[step] = clock.now
        teller.begin(step)
        clock.pass_(3)
    # one that goes on does not begin anew
    teller.begin(RemoteStep.CONNECT)
    assert dict(state(application, task_id).begun) == begun


def test_amount_is_that_of_the_present_step(application: Application, task_id: int, teller: TransferTeller) -> None:
    teller.begin(RemoteStep.RECEIVE)
    amount = Amount("objects", 7, 9, 1000)
    teller.count(amount)
    tell(teller)
    assert state(application, task_id).amount == amount
    teller.begin(RemoteStep.STORE)
    assert state(application, task_id).amount is None


def test_transfer_whose_worker_is_lost_can_be_cancelled(
    application: Application, task_id: int, teller: TransferTeller, clock: Clock
) -> None:
    with writing(application) as services:
        services.taken_jobs.take("lost", [PullRepository.queue])
    teller.begin(RemoteStep.RECEIVE)
    clock.pass_(SILENCE.total_seconds())
    with reading(application) as services:
        task = services.tasks.get(1, task_id)
    assert (task.state, task.silent) == (TaskState.RUNNING, False)
    clock.pass_(1)
    with writing(application) as services:
        assert services.tasks.get(1, task_id).silent
        services.tasks.cancel(1, task_id)
    with reading(application) as services:
        task = services.tasks.get(1, task_id)
    assert (task.state, task.silent) == (TaskState.CANCELLED, False)


def test_transfer_that_is_alive_is_cancelled_where_it_says_something(
    application: Application, task_id: int, teller: TransferTeller
) -> None:
    with writing(application) as services:
        services.taken_jobs.take("alive", [PullRepository.queue])
    teller.begin(RemoteStep.RECEIVE)
    with writing(application) as services:
        services.tasks.cancel(1, task_id)
    with reading(application) as services:
        assert services.tasks.get(1, task_id).state is TaskState.CANCELLING


def test_log_has_a_line_for_each_tenth(application: Application, task_id: int, teller: TransferTeller) -> None:
    teller.begin(RemoteStep.RECEIVE)
    for done in range(1001):
        teller.count(Amount("objects", done, 1000))
    tell(teller)
    lines = [line.partition(" ")[2] for line in log(application, task_id)]
    assert lines == [f"objects: {percent} % ({percent * 10}/1000)" for percent in range(0, 101, 10)]


def test_log_is_bounded(application: Application, task_id: int, teller: TransferTeller) -> None:
    for number in range(1000):
        teller.say(f"line {number} {'x' * 100}")
    tell(teller)
    lines = log(application, task_id)
    assert lines[-1].endswith(f"line 999 {'x' * 100}")
    assert sum(map(len, lines)) < 20_001


def test_cancelling_is_learnt_of(application: Application, task_id: int, teller: TransferTeller) -> None:
    teller.begin(RemoteStep.CONNECT)
    teller.say("once")
    with writing(application) as services:
        services.progress.cancel(task_id)
    with pytest.raises(JobCancelledError):
        tell(teller)
    teller.end("cancelled")
    assert [line.partition(" ")[2] for line in log(application, task_id)] == ["once", "cancelled"]


def test_database_that_is_busy_ends_nothing(
    application: Application, task_id: int, teller: TransferTeller, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller.begin(RemoteStep.RECEIVE)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise UnavailableError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(JobContext, "progress", refuse)
        teller.say("said meanwhile")
        tell(teller)
    tell(teller)
    assert log(application, task_id)[-1].endswith(" said meanwhile")
