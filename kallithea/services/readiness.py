"""Whether this process can answer requests, for whatever stands in front of it."""

import os
import pathlib
import shutil
from dataclasses import dataclass

from kallithea.core.errors import UnavailableError
from kallithea.migrations.schema import NewerSchemaError, SchemaError, require_current
from kallithea.services.application import Application
from kallithea.services.scope import Services
from kallithea.services.storage import require_storage
from kallithea.services.work import reading

_TO_READ = os.R_OK | os.X_OK


@dataclass(frozen=True, slots=True)
class Readiness:
    """``problems`` make it useless, so that another machine should be asked; ``notes`` do not."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def look_around(application: Application) -> Readiness:
    """Look at the database, its schema, the folders, and whether jobs wait for a worker."""
    problems, notes = list[str](), list[str]()
    try:
        notes += _find_newer_schema(application)
        with reading(application) as services:
            notes += _find_waiting_jobs(services)
            problems += _find_storage_problem(services)
    except SchemaError as problem:
        problems.append(str(problem))
    except UnavailableError:
        problems.append("the database cannot be reached or is busy")
    repositories, cache = application.settings.repository_folder, application.settings.cache_dir
    if not os.access(repositories, _TO_READ):
        problems.append("repository_folder cannot be read")
    elif found := _find_write_problem(repositories):
        notes.append(f"repository_folder {found}: what would write there is refused")
    if found := _find_write_problem(cache):
        notes.append(f"cache_dir {found}: everything takes longer")
    return Readiness(tuple(problems), tuple(notes))


def _find_write_problem(folder: pathlib.Path) -> str:
    if not os.access(folder, _TO_READ | os.W_OK):
        return "cannot be written"
    return "" if shutil.disk_usage(folder).free else "has no room left"


def _find_newer_schema(application: Application) -> list[str]:
    """What was added to the tables is nothing to this process, nor what was taken away while it runs.

    Raises as ``require_usable``.
    """
    try:
        require_current(application.engine)
    except NewerSchemaError:
        application.owed_check.settle()
        return ["the database belongs to a newer program by now: restart this one soon"]
    return []


def _find_waiting_jobs(services: Services) -> list[str]:
    since = services.job_delays.find()
    if since is None:
        return []
    return [f"jobs wait since {since.isoformat(timespec='seconds')}: no worker seems to be running"]


def _find_storage_problem(services: Services) -> list[str]:
    try:
        require_storage(services)
    except UnavailableError:
        return ["none of the repositories is in repository_folder: is it mounted?"]
    return []
