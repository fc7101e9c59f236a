"""What a task is about: its words, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.jobs import (
    AskedJob,
    ForkRepository,
    ImportRepository,
    PullRepository,
    RebuildIndex,
    ScanRepositories,
)
from kallithea.core.words import _
from kallithea.model.repository import Repository
from kallithea.services.tasks import Task
from kallithea.vcs.types import Kind
from kallithea.web.request import Request

_LONGEST_ADDRESS = 200
_NOTHING_MADE = _("Nothing was made.")
_NOTHING_CHANGED = _("Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Subject:
    """Words about a task. ``made`` is the address of what it has made, as long as the visitor may see that.

    ``nothing`` says what it leaves where it fails; ``kind`` and ``address`` are those of a transfer.
    """

    title: str
    made: str = ""
    nothing: str = _NOTHING_MADE
    cancel: str = _("Cancel")
    cancelled: str = _("It was cancelled. Nothing was made.")
    done: str = ""
    leaving: str = _("You can leave this page. Its address leads to the repository when that is there.")
    further: str = ""
    further_words: str = ""
    kind: Kind = Kind.GIT
    address: str = ""


_NO_HARM = _("You can leave this page. The list of jobs leads back here.")
_REBUILDING = Subject(
    _("Making a new search index"),
    nothing=_("The index is as it was."),
    cancelled=_("It was cancelled. The index is as it was."),
    done=_("The new index is asked from now on."),
    leaving=_NO_HARM,
)
_SCANNING = Subject(
    _("Taking over what lies in the repository folder"),
    nothing=_("What had been taken over by then stays."),
    cancelled=_("It was cancelled. What had been taken over by then stays."),
    done=_("The log says what was taken over, and what was left out."),
    leaving=_NO_HARM,
)


def find_subject(request: Request, task: Task) -> Subject:
    """What a task is about."""
    match task.job:
        case ForkRepository():
            made = _find_fork(request, task.job) if task.state.ended else ""
            return Subject(_("Forking to %(path)s", path=task.job.path), made)
        case ImportRepository():
            return _import(request, task.job, ended=task.state.ended)
        case PullRepository():
            return _pull(request, task.job)
        case RebuildIndex():
            return _REBUILDING
        case ScanRepositories():
            return _SCANNING
        case _:
            return Subject(_("Task"))


def name_task(job: AskedJob, paths: Mapping[int, str]) -> str:
    """What a list calls a task; ``paths`` are those of repositories that the visitor may see, by their ids."""
    match job:
        case ForkRepository():
            return _("Forking to %(path)s", path=job.path)
        case ImportRepository():
            return _("Importing %(path)s", path=job.path)
        case PullRepository() if job.repository_id in paths:
            return _("Pulling to %(path)s", path=paths[job.repository_id])
        case PullRepository():
            return _("Pulling")
        case RebuildIndex():
            return _REBUILDING.title
        case ScanRepositories():
            return _SCANNING.title
        case _:
            return _("Task")


def _find_fork(request: Request, job: ForkRepository) -> str:
    row = request.services.repositories.find(job.path)
    if row is None or row.fork_of_id != job.source_id or row.owner_id != job.user_id:
        return ""
    return _lead_to(request, row)


def _import(request: Request, job: ImportRepository, *, ended: bool) -> Subject:
    remotes = request.services.remotes
    repository_id = remotes.find_repository(job.remote_id) if ended else None
    row = request.services.repositories.find_by_id(repository_id) if repository_id is not None else None
    return Subject(
        _("Importing %(path)s", path=job.path),
        _lead_to(request, row) if row is not None else "",
        cancel=_("Cancel import"),
        kind=Kind(job.kind),
        address=job.remote_address,
        further=_import_again(request, job),
        further_words=_("Import again"),
    )


def _import_again(request: Request, job: ImportRepository) -> str:
    """The form with what was asked for, as far as it fits into an address."""
    address = job.remote_address if len(job.remote_address) <= _LONGEST_ADDRESS else None
    return request.links.page("_admin/import_repository", repo_name=job.path, repo_type=job.kind, clone_uri=address)


def _pull(request: Request, job: PullRepository) -> Subject:
    row = request.services.repositories.find_by_id(job.repository_id)
    visible = row is not None and request.services.permissions.level(request.visitor.viewer, row) >= Level.READ
    if row is None or not visible:
        return Subject(_("Pulling"), nothing=_NOTHING_CHANGED, done=_("The repository is not there any more."))
    remote = request.services.remotes.find(row.repository_id)
    return Subject(
        _("Pulling to %(path)s", path=row.path),
        nothing=_NOTHING_CHANGED,
        cancel=_("Cancel pull"),
        cancelled=_("It was cancelled. Nothing was changed."),
        done=_("What was new has been pulled. The log says which branches, bookmarks and tags have moved."),
        leaving=_("You can leave this page. The settings of the repository say how it ended."),
        further=request.links.repository(row.path),
        further_words=_("Open the repository"),
        kind=Kind(row.kind),
        address=remote.address if remote is not None else "",
    )


def _lead_to(request: Request, row: Repository) -> str:
    level = request.services.permissions.level(request.visitor.viewer, row)
    return request.links.repository(row.path) if level >= Level.READ else ""
