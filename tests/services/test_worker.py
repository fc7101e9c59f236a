"""What becomes of jobs in the hands of a worker."""

import datetime
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import update

from kallithea.core.errors import KallitheaError, LastingError, OvertakenError, UnavailableError
from kallithea.core.jobs import (
    CleanUp,
    FindLastChanges,
    IndexRepositories,
    Job,
    MailNotification,
    PullOnSchedule,
    PullRepository,
    Queue,
    RemoveFolder,
    SendLink,
    SendMail,
    SettleRepositories,
    SettleRepository,
)
from kallithea.core.request_id import REQUEST_ID
from kallithea.core.storage import StorageError, StorageFault
from kallithea.core.words import Text, _, unpack
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.application import Application
from kallithea.services.bell import Listener
from kallithea.services.job_context import JobContext
from kallithea.services.job_retries import retry_delay
from kallithea.services.taken_jobs import MOST_LOST, TakenJob, TakenJobs
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker, describe, run_worker
from kallithea.vcs.remote import RemoteError
from tests.applications import Clock
from tests.factories.people import Factory
from tests.services.test_outbox import stored_jobs

MAIL = SendMail(("ada@example.org",), "subject", "text", "1@example.org")


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def ask(application: Application, *jobs: Job) -> None:
    with writing(application) as services:
        for job in jobs:
            services.outbox.add(job)


def make_worker(application: Application, handler: Callable[[Application, Any, JobContext], None]) -> Worker:
    return Worker(application, {SettleRepository: handler, CleanUp: handler, SendMail: handler}, "worker")


class Recorder:
    """A handler that remembers its jobs and fails as often as it is told."""

    def __init__(self, failures: int = 0, problem: Exception | None = None) -> None:
        self.jobs: list[Job] = []
        self._failures = failures
        self._problem = problem or UnavailableError("The mail server is away.")

    def __call__(self, application: Application, job: Job, context: JobContext) -> None:
        self.jobs.append(job)
        if self._failures:
            self._failures -= 1
            raise self._problem


def test_job_is_run_once(application: Application, clock: Clock) -> None:
    handler = Recorder()
    worker = make_worker(application, handler)
    ask(application, SettleRepository(7))

    assert worker.run_once()
    assert not worker.run_once()

    assert handler.jobs == [SettleRepository(7)]
    (row,) = stored_jobs(application)
    assert (row.state, row.finished, row.taken_by) == (OutboxState.DONE, clock.now, None)


def test_job_runs_under_the_name_of_the_request_that_asked_for_it(application: Application) -> None:
    token = REQUEST_ID.set("abcdefgh")
    ask(application, MAIL)
    REQUEST_ID.set("")
    names = []
    make_worker(application, lambda *_: names.append(REQUEST_ID.get())).run_once()
    REQUEST_ID.reset(token)
    assert names == ["abcdefgh"]


