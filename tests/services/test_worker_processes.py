"""Several worker processes on one outbox, and one that is killed."""

import pathlib
import subprocess
import sys

import pytest

from kallithea.core.jobs import SettleRepository
from kallithea.model.outbox import OutboxState
from kallithea.services.application import Application
from kallithea.services.application import utc_now as real_clock
from kallithea.services.worker import Worker
from tests.applications import Clock
from tests.services.test_outbox import stored_jobs
from tests.services.test_worker import ask


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def start(url: str, folder: pathlib.Path, order: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.services.job_process", url, str(folder), order]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_no_job_runs_twice_or_at_once(application: Application, migrated_url: str, tmp_path: pathlib.Path) -> None:
    application.clock = real_clock
    ask(application, *(SettleRepository(number) for number in range(60)))

    processes = [start(migrated_url, tmp_path, "work") for _ in range(2)]
    assert [process.wait(120) for process in processes] == [0, 0]

    assert {row.state for row in stored_jobs(application)} == {OutboxState.DONE}
    runs = [(tmp_path / f"job-{number}").read_text().splitlines() for number in range(60)]
    assert {len(run) for run in runs} == {1}
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()


def test_job_of_a_killed_worker_runs_again(
    application: Application, migrated_url: str, tmp_path: pathlib.Path, clock: Clock
) -> None:
    application.clock = real_clock
    ask(application, SettleRepository(7))
    with start(migrated_url, tmp_path, "hang") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.kill()

    done: list[SettleRepository] = []
    worker = Worker(application, {SettleRepository: lambda application, job, context: done.append(job)}, "second")
    assert not worker.run_once()
    clock.now = real_clock()
    clock.pass_(SettleRepository.time_limit + 1)
    application.clock = clock
    assert worker.run_once()
    assert done == [SettleRepository(7)]
