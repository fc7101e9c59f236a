"""Whether this process can answer requests, for whatever stands in front of it."""

import os
from dataclasses import dataclass

from sqlalchemy import text

from kallithea.core.errors import UnavailableError
from kallithea.migrations.schema import VERSION_TABLE, head
from kallithea.services.application import Application
from kallithea.services.work import reading


@dataclass(frozen=True, slots=True)
class Readiness:
    """``problems`` keep it from answering, ``notes`` do not."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def look_around(application: Application) -> Readiness:
    """Look at the database, its schema, the folders, and whether jobs wait for a worker."""
    problems, notes = [], []
    try:
        with reading(application) as services:
            version = services.session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
            since = services.job_delays.find()
    except UnavailableError:
        problems.append("the database cannot be reached or is busy")
    else:
        if version != head():
            problems.append(f"the database has schema {version}, this program needs {head()}")
        if since is not None:
            notes.append(f"jobs wait since {since.isoformat(timespec='seconds')}: no worker seems to be running")
    settings = application.settings
    for name, folder in (("repository_folder", settings.repository_folder), ("cache_dir", settings.cache_dir)):
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            problems.append(f"{name} cannot be read and written")
    return Readiness(tuple(problems), tuple(notes))