@pytest.mark.parametrize("note", ["finish", "fail", "give_up"])
def test_what_became_of_a_job_is_noted_though_the_database_is_away_for_a_moment(
    application: Application, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    problems, runs = (
        {"finish": None, "fail": KallitheaError("once more"), "give_up": LastingError("never")},
        list[Job](),
    )
    real, failures = getattr(TakenJobs, note), iter([OvertakenError("was first"), UnavailableError("is away")])

    def handle(_application: Application, job: Job, _context: JobContext) -> None:
        runs.append(job)
        if (problem := problems[note]) is not None:
            raise problem

    def note_in_the_end(*arguments: Any) -> bool:
        for failure in failures:
            raise failure
        noted: bool = real(*arguments)
        return noted

    monkeypatch.setattr(TakenJobs, note, note_in_the_end)
    ask(application, SettleRepository(7))
    worker = make_worker(application, handle)
    assert worker.run_once()
    assert not worker.run_once()

    assert len(runs) == 1
    (row,) = stored_jobs(application)
    states = {"finish": OutboxState.DONE, "fail": OutboxState.WAITING, "give_up": OutboxState.DEAD}
    assert (row.state, row.taken_by) == (states[note], None)


def test_job_is_taken_by_who_was_overtaken(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, failures, real = list[Job](), iter([OvertakenError("was first")]), TakenJobs.take

    def take_in_the_end(*arguments: Any) -> TakenJob | None:
        for failure in failures:
            raise failure
        return real(*arguments)

    monkeypatch.setattr(TakenJobs, "take", take_in_the_end)
    ask(application, SettleRepository(7))
    assert make_worker(application, lambda _application, job, _context: runs.append(job)).run_once()
    assert runs == [SettleRepository(7)]


def test_job_keeps_its_arguments(application: Application) -> None:
    handler = Recorder()
    ask(application, MAIL)
    make_worker(application, handler).run_once()
    assert handler.jobs == [MAIL]


def test_job_waits_until_it_is_due(application: Application, clock: Clock) -> None:
    worker = make_worker(application, Recorder())
    with writing(application) as services:
        services.outbox.add(SettleRepository(7), delay=datetime.timedelta(seconds=10))

    assert not worker.run_once()
    clock.pass_(10)
    assert worker.run_once()


def test_handler_may_write_and_ask_for_jobs(application: Application) -> None:
    def handler(application: Application, job: SettleRepository, context: JobContext) -> None:
        context.progress(50, "half", "a line")
        if job.repository_id == 7:
            ask(application, SettleRepository(8))

    worker = make_worker(application, handler)
    ask(application, SettleRepository(7))
    worker.run(threading.Event())

    assert [row.state for row in stored_jobs(application)] == [OutboxState.DONE, OutboxState.DONE]
    with reading(application) as services:
        assert services.progress.get(stored_jobs(application)[0].outbox_id).step == "half"


def test_failed_job_is_tried_again_later(application: Application, clock: Clock) -> None:
    handler = Recorder(failures=1)
    worker = make_worker(application, handler)
    ask(application, SettleRepository(7))

    assert worker.run_once()
    assert not worker.run_once()
    (row,) = stored_jobs(application)
    assert (row.state, row.problem) == (OutboxState.WAITING, "The mail server is away.")

    clock.pass_(13)
    assert worker.run_once()
    (row,) = stored_jobs(application)
    assert (row.state, row.attempts, row.problem) == (OutboxState.DONE, 2, "")


def test_job_is_given_up_after_its_attempts(application: Application, clock: Clock) -> None:
    handler = Recorder(failures=100)
    worker = make_worker(application, handler)
    ask(application, SettleRepository(7))

    for _attempt in range(20):
        worker.run_once()
        clock.pass_(2 * 3600)

    assert len(handler.jobs) == SettleRepository.attempts
    (row,) = stored_jobs(application)
    assert (row.state, row.problem) == (OutboxState.DEAD, "The mail server is away.")


def test_what_a_job_failed_of_is_kept_as_a_text(application: Application) -> None:
    problem = KallitheaError(_("There is no branch %(name)s.", name="tip"))
    worker = make_worker(application, Recorder(failures=1, problem=problem))
    ask(application, SettleRepository(7))
    worker.run_once()
    kept = unpack(stored_jobs(application)[0].problem)
    assert (type(kept), kept) == (Text, "There is no branch tip.")


def test_job_whose_worker_always_dies_is_given_up(application: Application, clock: Clock) -> None:
    ask(application, SettleRepository(7))
    assert lose(application, clock, MOST_LOST + 5) == MOST_LOST
    (row,) = stored_jobs(application)
    assert (row.state, row.lost) == (OutboxState.DEAD, MOST_LOST)


def test_workers_that_are_killed_cost_a_job_no_attempts(application: Application, clock: Clock) -> None:
    """Whoever had it may have been killed, or have died of another job."""
    ask(application, SettleRepository(7))
    lose(application, clock, 20)
    handler = Recorder(failures=SettleRepository.attempts - 1)
    worker = make_worker(application, handler)
    for _attempt in range(SettleRepository.attempts):
        worker.run_once()
        clock.pass_(2 * 3600)
    assert [row.state for row in stored_jobs(application)] == [OutboxState.DONE]


def test_job_with_one_attempt_is_not_begun_again(application: Application, clock: Clock) -> None:
    ask(application, PullOnSchedule(7))
    assert lose(application, clock, 3) == 1
    assert [row.state for row in stored_jobs(application)] == [OutboxState.DEAD]


def lose(application: Application, clock: Clock, times: int) -> int:
    """Have workers take a job and never be heard of again; how often there was one to be taken."""
    taken = 0
    for _time in range(times):
        with writing(application) as services:
            taken += services.taken_jobs.take("dies", list(Queue)) is not None
        clock.pass_(3600)
    return taken


def test_failed_job_gives_way_to_an_equal_one(application: Application) -> None:
    def handler(application: Application, job: Job, context: JobContext) -> None:
        ask(application, SettleRepository(7))
        raise UnavailableError("no")

    ask(application, SettleRepository(7))
    make_worker(application, handler).run_once()

    assert [row.state for row in stored_jobs(application)] == [OutboxState.DONE, OutboxState.WAITING]


def test_failed_job_stands_for_equal_ones(application: Application) -> None:
    worker = make_worker(application, Recorder(failures=1))
    ask(application, SettleRepository(7))
    worker.run_once()
    ask(application, SettleRepository(7))
    assert len(stored_jobs(application)) == 1


def test_job_whose_time_is_over_is_taken_by_another(application: Application, clock: Clock) -> None:
    ask(application, SettleRepository(7))
    with writing(application) as services:
        first = services.taken_jobs.take("first", [Queue.QUICK])
    assert first is not None
    with writing(application) as services:
        assert services.taken_jobs.take("second", [Queue.QUICK]) is None

    clock.pass_(SettleRepository.time_limit + 1)
    with writing(application) as services:
        second = services.taken_jobs.take("second", [Queue.QUICK])
    assert second is not None
    with writing(application) as services:
        assert not services.taken_jobs.finish(first)
        assert not services.taken_jobs.fail(first, "late", datetime.timedelta(0))
        assert services.taken_jobs.finish(second)

    (row,) = stored_jobs(application)
    assert (row.state, row.problem) == (OutboxState.DONE, "")


def test_job_of_another_version_is_left_waiting(application: Application, clock: Clock) -> None:
    ask(application, CleanUp(), SettleRepository(7))
    with writing(application) as services:
        services.session.execute(update(OutboxJob).where(OutboxJob.kind == "CleanUp").values(kind="Tomorrow"))
    handler = Recorder()
    make_worker(application, handler).run(threading.Event())

    assert handler.jobs == [SettleRepository(7)]
    left = stored_jobs(application)[0]
    assert (left.state, left.attempts) == (OutboxState.WAITING, 0)
    assert left.due > clock.now


def test_job_without_a_handler_fails_like_others(application: Application) -> None:
    ask(application, RemoveFolder("x"))
    make_worker(application, Recorder()).run_once()
    assert stored_jobs(application)[0].problem.startswith("KeyError")


def test_queues_are_kept_apart(application: Application) -> None:
    ask(application, CleanUp(), SettleRepository(7))
    handler = Recorder()
    Worker(application, {SettleRepository: handler}, "worker", (Queue.QUICK,)).run(threading.Event())
    assert handler.jobs == [SettleRepository(7)]
    with reading(application) as services:
        assert services.taken_jobs.due_queues() == {Queue.UPKEEP}


def test_words_of_unknown_origin_are_not_kept() -> None:
    try:
        raise ValueError("password=hunter2")
    except ValueError as problem:
        described = describe(problem)
    assert described.startswith("ValueError at test_words_of_unknown_origin_are_not_kept, line ")
    assert "hunter2" not in described


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 10), (2, 30), (3, 90), (6, 2430), (7, 3600), (50, 3600)])
def test_pauses_between_attempts_grow(attempt: int, seconds: int) -> None:
    assert retry_delay(attempt) == datetime.timedelta(seconds=seconds)


