"""Where the folders of deleted repositories go, so that a mistake can be undone for a while.

``.trash`` in the repository folder, on the same file system; each name begins with the time of removal. To undo:
move the folder back to where it was and run ``kallithea repo-scan``.
"""

import datetime
import logging
import pathlib
import shutil

from sqlalchemy import select

from kallithea.core.errors import InvalidError
from kallithea.model.repository import Repository
from kallithea.services.application import Application
from kallithea.services.work import reading

log = logging.getLogger(__name__)

TRASH = ".trash"
KEPT = datetime.timedelta(days=30)
_TIME = "%Y%m%dT%H%M%S.%fZ"
_LONGEST_NAME = 60


def discard(application: Application, folder: str) -> None:
    """Move a folder, given relative to the repository folder, into the trash.

    Nothing happens if it is not there or has become a repository's again. Raises InvalidError for a path that leads
    out of the repository folder, and OSError.
    """
    base = application.settings.repository_folder
    path = inside(base, folder)
    with reading(application) as services:
        in_use = services.session.scalar(select(Repository.repository_id).where(Repository.folder == folder))
    if in_use is not None:
        log.warning("the folder %s was not removed: a repository uses it", folder)
        return
    trash = base / TRASH
    trash.mkdir(exist_ok=True)
    name = f"{application.clock().strftime(_TIME)}-{folder.replace('/', '-')[:_LONGEST_NAME]}"
    try:
        path.rename(trash / name)
    except FileNotFoundError:
        log.info("the folder %s is gone already", folder)


def empty_trash(application: Application) -> int:
    """Delete for good what has been in the trash for 30 days; the answer is how many folders. Raises OSError."""
    trash = application.settings.repository_folder / TRASH
    if not trash.is_dir():
        return 0
    oldest_kept = (application.clock() - KEPT).strftime(_TIME)
    old = [entry for entry in trash.iterdir() if entry.name[:1].isdigit() and entry.name < oldest_kept]
    for entry in old:
        shutil.rmtree(entry)
    return len(old)


def inside(base: pathlib.Path, folder: str) -> pathlib.Path:
    """The absolute path of a folder below ``base``. Raises InvalidError where it lies elsewhere, be it by a link."""
    parts = pathlib.PurePosixPath(folder).parts
    path = base.joinpath(*parts)
    plain = bool(parts) and not folder.startswith("/") and not any(part in ("..", TRASH) for part in parts)
    if not plain or any(step.is_symlink() for step in (path, *path.parents) if base in step.parents):
        raise InvalidError({"folder": f"{folder!r} does not lie in the repository folder"})
    return path
