"""Runs jobs. A worker process has a lane for each queue, so that a long job never delays a short one."""

import contextlib
import logging
import threading
import time
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

from kallithea.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    KallitheaError,
    LastingError,
    message_of,
)
from kallithea.core.jobs import Job, OwnJob, Queue
from kallithea.core.request_id import REQUEST_ID
from kallithea.core.words import _
from kallithea.services.again import again_if_overtaken, again_while_away
from kallithea.services.application import Application
from kallithea.services.bell import Listener
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobCancelledError, JobContext, JobInterruptedError
from kallithea.services.job_retries import spread_delay
from kallithea.services.job_watch import JobWatch
from kallithea.services.taken_jobs import TakenJob, TakenJobs
from kallithea.services.work import reading, writing
from kallithea.services.worker_process import LOOK_SECONDS, Schedule, listening, name_process, surviving
from kallithea.vcs.remote import RemoteError
from kallithea.vcs.types import VcsError

log = logging.getLogger(__name__)

Handlers: TypeAlias = Mapping[type[Job], Callable[[Application, Any, JobContext], None]]

#: Threads for the jobs of a queue where one is not enough: what waits for another site must not hold up all others.
_LANES = {Queue.IMPORT: 4}
# How long a worker that ends waits for its jobs: for all, and then for those that learn of it and clean up.
_PATIENCE_SECONDS = 10.0
_GRACE_SECONDS = 20.0
# What is wrong with what somebody asked for, and not with the site; they read of it on the page of their job.
_OWN_FAULTS = (ConflictError, ForbiddenError, InvalidError, RemoteError)


class Worker:
    """Takes jobs one after the other and runs their handlers. ``owner`` names the process in the outbox."""

    def __init__(
        self,
        application: Application,
        handlers: Handlers,
        owner: str,
        queues: Collection[Queue] = tuple(Queue),
        interrupt: threading.Event | None = None,
        watch: JobWatch | None = None,
    ) -> None:
        """Jobs that ask end early once ``interrupt`` is set. Without ``watch`` they must be done within a minute."""
        self._application = application
        self._interrupt = interrupt or threading.Event()
        self._handlers = handlers
        self._owner = owner
        self._queues = queues
        self._watch = watch

    def run_once(self) -> bool:
        """Run the next job; False when there was none. Raises UnavailableError when the database is away."""
        taken = again_if_overtaken(self._take)
        if taken is not None:
            self._run(taken)
        return taken is not None

    def run_this(self, outbox_id: int) -> bool:
        """Run the job of this number; False when it is not for the taking. Raises UnavailableError."""
        taken = again_if_overtaken(self._take, outbox_id)
        if taken is not None:
            self._run(taken)
        return taken is not None

    def _take(self, outbox_id: int | None = None) -> TakenJob | None:
        with writing(self._application) as services:
            if outbox_id is None:
                return services.taken_jobs.take(self._owner, self._queues)
            return services.taken_jobs.take_this(self._owner, outbox_id)

    def _run(self, taken: TakenJob) -> None:
        REQUEST_ID.set(taken.request_id)
        context = JobContext(self._application, taken.outbox_id, self._interrupt)
        try:
            with self._watch.over(taken, context.orders) if self._watch else contextlib.nullcontext():
                self._handlers[type(taken.job)](self._application, taken.job, context)
        except JobCancelledError:
            self._finish(taken)
        except JobInterruptedError as problem:
            words = message_of(problem)
            self._note(lambda jobs: jobs.give_back(taken, words))
        except Exception as problem:  # noqa: BLE001 - whatever a handler raises, the worker goes on
            self._fail(taken, problem)
        else:
            self._finish(taken)

    def run(self, stop: threading.Event) -> None:
        """Run jobs until there are none, or until ``stop``; then the current one is still finished."""
        while not stop.is_set() and self.run_once():
            pass

    def _finish(self, taken: TakenJob) -> None:
        if not self._note(lambda jobs: jobs.finish(taken)):
            log.warning("job %d was taken for lost, and handed over again, before it was done", taken.outbox_id)

    def _fail(self, taken: TakenJob, problem: Exception) -> None:
        name, words = type(taken.job).__name__, describe(problem)
        # where it happened helps with what nobody foresaw; the rest is told in words
        trace = None if isinstance(problem, (KallitheaError, VcsError)) else problem
        given_up = taken.last or isinstance(problem, LastingError)
        if given_up:
            own = isinstance(taken.job, OwnJob) and isinstance(problem, _OWN_FAULTS)
            log.log(
                logging.INFO if own else logging.ERROR,
                "job %d (%s) is given up after %d attempts: %s",
                taken.outbox_id,
                name,
                taken.attempt,
                words,
                exc_info=trace,
            )
        else:
            log.warning(
                "job %d (%s) failed, attempt %d: %s", taken.outbox_id, name, taken.attempt, words, exc_info=trace
            )
        delay = spread_delay(taken.attempt)
        self._note(lambda jobs: jobs.give_up(taken, words) if given_up else jobs.fail(taken, words, delay))

    def _note(self, note: Callable[[TakenJobs], bool]) -> bool:
        """Note what became of a job, which would be done once more if that were not known."""

        def note_it() -> bool:
            with writing(self._application) as services:
                return note(services.taken_jobs)

        return again_while_away(note_it)


