"""How a site is: what its administrators look at when something is slow or does not come."""

import contextlib
import datetime
import enum
import importlib.metadata
import os
import pathlib
import platform
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kallithea.cache.file_store import Usage
from kallithea.core.errors import message_of
from kallithea.core.words import _, _n
from kallithea.migrations.schema import head
from kallithea.model.meta import Table
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.search.engine import SearchError
from kallithea.services.application import Application
from kallithea.services.index_report import make_index_report
from kallithea.services.job_delays import JobDelays
from kallithea.vcs.git.version import find_version
from kallithea.vcs.types import VcsError

#: Less than this share of a disk is worth a warning.
_LITTLE_ROOM = 0.05

_PACKAGES = ("kallithea", "pyramid", "SQLAlchemy", "Mako", "Beaker", "mercurial", "hg-evolve", "dulwich", "gunicorn")


class Health(enum.StrEnum):
    """What came of looking at something."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at, what came of it, what there is to say, and when it has changed last."""

    name: str
    health: Health
    words: str
    changed: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A place for files: how many bytes of it are used, and how many there are."""

    name: str
    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class SiteReport:
    """The site at one moment. ``versions`` are names and numbers of programs."""

    at: datetime.datetime
    repositories: int
    users: int
    jobs_waiting: int
    jobs_failed: int
    checks: tuple[Check, ...]
    rooms: tuple[Room, ...]
    versions: tuple[tuple[str, str], ...]


def make_site_report(application: Application, session: Session, now: datetime.datetime) -> SiteReport:
    """Look at everything; what fails is said in its place."""
    waiting, failed = _jobs(session)
    oldest = JobDelays(session, now).find()
    return SiteReport(
        now,
        _count(session, Repository),
        _count(session, User),
        waiting,
        failed,
        (
            _check_database(session),
            _check_jobs(now, waiting, failed, oldest),
            _check_folder(application.settings.repository_folder),
            _check_git(application),
            _check_mail(application),
            _check_index(application),
        ),
        tuple(_rooms(application)),
        tuple(_versions()),
    )


def _count(session: Session, table: type[Table]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _jobs(session: Session) -> tuple[int, int]:
    """Jobs that wait or run, and jobs that were given up."""
    rows = session.execute(
        select(OutboxJob.state, func.count())
        .where(OutboxJob.state.in_((OutboxState.WAITING, OutboxState.DEAD)))
        .group_by(OutboxJob.state)
    )
    found = dict(rows.all())
    return found.get(OutboxState.WAITING, 0), found.get(OutboxState.DEAD, 0)


def _check_database(session: Session) -> Check:
    dialect = session.connection().dialect
    numbers = ".".join(map(str, dialect.server_version_info or ()))
    words = _("%(engine)s %(version)s, schema %(schema)s", engine=dialect.name, version=numbers, schema=head())
    return Check(_("Database"), Health.OK, words)


def _check_jobs(now: datetime.datetime, waiting: int, failed: int, oldest: datetime.datetime | None) -> Check:
    name = _("Worker")
    if oldest is not None:
        minutes = int((now - oldest).total_seconds()) // 60
        words = _n(
            "Jobs wait, the oldest for %(count)s minute. Is a worker running?",
            "Jobs wait, the oldest for %(count)s minutes. Is a worker running?",
            minutes,
        )
        return Check(name, Health.BAD, words)
    if failed:
        words = _n("%(count)s job has failed for good.", "%(count)s jobs have failed for good.", failed)
        return Check(name, Health.WARN, words)
    return Check(name, Health.OK, _n("%(count)s job waits.", "%(count)s jobs wait.", waiting))


def _check_folder(folder: pathlib.Path) -> Check:
    name = _("Repository folder")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check(name, Health.BAD, _("%(folder)s cannot be read and written.", folder=str(folder)))
    room = shutil.disk_usage(folder)
    if room.free < room.total * _LITTLE_ROOM:
        percent = str(round(100 * room.free / room.total))
        return Check(
            name, Health.WARN, _("%(folder)s has %(percent)s %% of its disk left.", folder=str(folder), percent=percent)
        )
    return Check(name, Health.OK, _("%(folder)s can be read and written.", folder=str(folder)))


def _check_git(application: Application) -> Check:
    settings = application.settings
    try:
        return Check("Git", Health.OK, find_version(application.vcs_options, settings.repository_folder))
    except (VcsError, OSError):
        words = _("%(path)s cannot be run: see git_path in the .ini.", path=settings.git_path)
        return Check("Git", Health.BAD, words)


def _check_mail(application: Application) -> Check:
    settings = application.settings
    if not settings.smtp_server:
        return Check(_("Mail"), Health.WARN, _("Nothing is sent: smtp_server is not set in the .ini."))
    return Check(_("Mail"), Health.OK, settings.smtp_server)


def _check_index(application: Application) -> Check:
    name = _("Search index")
    try:
        report = make_index_report(application)
    except SearchError as problem:
        return Check(name, Health.BAD, message_of(problem))
    if report is None:
        return Check(name, Health.OK, _("There is none: the .ini sets index.backend = none."))
    words = _(
        "%(engine)s, %(size)s MiB: %(known)s, %(documents)s, %(behind)s. Generation %(generation)s.",
        engine=report.engine,
        size=-(-report.size >> 20),
        known=_n("%(count)s repository", "%(count)s repositories", report.repositories),
        documents=_n("%(count)s document", "%(count)s documents", report.documents),
        behind=_n("%(count)s is behind", "%(count)s are behind", report.behind),
        generation=report.generation,
    )
    return Check(name, Health.OK, words, report.updated)


def _rooms(application: Application) -> Iterator[Room]:
    with contextlib.suppress(OSError):
        disk = shutil.disk_usage(application.settings.repository_folder)
        yield Room(_("Disk of the repositories"), disk.used, disk.total)
    names = {"small": _("What pages are made from"), "large": _("Larger parts of pages"), "archives": _("Archives")}
    usages: dict[str, Usage] = application.caches.usages()
    for name, usage in usages.items():
        yield Room(names[name], usage.size, usage.limit)
    if application.packs is not None:
        packs = application.packs.usage()
        yield Room(_("What is sent to clients"), packs.size, packs.limit)


def _versions() -> Iterator[tuple[str, str]]:
    yield "Python", platform.python_version()
    for package in _PACKAGES:
        try:
            yield package, importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    yield _("System"), platform.platform()
    yield _("Machine"), socket.gethostname()