class Running:
    """A worker process's inside, in a thread."""

    def __init__(self, application: Application, handlers: Any) -> None:
        self.stop = threading.Event()
        self._thread = threading.Thread(target=run_worker, args=(application, self.stop, handlers))

    def __enter__(self) -> "Running":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


PAIRS = [
    pytest.param(CleanUp(), SettleRepository(7), id="settling-one"),
    pytest.param(FindLastChanges(7), SettleRepositories(), id="settling"),
    pytest.param(FindLastChanges(7), IndexRepositories(), id="indexing"),
    pytest.param(MailNotification(7), SendLink(7), id="link"),
]


@pytest.mark.parametrize(("slow", "quick"), PAIRS)
def test_long_job_does_not_delay_a_short_one(application: Application, slow: Job, quick: Job) -> None:
    short_done, long_begun, go_on = threading.Event(), threading.Event(), threading.Event()

    def long(application: Application, job: Job, context: JobContext) -> None:
        long_begun.set()
        go_on.wait(60)

    def short(application: Application, job: Job, context: JobContext) -> None:
        # the schedule may have asked for an equal one before
        if long_begun.is_set():
            short_done.set()

    with Running(application, {type(slow): long, type(quick): short}):
        ask(application, slow)
        assert long_begun.wait(30)
        ask(application, quick)
        done = short_done.wait(15)
        go_on.set()
    assert done


