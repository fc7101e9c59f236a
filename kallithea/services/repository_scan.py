"""Takes over the repositories that lie in the repository folder. Reads no history, so that a thousand take seconds."""

import json
import os
import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, UnavailableError
from kallithea.core.jobs import RemoveFolder, ScanRepositories, SettleRepository, UpkeepRepository
from kallithea.core.names import parse_path, prefixes
from kallithea.core.words import _
from kallithea.model.location import LOCATIONS, at_paths
from kallithea.model.outbox import waiting_arguments
from kallithea.model.repository import folders
from kallithea.services.application import Application
from kallithea.services.job_context import JobCancelledError, JobContext
from kallithea.services.job_teller import WARNING, JobTeller, Tell
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.vcs.opener import find_kind, has_own_store
from kallithea.vcs.types import Kind

_BATCH = 100
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A repository below the repository folder. ``folder`` is relative to it."""

    folder: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A folder below the repository folder that is passed over, and why."""

    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan did: paths of new repositories, of those known before and of those whose folder is missing.

    ``skipped`` maps folders that were left out to the reason.
    """

    imported: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


def scan_repositories(
    application: Application,
    actor: Actor,
    *,
    owner_id: int | None,
    tell: Tell = lambda _percent, _step, _line="": None,
) -> ScanReport:
    """Import what has no row yet, each folder around it as a group.

    The files stay where they are. Rows whose folder is missing are reported and kept. Raises UnavailableError, and what
    ``tell`` does, between two batches: what has been imported by then stays.
    """
    base = application.settings.repository_folder
    try:
        os.scandir(base).close()
    except OSError as problem:
        raise UnavailableError(f"The repository folder {base} cannot be read: {problem.strerror}.") from problem
    report = ScanReport()
    with reading(application) as services:
        known = dict(services.session.execute(folders()).all())
        deleted = _deleted(services)
    pending: list[Found] = []
    looking = _("Looking through the folder")
    for found in find_repositories(base):
        tell(0, looking)
        if isinstance(found, LeftOut):
            report.skipped[found.folder] = found.reason
        elif found.folder in known:
            report.present.append(known[found.folder])
        elif found.folder in deleted:
            report.skipped[found.folder] = "was deleted; the worker moves it to the trash"
        else:
            pending.append(found)
    report.missing.extend(path for folder, path in known.items() if not (base / folder).is_dir())
    for start in range(0, len(pending), _BATCH):
        batch = pending[start : start + _BATCH]
        with writing(application) as services:
            _import(services, actor, owner_id, batch, report)
        done = start + len(batch)
        tell(100 * done // len(pending), _("%(done)s of %(of)s repositories", done=done, of=len(pending)))
    return report


def scan_asked(application: Application, job: ScanRepositories, context: JobContext) -> None:
    """Do what an administrator has asked for, if they still are one, and write down how far it is."""
    with reading(application) as services:
        user = services.users.find_by_id(job.user_id) if job.user_id is not None else None
        if job.user_id is None:
            actor = COMMAND_LINE
        elif user is not None and user.active and user.super_administrator:
            actor = Actor(user.user_id, user.name, Way.WEB, job.address)
        else:
            raise ForbiddenError(_("Who asked for this does not administer the site any more."))
    teller = JobTeller(context)
    try:
        report = scan_repositories(application, actor, owner_id=job.owner_id, tell=teller)
    except JobCancelledError:
        teller.end(0, "", "cancelled")
        return
    for line in describe_report(report):
        teller.add_line(line)
    teller.end(100, "", "done")


def describe_report(report: ScanReport) -> Iterator[str]:
    """A report as lines of a log."""
    yield from (f"imported {path}" for path in report.imported)
    yield from (f"{WARNING}left out {folder}: {reason}" for folder, reason in report.skipped.items())
    yield from (f"{WARNING}the folder of {path} is missing" for path in report.missing)
    yield f"{len(report.imported)} imported, {len(report.present)} known already"


def find_repositories(base: pathlib.Path) -> Iterator[Found | LeftOut]:
    """Repositories below a folder in the order of their names. Follows no links and looks into no repository."""
    yield from _walk(base, "", 0)


def _walk(folder: pathlib.Path, prefix: str, depth: int) -> Iterator[Found | LeftOut]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as problem:
        yield LeftOut(prefix.rstrip("/") or ".", f"cannot be read: {problem.strerror}")
        return
    for entry in found:
        name = prefix + entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            if entry.is_dir():
                yield LeftOut(_printable(name), "is a symbolic link")
        elif entry.is_dir():
            yield from _look(pathlib.Path(entry.path), name, depth)


def _look(folder: pathlib.Path, name: str, depth: int) -> Iterator[Found | LeftOut]:
    try:
        kind = find_kind(folder)
    except OSError as problem:
        yield LeftOut(_printable(name), f"cannot be read: {problem.strerror}")
        return
    if _printable(name) != name:
        yield LeftOut(_printable(name), "has a name that is not UTF-8")
    elif kind is Kind.HG and not has_own_store(folder):
        yield LeftOut(
            name, "keeps its history in another repository ('hg share'); 'hg unshare' makes one of its own of it"
        )
    elif kind is not None:
        yield Found(name, kind)
    elif depth < _DEEPEST:
        yield from _walk(folder, name + "/", depth + 1)


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _deleted(services: Services) -> set[str]:
    """Folders of deleted repositories that no worker has moved away yet."""
    waiting = services.session.scalars(waiting_arguments(RemoveFolder.__name__))
    return {str(json.loads(arguments)["folder"]) for arguments in waiting}


def _import(services: Services, actor: Actor, owner_id: int | None, batch: Sequence[Found], report: ScanReport) -> None:
    for found in batch:
        try:
            report.imported.append(_import_one(services, actor, owner_id, found))
        except (InvalidError, ConflictError) as problem:
            report.skipped[found.folder] = str(problem)


def _import_one(services: Services, actor: Actor, owner_id: int | None, found: Found) -> str:
    """Add the row, and groups where there are none; the answer is the path."""
    path = parse_path(_path_of(found))
    if services.session.execute(LOCATIONS, at_paths([path])).first() is not None:
        raise ConflictError(_("'%(path)s' exists already, as a repository or as a group.", path=path))
    for group in prefixes(path)[:-1]:
        if services.repository_groups.find(group) is None:
            services.repository_groups.create(actor, None, path=group)
    repository = services.repositories.insert(actor, kind=found.kind, path=path, folder=found.folder, owner_id=owner_id)
    # the first settling records the refs as they are
    services.outbox.add(SettleRepository(repository.repository_id))
    services.outbox.add(UpkeepRepository(repository.repository_id))
    return repository.path


def _path_of(found: Found) -> str:
    """A bare Git repository is often kept as ``name.git``; here its name is ``name``."""
    return found.folder.removesuffix(".git") if found.kind is Kind.GIT else found.folder
