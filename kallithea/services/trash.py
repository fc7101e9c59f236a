"""Where the folders of deleted repositories go, so that a mistake can be undone for a while.

Each name there begins with the time of removal: see ``trash_names``.
"""

import logging
import pathlib
import shutil
from collections.abc import Callable

from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.words import _
from kallithea.model.repository import folder_owner
from kallithea.services.application import Application
from kallithea.services.repository_folder import free_folder
from kallithea.services.trash_names import KEPT, TRASH, name_at, name_in_trash
from kallithea.services.work import reading

log = logging.getLogger(__name__)


def discard(application: Application, folder: str, name: str = "") -> None:
    """Move a folder, given relative to the repository folder, into the trash, under the name that it shall have there.

    Nothing happens if it is not there or is a repository's again. Raises InvalidError for a path that leads out of the
    repository folder, and OSError.
    """
    base = application.settings.repository_folder
    path = inside(base, folder)
    if _is_in_use(application, folder):
        log.warning("the folder %s was not removed: a repository uses it", folder)
        return
    trash = base / TRASH
    trash.mkdir(exist_ok=True)
    place = trash / (name or name_in_trash(folder, application.clock()))
    try:
        path.rename(place)
    except FileNotFoundError:
        log.info("the folder %s is gone already", folder)
        return
    if _is_in_use(application, folder):
        # it came back between the two looks
        place.rename(path)


def bring_back(application: Application, folder: str, name: str, *, again: bool = False) -> str:
    """Move what is called so in the trash back to the folder, or beside it where something else is.

    The answer is where it lies, relative to the repository folder: perhaps where it was, because no job has moved it
    yet. With ``again`` nothing happens if it is not in the trash. Raises NotFoundError where it is nowhere.
    """
    base = application.settings.repository_folder
    kept = base / TRASH / name
    if not kept.is_dir():
        if not again and (_is_in_use(application, folder) or not inside(base, folder).is_dir()):
            raise NotFoundError(_("The files of this repository are gone."))
        return folder
    found = folder if again else free_folder(base, folder, lambda taken: _is_in_use(application, taken))
    place = inside(base, found)
    place.parent.mkdir(parents=True, exist_ok=True)
    kept.rename(place)
    return found


def empty_trash(application: Application, *, check: Callable[[], None] = lambda: None) -> int:
    """Delete for good what has been in the trash for 30 days; the answer is how many folders.

    ``check`` is called before each, and may raise. Raises OSError.
    """
    trash = application.settings.repository_folder / TRASH
    if not trash.is_dir():
        return 0
    oldest_kept = name_at(application.clock() - KEPT)
    old = [entry for entry in trash.iterdir() if entry.name[:1].isdigit() and entry.name < oldest_kept]
    for entry in old:
        check()
        shutil.rmtree(entry)
    return len(old)


def _is_in_use(application: Application, folder: str) -> bool:
    with reading(application) as services:
        return services.session.scalar(folder_owner(folder)) is not None


def inside(base: pathlib.Path, folder: str) -> pathlib.Path:
    """The absolute path of a folder below ``base``. Raises InvalidError where it lies elsewhere, be it by a link."""
    parts = pathlib.PurePosixPath(folder).parts
    path = base.joinpath(*parts)
    plain = bool(parts) and not folder.startswith("/") and not any(part in ("..", TRASH) for part in parts)
    if not plain or any(step.is_symlink() for step in (path, *path.parents) if base in step.parents):
        raise InvalidError({"folder": f"{folder!r} does not lie in the repository folder"})
    return path
