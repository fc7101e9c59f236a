"""Repositories that people import from elsewhere: by a job that tells how far it is."""

import pathlib
from dataclasses import dataclass, field

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor, Way
from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.jobs import FindLastChanges, ImportRepository, UpkeepRepository
from kallithea.core.names import parse_description, parse_path
from kallithea.core.schedules import Schedule
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobContext, JobInterruptedError, JobLostError
from kallithea.services.remote_rules import parse_address, parse_credentials
from kallithea.services.remotes import RemoteChange
from kallithea.services.repository_creation import NewRepository, require_free, require_room, store_repository
from kallithea.services.scope import Services
from kallithea.services.transfer_progress import TransferTeller
from kallithea.services.work import reading, writing
from kallithea.vcs import opener
from kallithea.vcs.remote import RemoteSource, RemoteStep
from kallithea.vcs.types import Kind


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What people write: from where, with which credentials, to where, and how often to pull again."""

    kind: Kind
    remote_address: str
    path: str
    user: str = ""
    password: str = field(default="", repr=False)
    description: str = ""
    private: bool = False
    schedule: Schedule = Schedule.OFF


def ask_for_import(
    application: Application, actor: Actor, viewer: Viewer, *, user_id: int, request: ImportRequest
) -> int:
    """Have a repository imported for a user, who will own it; the answer is the id of the task.

    Raises InvalidError with the problems of ``address``, ``user``, ``password``, ``name`` and ``description``,
    ForbiddenError, ConflictError, also where the user waits for too many.
    """
    change = _parse_remote(application, request)
    path = parse_path(request.path)
    with reading(application) as services:
        require_room(services, viewer, path)
        require_free(services, path)
    with writing(application) as services:
        job = ImportRepository(
            user_id,
            services.remotes.start(actor, change),
            str(change.address),
            request.kind.value,
            path,
            parse_description(request.description),
            request.private,
            actor.address,
        )
        return services.outbox.add_asked(job)


def _parse_remote(application: Application, request: ImportRequest) -> RemoteChange:
    """Raises InvalidError with the problems of all fields but the path."""
    problems: dict[str, str] = {}
    change = None
    try:
        address = parse_address(application.settings, request.kind, request.remote_address)
        change = RemoteChange(address, request.schedule, parse_credentials(address, request.user, request.password))
    except InvalidError as problem:
        problems |= problem.problems
    for parse, text in ((parse_description, request.description), (parse_path, request.path)):
        try:
            parse(text)
        except InvalidError as problem:
            problems |= problem.problems
    if problems or change is None:
        raise InvalidError(problems)
    return change


def make_asked_import(application: Application, job: ImportRepository, context: JobContext) -> None:
    """Import the repository of a job with the rights that the user has now. What ends early leaves nothing."""
    teller = TransferTeller(context)
    try:
        _import(application, job, teller)
    except JobCancelledError:
        teller.end("cancelled")
    except (JobInterruptedError, JobLostError):
        # it is begun again, or another worker has it, from the same remote
        raise
    except BaseException:
        teller.end("failed")
        _discard(application, job)
        raise
    else:
        teller.end("done")
    _discard(application, job)


def _discard(application: Application, job: ImportRepository) -> None:
    with writing(application) as services:
        services.remotes.discard(job.remote_id)


def _import(application: Application, job: ImportRepository, teller: TransferTeller) -> None:
    with reading(application) as services:
        user = services.users.find_by_id(job.user_id)
        if user is None:
            raise NotFoundError(_("The account that asked for this is gone."))
        viewer = services.permissions.viewer_for(user)
        source = services.remotes.source(job.remote_id)
    kind = Kind(job.kind)
    new = NewRepository(kind, job.path, job.user_id, job.description, job.private)
    teller.say(f"import {kind.value} {source.address}")
    actor = Actor(user.user_id, user.name, Way.WEB, job.address)
    store_repository(
        application,
        actor,
        new,
        require=lambda services: require_room(services, services.permissions.viewer_now(viewer), job.path),
        make=lambda place: _make(application, kind, source, place, teller),
        record=lambda services, repository_id: _record(services, actor, job, repository_id),
    )


def _make(
    application: Application, kind: Kind, source: RemoteSource, place: pathlib.Path, teller: TransferTeller
) -> None:
    opener.clone_repository(kind, source, place, application.vcs_options, teller)
    teller.begin(RemoteStep.RECORD)


def _record(services: Services, actor: Actor, job: ImportRepository, repository_id: int) -> None:
    services.remotes.attach(job.remote_id, repository_id)
    services.audit.add(
        actor, "repository.import", f"repository:{job.path}", after={"remote": job.remote_address, "kind": job.kind}
    )
    services.outbox.add(FindLastChanges(repository_id))
    services.outbox.add(UpkeepRepository(repository_id))
