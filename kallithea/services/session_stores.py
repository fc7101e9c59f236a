"""What Beaker keeps of sessions in files or in a table, which it never deletes.

Its own servers forget by themselves. What was not stored anew for the time of a session, and a day, is of nobody: the
session that it leads to has ended in the database by then. The day makes up for clocks and time zones of machines.
"""

import contextlib
import datetime
import os
import pathlib
from collections.abc import Iterator

from sqlalchemy import Engine, column, delete, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError

from kallithea.core.errors import UnavailableError
from kallithea.core.settings import Settings
from kallithea.core.words import _
from kallithea.model.engine import open_engine

#: How much longer than a session what leads to it is kept.
KEPT_LONGER = datetime.timedelta(days=1)

# Beaker's folders below the one that the .ini names, and how it ends the names of its files there.
_FOLDERS = {"container_file": ".cache", "container_file_lock": ".lock"}
_BATCH = 500


def clean_session_store(settings: Settings, now: datetime.datetime) -> int:
    """Delete what nobody has used for too long; how much that was. Raises UnavailableError."""
    before = now - datetime.timedelta(seconds=settings.session_timeout) - KEPT_LONGER
    if settings.session_type == "file" and settings.session_data_dir is not None:
        return _clean_files(settings.session_data_dir, before.timestamp())
    if settings.session_type == "ext:database":
        engine = open_engine(settings.session_url)
        try:
            # Beaker writes the time of the machine's own zone
            return _clean_table(engine, settings.session_table, before.astimezone().replace(tzinfo=None))
        except SQLAlchemyError as problem:
            raise UnavailableError(_("The database of the sessions cannot be used.")) from problem
        finally:
            engine.dispose()
    return 0


def _clean_files(folder: pathlib.Path, before: float) -> int:
    deleted = 0
    for name, suffix in _FOLDERS.items():
        for path in _files(folder / name):
            with contextlib.suppress(OSError):
                if path.suffix == suffix and path.stat().st_mtime < before:
                    path.unlink()
                    deleted += suffix == _FOLDERS["container_file"]
    return deleted


def _files(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    for place, _folders, names in os.walk(folder):
        yield from (pathlib.Path(place, name) for name in names)


def _clean_table(engine: Engine, name: str, before: datetime.datetime) -> int:
    if not inspect(engine).has_table(name):
        return 0
    sessions = table(name, column("id"), column("accessed"))
    deleted = 0
    while True:
        with engine.begin() as connection:
            old = select(sessions.c.id).where(sessions.c.accessed < before).limit(_BATCH)
            ids = connection.scalars(old).all()
            connection.execute(delete(sessions).where(sessions.c.id.in_(ids), sessions.c.accessed < before))
        deleted += len(ids)
        if len(ids) < _BATCH:
            return deleted
