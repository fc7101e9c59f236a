"""Jobs that a command does itself: others see how far they are, and may cancel them, as if a worker did them."""

import contextlib
import dataclasses
import os
import signal
from collections.abc import Callable, Iterator

from kallithea.core.errors import ConflictError
from kallithea.core.jobs import AskedJob, Job
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobContext
from kallithea.services.job_teller import JobTeller
from kallithea.services.job_watch import JobWatch
from kallithea.services.taken_jobs import TakenJob
from kallithea.services.work import writing
from kallithea.services.worker import describe
from kallithea.services.worker_process import name_process


@contextlib.contextmanager
def doing(application: Application, job: AskedJob, show: Callable[[int, str], None]) -> Iterator[JobTeller]:
    """A job that is done inside of the block; ``show`` is told what is written down of its progress.

    Whatever ends the block ends the job for good; only of a process that was killed, workers take it over. Raises
    ConflictError where one is under way, unless it is the very same and nobody has begun it.
    """
    with writing(application) as services:
        outbox_id = services.outbox.add_asked(job)
        taken = services.taken_jobs.take_this(name_process(), outbox_id)
        if taken is None or not _is_same(taken.job, job):
            # what was just taken is given back by the end of the unit
            raise ConflictError(_("This is under way already: see `kallithea job show %(number)s`.", number=outbox_id))
    context = JobContext(application, outbox_id, show=show)
    teller = JobTeller(context)
    try:
        with JobWatch(application, _interrupt).over(taken, context.orders):
            yield teller
            teller.end(100, "", "done")
    except (JobCancelledError, KeyboardInterrupt):
        teller.end(0, "", "cancelled")
        _cancel(application, taken)
        raise
    except Exception as problem:
        with writing(application) as services:
            services.taken_jobs.give_up(taken, describe(problem))
        raise
    with writing(application) as services:
        services.taken_jobs.finish(taken)


def _is_same(other: Job, job: AskedJob) -> bool:
    """Whether it does the same, whoever has asked for it."""
    return isinstance(other, AskedJob) and dataclasses.replace(other, user_id=job.user_id) == job


def _cancel(application: Application, taken: TakenJob) -> None:
    with writing(application) as services:
        services.progress.cancel(taken.outbox_id)
        services.taken_jobs.finish(taken)


def _interrupt() -> None:
    """The job does not end though its time is over."""
    os.kill(os.getpid(), signal.SIGINT)
