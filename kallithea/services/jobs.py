"""Jobs as those who administer the site see them, and what they do about them."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.jobs import JOBS, Job, SiteJob, parse_job
from kallithea.core.words import _, unpack
from kallithea.model.outbox import JobProgress, OutboxJob
from kallithea.model.outbox_list import JobState, count_jobs, list_jobs, state_of
from kallithea.services.audit import Audit
from kallithea.services.progress import Progress

_GONE = _("There is no such job, or it was done long ago.")
#: What jobs are about. Other fields may be long, or somebody's letters.
_SHOWN = ("repository_id", "source_id", "path", "folder", "subject_id", "user_id", "remote_address", "message_id")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job. ``about`` names what it is about; ``problem`` is a text if it is ours.

    ``cancelling``: it runs, and ends when it next asks. ``percent`` is None where it has not said how far it is.
    ``has_page``: it is a task, whose page is for all who administer the site.
    """

    job_id: int
    kind: str
    queue: str
    state: JobState
    about: str
    attempts: int
    asked: datetime.datetime
    due: datetime.datetime
    finished: datetime.datetime | None
    worker: str
    problem: str
    percent: int | None
    step: str
    cancelling: bool
    has_page: bool
    repeatable: bool


class Jobs:
    """Lists, runs again, cancels and deletes jobs. Every change is noted."""

    def __init__(self, session: Session, now: datetime.datetime, progress: Progress, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._progress = progress
        self._audit = audit

    def list_(
        self, state: JobState, *, queue: str = "", beyond: int | None = None, limit: int = 50
    ) -> Sequence[JobRow]:
        """Jobs in this state; those that wait or run in the order in which they were asked for, others newest first.

        ``beyond`` is the id of a job after which the list goes on.
        """
        rows = self._session.execute(list_jobs(state, queue, self._now, beyond=beyond, limit=limit))
        return [self._make(row, progress) for row, progress in rows]

    def count(self) -> Mapping[JobState, int]:
        """How many there are in each state, those that are done left out."""
        found = {JobState(state): count for state, count in self._session.execute(count_jobs(self._now))}
        return {state: found.get(state, 0) for state in JobState if state is not JobState.DONE}

    def get(self, job_id: int) -> JobRow:
        """One job. Raises NotFoundError."""
        return self._make(self._find(job_id), self._progress.find(job_id))

    def retry(self, actor: Actor, job_id: int) -> None:
        """Run a failed job again, or one that waits for its time now. Raises NotFoundError, ConflictError."""
        row = self._find(job_id, for_update=True)
        state = state_of(row, self._now)
        if state not in (JobState.FAILED, JobState.LATER):
            raise ConflictError(_("Only a job that has failed, or that waits for its time, can be run now."))
        try:
            job = parse_job(row.kind, row.arguments)
        except (KeyError, TypeError, ValueError) as problem:
            raise ConflictError(_("This version does not know such a job.")) from problem
        if state is JobState.FAILED and not job.repeatable:
            raise ConflictError(_("A failed import has forgotten its password: whoever asked for it can ask again."))
        self._note(actor, "job.retry", row)
        row.state, row.due, row.attempts, row.lost = "waiting", self._now, 0, 0
        row.finished = row.handed_until = None
        self._session.flush()
        try:
            with self._session.begin_nested():
                row.waiting_key = job.key
        except IntegrityError as problem:
            raise ConflictError(_("An equal job waits already.")) from problem
        known = self._progress.find(job_id)
        if known is not None:
            known.cancelled = False

    def cancel(self, actor: Actor, job_id: int) -> None:
        """End a job: at once if it waits, and where it next asks if it runs. Raises NotFoundError, ConflictError."""
        row = self._find(job_id, for_update=True)
        state = state_of(row, self._now)
        if state in (JobState.DONE, JobState.FAILED):
            raise ConflictError(_("This job has ended already."))
        self._note(actor, "job.cancel", row)
        self._progress.cancel(job_id)
        if state is not JobState.RUNNING:
            row.state, row.finished = "done", self._now
            row.taken_by = row.taken_until = row.handed_until = row.waiting_key = None

    def delete(self, actor: Actor, job_id: int) -> None:
        """Forget a job that has ended. Raises NotFoundError, ConflictError."""
        row = self._find(job_id, for_update=True)
        if state_of(row, self._now) not in (JobState.DONE, JobState.FAILED):
            raise ConflictError(_("Only a job that has ended can be deleted. Cancel it first."))
        self._note(actor, "job.delete", row)
        known = self._progress.find(job_id)
        if known is not None:
            self._session.delete(known)
            self._session.flush()
        self._session.delete(row)

    def _find(self, job_id: int, *, for_update: bool = False) -> OutboxJob:
        found = select(OutboxJob).where(OutboxJob.outbox_id == job_id).execution_options(populate_existing=True)
        row = self._session.scalar(found.with_for_update() if for_update else found)
        if row is None:
            raise NotFoundError(_GONE)
        return row

    def _note(self, actor: Actor, action: str, row: OutboxJob) -> None:
        before = {"kind": row.kind, "about": _about(row), "problem": unpack(row.problem)[:_LONGEST]}
        self._audit.add(actor, action, f"job:{row.outbox_id}", before={key: str(text) for key, text in before.items()})

    def _make(self, row: OutboxJob, progress: JobProgress | None) -> JobRow:
        state, kind = state_of(row, self._now), JOBS.get(row.kind, Job)
        return JobRow(
            row.outbox_id,
            row.kind,
            row.queue,
            state,
            _about(row),
            row.attempts,
            row.created,
            row.due,
            row.finished,
            (row.taken_by or "").partition(" ")[0] if state is JobState.RUNNING else "",
            unpack(row.problem),
            progress.percent if progress is not None else None,
            unpack(progress.step) if progress is not None else "",
            state is JobState.RUNNING and progress is not None and progress.cancelled,
            issubclass(kind, SiteJob),
            kind.repeatable,
        )


def _about(row: OutboxJob) -> str:
    """What the job is about, in the words of its arguments: only such as hold no secrets and no letters."""
    try:
        values = dict(json.loads(row.arguments))
    except (TypeError, ValueError):
        return ""
    return ", ".join(f"{name} {values[name]}" for name in _SHOWN if values.get(name))[:_LONGEST]
