"""Forks that people ask for: at once where the source is small, else by a job that tells how far it is."""

import contextlib
import pathlib
from dataclasses import dataclass

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor, Way
from kallithea.core.allowances import Allowance
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import ForkRepository
from kallithea.core.names import parse_description, parse_path
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.forks import ForkRequest, fork_repository
from kallithea.services.job_context import JobCancelledError, JobContext
from kallithea.services.job_teller import JobTeller
from kallithea.services.repository_creation import require_free, require_room
from kallithea.services.work import reading, writing

#: What is larger, in bytes or by its number of files, is copied by a job.
SMALL_BYTES = 16 * 1024 * 1024
SMALL_FILES = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Either the fork is there, as ``repository_id``, or the task ``task_id`` makes it."""

    repository_id: int | None = None
    task_id: int | None = None


def ask_for_fork(  # noqa: PLR0913  # what a fork is made with
    application: Application,
    actor: Actor,
    viewer: Viewer,
    *,
    user_id: int,
    source_id: int,
    path: str,
    description: str,
    private: bool,
) -> Asked:
    """Fork a repository for a user, who will own it. Raises what ``fork_repository`` does."""
    path, description = parse_path(path), parse_description(description)
    with reading(application) as services:
        source = services.repositories.get_by_id(source_id)
        services.permissions.require(viewer, source, Level.READ)
        services.allowances.require(viewer, Allowance.FORK)
        require_room(services, viewer, path)
        require_free(services, path)
        folder = services.repositories.folder(source)
    if is_small(folder):
        request = ForkRequest(source_id, path, user_id, description, private)
        return Asked(repository_id=fork_repository(application, actor, viewer, request))
    with writing(application) as services:
        job = ForkRepository(user_id, source_id, path, description, private, actor.address)
        return Asked(task_id=services.outbox.add_asked(job))


def is_small(folder: pathlib.Path) -> bool:
    """Whether copying the folder takes a moment only."""
    size = 0
    for count, path in enumerate(path for path in folder.rglob("*") if not path.is_dir()):
        # a file may go away meanwhile
        with contextlib.suppress(FileNotFoundError):
            size += path.lstat().st_size
        if size > SMALL_BYTES or count >= SMALL_FILES:
            return False
    return True


def make_asked_fork(application: Application, job: ForkRepository, context: JobContext) -> None:
    """Make the fork of a job with the rights that the user has now. What was cancelled leaves nothing."""
    with reading(application) as services:
        user = services.users.find_by_id(job.user_id)
        if user is None:
            raise NotFoundError(_("The account that asked for this is gone."))
        viewer = services.permissions.viewer_for(user)
    actor = Actor(user.user_id, user.name, Way.WEB, job.address)
    request = ForkRequest(job.source_id, job.path, job.user_id, job.description, job.private)
    try:
        context.progress(0, _("Looking at the repository"))
        fork_repository(application, actor, viewer, request, JobTeller(context))
    except JobCancelledError:
        return
