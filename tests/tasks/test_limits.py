"""What ends a job of Celery's that does not end by itself; the outbox says what becomes of it."""

import os
import pathlib
import signal
import time
from collections.abc import Callable

import pytest

from kallithea.core.jobs import SendMail, SettleRepository
from kallithea.core.words import unpack
from kallithea.model.outbox import OutboxState
from tests.services.test_outbox import stored_jobs
from tests.tasks.conftest import JobSite
from tests.tasks.deaf import VARIABLE
from tests.tasks.test_lost_and_found import mails

pytestmark = [
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.parametrize("job_site", [("redis", "sqlite"), ("rabbitmq", "sqlite")], indirect=True, ids="/".join),
]

#: How deaf the handler is, who ends it, and what is said of its job then, with the attempts that count.
DEAF = [
    pytest.param("sleeping", "It took longer than its time limit, and did not end when it was told to.", 2, id="ours"),
    pytest.param(
        "holding", "It never came to an end: each time, its worker ended or its time was over.", 0, id="celery"
    ),
]


@pytest.mark.parametrize(("deaf", "words", "attempts"), DEAF)
def test_a_deaf_job_ends_with_its_process(  # fixtures
    job_site: JobSite, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, deaf: str, words: str, attempts: int
) -> None:
    begun = tmp_path / f"{deaf}.txt"
    monkeypatch.setenv(VARIABLE, str(begun))
    job_site.start("deaf")
    job_site.ask(SettleRepository(7))
    job_site.wait_for(SettleRepository, 1, OutboxState.DEAD)
    (row,) = stored_jobs(job_site.application, SettleRepository)
    assert (unpack(row.problem), row.attempts, row.taken_by) == (words, attempts, None)
    # another process has come in the place of the one that was ended
    job_site.ask(*mails(0, 1))
    job_site.wait_for(SendMail, 1)
    # what the broker still had of the job has not begun it again
    assert begun.read_text().splitlines() == ["begun"] * 2


def test_a_worker_that_is_told_to_end_gives_its_job_back(
    job_site: JobSite, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by systemd, which tells all processes of a service."""
    begun = tmp_path / "listening.txt"
    monkeypatch.setenv(VARIABLE, str(begun))
    job_site.start("deaf")
    job_site.ask(SettleRepository(7))
    wait_until(begun.exists)
    for process in job_site.processes:
        os.killpg(process.pid, signal.SIGTERM)
    wait_until(lambda: stored_jobs(job_site.application, SettleRepository)[0].taken_by is None)
    (row,) = stored_jobs(job_site.application, SettleRepository)
    assert (row.state, row.attempts, row.lost) == (OutboxState.WAITING, 0, 1)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