def test_worker_that_stops_finishes_its_job(application: Application) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def handler(application: Application, job: Job, context: JobContext) -> None:
        begun.set()
        assert go_on.wait(30)

    with Running(application, {SettleRepository: handler}) as running:
        ask(application, SettleRepository(7))
        assert begun.wait(30)
        running.stop.set()
        go_on.set()

    assert [row.state for row in stored_jobs(application) if row.kind == "SettleRepository"] == [OutboxState.DONE]


def test_worker_that_stops_interrupts_what_says_how_far_it_is(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.services.worker._PATIENCE_SECONDS", 0.1)
    begun = threading.Event()

    def handler(application: Application, job: Job, context: JobContext) -> None:
        while True:
            context.progress(1, "step")
            begun.set()

    with Running(application, {CleanUp: handler}):
        ask(application, CleanUp())
        assert begun.wait(30)

    assert "stopped meanwhile" in next(row.problem for row in stored_jobs(application) if row.kind == "CleanUp")


@pytest.mark.parametrize("job", [SettleRepository(7), PullOnSchedule(7)], ids=["several", "one"])
def test_worker_that_ends_costs_a_job_no_attempt(application: Application, job: Job) -> None:
    """Not even the only one that it has: it is begun again by the next worker, at once."""
    ask(application, job)
    ends = threading.Event()
    ends.set()
    handlers = {type(job): lambda application, job, context: context.check()}
    assert Worker(application, handlers, "ends", interrupt=ends).run_once()
    (row,) = stored_jobs(application)
    assert (row.state, row.attempts, row.lost, row.waiting_key) == (OutboxState.WAITING, 0, 1, job.key)
    assert Worker(application, handlers, "next").run_once()
    (row,) = stored_jobs(application)
    assert (row.state, row.attempts, row.problem) == (OutboxState.DONE, 1, "")


def test_imports_do_not_wait_for_each_other(application: Application) -> None:
    """What waits for another site holds up nobody else."""
    both = threading.Barrier(2, timeout=30)

    def handler(application: Application, job: Job, context: JobContext) -> None:
        both.wait()

    with Running(application, {PullOnSchedule: handler}):
        ask(application, PullOnSchedule(1), PullOnSchedule(2))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and any(row.state == OutboxState.WAITING for row in pulls(application)):
            time.sleep(0.05)
    assert [row.state for row in pulls(application)] == [OutboxState.DONE, OutboxState.DONE]


def pulls(application: Application) -> Sequence[OutboxJob]:
    return stored_jobs(application, PullOnSchedule)


def test_worker_asks_for_periodic_jobs(application: Application) -> None:
    cleaned = threading.Event()
    with Running(application, {CleanUp: lambda application, job, context: cleaned.set()}):
        assert cleaned.wait(30)


def test_cache_folder_that_cannot_be_used_is_told(application: Application) -> None:
    application.settings.cache_dir.rmdir()
    application.settings.cache_dir.touch()
    with pytest.raises(UnavailableError, match=str(application.settings.cache_dir)):
        run_worker(application, threading.Event(), {})


def test_worker_that_breaks_leaves_no_lane_behind(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(listener: Listener, seconds: float) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Listener, "wait", broken)
    with pytest.raises(ZeroDivisionError):
        run_worker(application, threading.Event(), {})
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("jobs-")]


def test_foreseen_failure_is_logged_without_a_trace(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    ask(application, SettleRepository(7))
    make_worker(application, Recorder(failures=1)).run_once()
    (record,) = caplog.records
    assert "The mail server is away." in record.getMessage()
    assert record.exc_info is None


@pytest.mark.parametrize(
    ("problem", "level"),
    [(RemoteError("There is no host."), logging.INFO), (StorageError(StorageFault.FULL), logging.ERROR)],
    ids=["their own", "the site's"],
)
def test_given_up_jobs_of_people_are_errors_only_where_the_site_is_to_blame(
    application: Application, caplog: pytest.LogCaptureFixture, problem: Exception, level: int
) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        services.outbox.add_asked(PullRepository(ada.user_id, 7, "192.0.2.1"))
    caplog.set_level(logging.INFO, "kallithea.services.worker")
    Worker(application, {PullRepository: Recorder(1, problem)}, "worker").run_once()
    (record,) = caplog.records
    assert (record.levelno, str(problem) in record.getMessage()) == (level, True)
