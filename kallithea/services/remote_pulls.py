"""What is new elsewhere comes into repositories that were imported: asked for by people, and by schedule."""

import json
import logging
from collections.abc import Sequence

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import WORKER, Actor, Way
from kallithea.core.errors import KallitheaError, NotFoundError, message_of
from kallithea.core.escapes import escape_bytes
from kallithea.core.jobs import PullOnSchedule, PullRepository
from kallithea.core.words import _
from kallithea.model.outbox import waiting_arguments
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobContext, JobInterruptedError, JobLostError
from kallithea.services.ref_moves import Place, RefMove
from kallithea.services.transfer_progress import TransferTeller
from kallithea.services.work import reading, writing
from kallithea.vcs import opener
from kallithea.vcs.remote import Listener, PullReport, RemoteStep
from kallithea.vcs.types import Kind, VcsError

log = logging.getLogger(__name__)

_NAMED = 20


def ask_for_pull(application: Application, actor: Actor, viewer: Viewer, *, user_id: int, repository_id: int) -> int:
    """Have a repository pulled for a user, who needs ADMIN on it; the answer is the id of the task.

    Raises NotFoundError, also where there is nothing to pull from, ForbiddenError.
    """
    with writing(application) as services:
        row = services.repositories.get_by_id(repository_id)
        services.permissions.require(viewer, row, Level.ADMIN)
        if services.remotes.find(repository_id) is None:
            raise NotFoundError(_("The repository has no remote."))
        return services.outbox.add_asked(PullRepository(user_id, repository_id, actor.address))


def pull_repository(application: Application, actor: Actor, repository_id: int, listener: Listener) -> PullReport:
    """Pull from the repository's remote, and note how it went. No rights are asked.

    Refs move as by a push: announced before, recorded after. Raises NotFoundError, RemoteError, VcsError, SealError,
    UnavailableError, and what ``listener`` raises.
    """
    try:
        report = _pull(application, actor, repository_id, listener)
    except JobCancelledError:
        _note(application, repository_id, problem=_("It was cancelled."))
        raise
    except (JobInterruptedError, JobLostError):
        # it is done again, or by somebody else: no problem of the other site
        raise
    except (KallitheaError, VcsError) as problem:
        _note(application, repository_id, problem=message_of(problem))
        raise
    _note(application, repository_id, left=report.left)
    return report


def make_asked_pull(application: Application, job: PullRepository, context: JobContext) -> None:
    """Pull for somebody who waits, with the rights that they have now."""
    teller = TransferTeller(context)
    with reading(application) as services:
        user = services.users.find_by_id(job.user_id)
        if user is None:
            raise NotFoundError(_("The account that asked for this is gone."))
        row = services.repositories.get_by_id(job.repository_id)
        services.permissions.require(services.permissions.viewer_for(user), row, Level.ADMIN)
    actor = Actor(user.user_id, user.name, Way.WEB, job.address)
    try:
        report = pull_repository(application, actor, job.repository_id, teller)
    except JobCancelledError:
        teller.end("cancelled")
        return
    except (JobInterruptedError, JobLostError):
        raise
    except BaseException:
        teller.end("failed")
        raise
    for line in describe_report(report):
        teller.say(line)
    teller.end("done")


def pull_on_schedule(application: Application, job: PullOnSchedule, context: JobContext) -> None:
    """Pull because it is time; that it fails is noted, and no fault of this site."""
    try:
        pull_repository(application, WORKER, job.repository_id, _Silent(context))
    except JobInterruptedError:
        raise
    except (KallitheaError, VcsError) as problem:
        log.info("repository %d was not pulled: %s", job.repository_id, problem)


def ask_for_due_pulls(application: Application) -> int:
    """Ask for the pulls whose time has come; the answer is how many."""
    with writing(application) as services:
        waiting = services.session.scalars(waiting_arguments(PullOnSchedule.__name__))
        # One that takes longer than its schedule is not asked for again before it has ended.
        busy = {json.loads(arguments)["repository_id"] for arguments in waiting}
        due = [repository_id for repository_id in services.remotes.take_due() if repository_id not in busy]
        services.outbox.add_all(map(PullOnSchedule, due))
    return len(due)


def describe_report(report: PullReport) -> list[str]:
    """What a pull has done and left alone, a line for each of the first refs, for a log."""
    lines = [f"updated {escape_bytes(name)}" for name in report.updated[:_NAMED]]
    if len(report.updated) > _NAMED:
        lines.append(f"updated {len(report.updated) - _NAMED} more")
    if not report.updated:
        lines.append("nothing is new")
    lines += [f"left {escape_bytes(name)}: {words}" for name, words in report.left[:_NAMED]]
    if len(report.left) > _NAMED:
        lines.append(f"left {len(report.left) - _NAMED} more")
    return lines


def _pull(application: Application, actor: Actor, repository_id: int, listener: Listener) -> PullReport:
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
        place = Place(repository_id, Kind(row.kind), row.path, services.repositories.folder(row))
        source = services.remotes.source_of(repository_id)
    listener.say(f"pull {place.kind.value} {source.address}")
    move = RefMove(application, place, actor)
    try:
        report = opener.pull_repository(
            place.kind, source, place.folder, application.vcs_options, listener, move.announce
        )
    except BaseException:
        # whether refs have moved before this, the repository itself tells
        move.settle(None)
        raise
    move.settle_whole(moved=True)
    return report


def _note(
    application: Application, repository_id: int, *, problem: str = "", left: Sequence[tuple[bytes, str]] = ()
) -> None:
    with writing(application) as services:
        services.remotes.note_pull(repository_id, problem=problem, left=left)


class _Silent:
    """For whom nobody waits: says nothing, and ends when it has to."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def begin(self, step: RemoteStep) -> None:
        """Nothing to say."""
        self._context.check()

    def count(self, amount: object) -> None:
        """Nothing to say."""
        self._context.check()

    def say(self, line: str, *, warning: bool = False) -> None:
        """Nothing to say."""
        self._context.check()

    def tick(self) -> None:
        """Nothing to say."""
        self._context.check()