class Lane(threading.Thread):
    """A thread that runs the jobs of one queue whenever it is told that there are some."""

    def __init__(self, worker: Worker, queue: Queue, stop: threading.Event) -> None:
        # a daemon: a job that does not end in time must not keep the process from ending
        super().__init__(name=f"jobs-{queue.value}", daemon=True)
        self.queue = queue
        self.work = threading.Event()
        self._worker = worker
        self._stopping = stop

    def run(self) -> None:
        """Until the worker process stops."""
        while self.work.wait() and not self._stopping.is_set():
            self.work.clear()
            with surviving():
                self._worker.run(self._stopping)


def run_worker(application: Application, stop: threading.Event, handlers: Handlers = HANDLERS) -> bool:
    """Run jobs and the schedule until ``stop`` is set; then wait some seconds for what is being done.

    A job that is not finished by then is handed over again. False: a job did not end though its time was over, and this
    process has to end with it. Raises UnavailableError when the cache folder cannot be written.
    """
    owner = name_process()
    interrupt = threading.Event()
    watch = JobWatch(application, stop.set)
    lanes = [
        Lane(Worker(application, handlers, owner, (queue,), interrupt, watch), queue, stop)
        for queue in Queue
        for _number in range(_LANES.get(queue, 1))
    ]
    with listening(application) as listener:
        for lane in lanes:
            lane.start()
        try:
            _look(application, stop, owner, lanes, listener)
        finally:
            stop.set()
            for lane in lanes:
                lane.work.set()
            _join(lanes, _PATIENCE_SECONDS)
            interrupt.set()
            _join(lanes, _GRACE_SECONDS)
    return not watch.gave_up


def _join(lanes: Sequence[Lane], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for lane in lanes:
        lane.join(max(0.0, deadline - time.monotonic()))


def _look(
    application: Application, stop: threading.Event, owner: str, lanes: Sequence[Lane], listener: Listener
) -> None:
    schedule = Schedule(application, owner)
    while not stop.is_set():
        schedule.run()
        with surviving():
            with reading(application) as services:
                queues = services.taken_jobs.due_queues()
            for lane in lanes:
                if lane.queue in queues:
                    lane.work.set()
        listener.wait(LOOK_SECONDS)


def describe(problem: Exception) -> str:
    """What is kept of a failure. Words of unknown origin may hold secrets: of those only kind and place are kept."""
    if isinstance(problem, InvalidError):
        return _("%(problem)s.", problem=next(iter(problem.problems.values())))
    if isinstance(problem, (KallitheaError, VcsError)):
        return message_of(problem)
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" at {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{place}"
