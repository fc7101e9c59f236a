"""Jobs that people wait for, as they see them."""

import datetime
import enum
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import AskedJob, SiteJob, parse_job
from kallithea.core.words import _, unpack
from kallithea.model.outbox import JobProgress, OutboxJob, OutboxState, asked_jobs
from kallithea.services.progress import Progress
from kallithea.services.transfers import TransferState, read_transfer

#: A transfer that has not said anything for so long has lost its worker: others say something every second.
SILENCE = datetime.timedelta(minutes=5)


class TaskState(enum.Enum):
    """What has become of a task. CANCELLING: it runs, and will end when it next says how far it is."""

    WAITING = enum.auto()
    RUNNING = enum.auto()
    CANCELLING = enum.auto()
    CANCELLED = enum.auto()
    DONE = enum.auto()
    FAILED = enum.auto()

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in (TaskState.CANCELLED, TaskState.DONE, TaskState.FAILED)


@dataclass(frozen=True, slots=True)
class Task:
    """A job and how far it has come. ``problem`` says why it failed; this and ``step`` are texts if they are ours.

    ``log`` are its lines, as ``JobTeller`` writes them. ``silent``: a transfer that runs, and of which nothing is heard
    any more.
    """

    task_id: int
    job: AskedJob
    state: TaskState
    percent: int
    step: str
    asked: datetime.datetime
    problem: str
    log: tuple[str, ...] = ()
    transfer: TransferState | None = None
    silent: bool = False


class Tasks:
    """Shows people the jobs that they asked for, and cancels these."""

    def __init__(self, session: Session, now: datetime.datetime, progress: Progress) -> None:
        self._session = session
        self._now = now
        self._progress = progress

    def get(self, user_id: int | None, task_id: int, *, administers: bool = False) -> Task:
        """A job that this user has asked for, or one about the site for who administers it.

        Raises NotFoundError, also for the jobs of others and for old ones.
        """
        row, job = self._find(user_id, task_id, administers=administers)
        return self._make(row, job, self._progress.find(task_id))

    def list_(self, user_id: int, *, limit: int) -> tuple[Task, ...]:
        """Jobs that the user has asked for, the last one first, as long as they are kept. One statement."""
        rows = self._session.execute(asked_jobs(user_id, limit))
        found = ((row, _parse(row), progress) for row, progress in rows)
        return tuple(self._make(row, job, progress) for row, job, progress in found if job is not None)

    def _make(self, row: OutboxJob, job: AskedJob, progress: JobProgress | None) -> Task:
        problem = unpack(row.problem)
        if progress is None:
            return Task(row.outbox_id, job, _state(row, cancelled=False), 0, "", row.created, problem)
        return Task(
            row.outbox_id,
            job,
            _state(row, cancelled=progress.cancelled),
            progress.percent,
            unpack(progress.step),
            row.created,
            problem,
            tuple(progress.log.splitlines()),
            read_transfer(progress) if progress.steps else None,
            self._is_silent(row, progress),
        )

    def cancel(self, user_id: int | None, task_id: int, *, administers: bool = False) -> None:
        """End the job, at once if nobody has begun it or nothing is heard of it; nothing happens to one that has ended.

        Raises NotFoundError as ``get`` does.
        """
        row, _job = self._find(user_id, task_id, administers=administers, for_update=True)
        if row.state != OutboxState.WAITING:
            return
        lost = self._is_silent(row, self._progress.find(task_id))
        self._progress.cancel(task_id)
        if row.taken_by is None or lost:
            row.state, row.finished = OutboxState.DONE, self._now
            row.taken_by = row.taken_until = row.handed_until = row.waiting_key = None

    def _is_silent(self, row: OutboxJob, progress: JobProgress | None) -> bool:
        running = row.state == OutboxState.WAITING and row.taken_by is not None
        return running and progress is not None and bool(progress.steps) and progress.changed + SILENCE < self._now

    def _find(
        self, user_id: int | None, task_id: int, *, administers: bool, for_update: bool = False
    ) -> tuple[OutboxJob, AskedJob]:
        row = self._session.get(OutboxJob, task_id, with_for_update=for_update or None)
        job = _parse(row) if row is not None else None
        own = job is not None and user_id is not None and job.user_id == user_id
        if row is None or job is None or not (own or (administers and isinstance(job, SiteJob))):
            raise NotFoundError(_("There is no such task."))
        return row, job


def _parse(row: OutboxJob) -> AskedJob | None:
    """The job, if it is one that people ask for and that this version knows."""
    try:
        job = parse_job(row.kind, row.arguments)
    except (KeyError, TypeError):
        return None
    return job if isinstance(job, AskedJob) else None


def _state(row: OutboxJob, *, cancelled: bool) -> TaskState:
    if row.state == OutboxState.DEAD:
        return TaskState.FAILED
    if row.state == OutboxState.DONE:
        return TaskState.CANCELLED if cancelled else TaskState.DONE
    if row.taken_by is None:
        return TaskState.WAITING
    return TaskState.CANCELLING if cancelled else TaskState.RUNNING
