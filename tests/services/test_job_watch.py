"""Jobs are kept while they run, told when their time is over, and end with their process if they do not listen."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kallithea.core.jobs import CleanUp, Queue, SettleRepository
from kallithea.core.words import unpack
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.application import Application
from kallithea.services.application import utc_now as real_clock
from kallithea.services.job_context import JobContext, JobLostError
from kallithea.services.job_watch import JobWatch
from kallithea.services.taken_jobs import LEASE
from kallithea.services.work import writing
from kallithea.services.worker import Worker, run_worker
from tests.applications import Clock
from tests.databases import DATABASES
from tests.services.test_outbox import stored_jobs
from tests.services.test_worker import ask

Handler = Callable[[Application, Any, JobContext], None]


@pytest.fixture
def application(every_application: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Application:
    """On every engine, with a clock that stands still, and a watch that looks all the time."""
    every_application.clock = clock
    monkeypatch.setattr("kallithea.services.job_watch._BEAT_SECONDS", 0.02)
    return every_application


def watched(application: Application, handler: Handler, end: Callable[[], None] = lambda: None) -> Worker:
    return Worker(application, {SettleRepository: handler}, "worker", watch=JobWatch(application, end))


def until_told(context: JobContext) -> None:
    """Ask until there is a reason to end, which is raised; half a minute at most."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        context.check()
        time.sleep(0.005)


def test_running_job_is_kept(application: Application, clock: Clock) -> None:
    others: list[bool] = []

    def handler(application: Application, job: SettleRepository, context: JobContext) -> None:
        for _ in range(3):
            clock.pass_(LEASE.total_seconds() - 1)
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and stored_jobs(application)[0].taken_until < clock.now + LEASE:  # type: ignore[operator]
                time.sleep(0.005)
            others.append(Worker(application, {}, "other").run_once())

    ask(application, SettleRepository(7))
    watched(application, handler).run_once()
    assert others == [False, False, False]
    assert [(row.state, row.attempts) for row in stored_jobs(application)] == [(OutboxState.DONE, 1)]


def test_running_job_is_kept_where_each_beat_takes_longer_than_it_should(
    application: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[float] = []
    enough = threading.Event()

    def keep(watch: JobWatch) -> None:
        kept.append(time.monotonic())
        time.sleep(0.05)
        if len(kept) == 3:
            enough.set()

    monkeypatch.setattr(JobWatch, "_keep", keep)

    def handler(application: Application, job: SettleRepository, context: JobContext) -> None:
        enough.wait(30)

    ask(application, SettleRepository(7))
    watched(application, handler).run_once()
    assert len(kept) >= 3


@pytest.mark.parametrize("migrated_url", DATABASES[1:], indirect=True)
def test_end_of_a_job_is_noted_while_jobs_are_kept(application: Application) -> None:
    """Both lock in the same order, so that none is rolled back for the other. On SQLite one writes after the other."""
    ask(application, *map(SettleRepository, range(70)))
    worker = watched(application, lambda _application, _job, _context: None)
    for _ in range(60):
        worker.run_once()
    with writing(application) as services:
        taken = [services.taken_jobs.take("worker", [Queue.QUICK]) for _ in range(6)]
    ended, *others = [job for job in taken if job is not None]

    def keep() -> set[str]:
        with writing(application) as services:
            return set(services.taken_jobs.renew([ended, *others]))

    with ThreadPoolExecutor(1) as pool:
        with writing(application) as services:
            services.session.get(OutboxJob, ended.outbox_id, with_for_update=True)
            kept = pool.submit(keep)
            with pytest.raises(TimeoutError):
                kept.result(timeout=0.5)
            assert services.taken_jobs.finish(ended)
        assert kept.result(timeout=30) == {job.token for job in others}


def test_job_that_was_taken_for_lost_is_told(application: Application, clock: Clock) -> None:
    told: list[Exception] = []

    def handler(application: Application, job: SettleRepository, context: JobContext) -> None:
        with writing(application) as services:
            clock.pass_(LEASE.total_seconds() + 1)
            assert services.taken_jobs.take("other", [SettleRepository.queue]) is not None
        try:
            until_told(context)
        except JobLostError as problem:
            told.append(problem)
            raise

    ask(application, SettleRepository(7))
    watched(application, handler).run_once()
    assert len(told) == 1
    (row,) = stored_jobs(application)
    assert (row.state, row.problem, (row.taken_by or "").split()[0]) == (OutboxState.WAITING, "", "other")


def test_job_whose_time_is_over_is_told_and_tried_again(
    application: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SettleRepository, "time_limit", 0.05)
    ended: list[None] = []
    worker = watched(application, lambda application, job, context: until_told(context), lambda: ended.append(None))
    ask(application, SettleRepository(7))
    worker.run_once()
    (row,) = stored_jobs(application)
    assert (row.state, unpack(row.problem)) == (OutboxState.WAITING, "It took longer than its time limit.")
    assert row.due > clock.now
    assert ended == []


def test_job_that_is_cancelled_while_it_runs_ends_without_a_problem(application: Application) -> None:
    def handler(application: Application, job: SettleRepository, context: JobContext) -> None:
        with writing(application) as services:
            services.progress.cancel(context.outbox_id)
        until_told(context)

    ask(application, SettleRepository(7))
    watched(application, handler).run_once()
    assert [(row.state, row.problem) for row in stored_jobs(application)] == [(OutboxState.DONE, "")]


def test_process_ends_with_a_job_that_does_not_listen(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.clock = real_clock
    for name in ("time_limit", "grace"):
        monkeypatch.setattr(CleanUp, name, 0.1)
    for name in ("_PATIENCE_SECONDS", "_GRACE_SECONDS"):
        monkeypatch.setattr(f"kallithea.services.worker.{name}", 0.1)
    go_on = threading.Event()

    def deaf(application: Application, job: CleanUp, context: JobContext) -> None:
        assert go_on.wait(30)

    ask(application, CleanUp())
    try:
        assert not run_worker(application, threading.Event(), {CleanUp: deaf})
        (row,) = stored_jobs(application, CleanUp)
        assert (row.state, row.attempts, row.taken_by) == (OutboxState.WAITING, 1, None)
        assert unpack(row.problem) == "It took longer than its time limit, and did not end when it was told to."
    finally:
        go_on.set()
        for lane in threading.enumerate():
            if lane.name == "jobs-upkeep":
                lane.join()


def test_watch_ends_with_the_last_job(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.services.job_watch._BEAT_SECONDS", 0.001)
    watching: list[bool] = []

    def is_watched() -> bool:
        return any(thread.name == "job watch" for thread in threading.enumerate())

    ask(application, SettleRepository(7))
    watched(application, lambda application, job, context: watching.append(is_watched())).run_once()
    assert watching == [True]
    assert not is_watched()


def test_worker_that_stops_for_others_says_so(application: Application) -> None:
    stop = threading.Event()
    stop.set()
    assert run_worker(application, stop, {})
