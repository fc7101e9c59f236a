"""Making repositories: first the folder, outside of any unit, then the row that gives it meaning."""

import contextlib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError, KallitheaError, UnavailableError
from kallithea.core.names import parse_path
from kallithea.model.location import LOCATIONS, at_paths
from kallithea.model.repository import folder_owner
from kallithea.services.application import Application
from kallithea.services.repository_folder import free_folder
from kallithea.services.work import reading, writing
from kallithea.vcs import opener
from kallithea.vcs.types import Kind, RefState, VcsError

log = logging.getLogger(__name__)

_LONGEST_DESCRIPTION = 10_000


def create_repository(  # noqa: PLR0913  # each is one thing that a repository is made with
    application: Application,
    actor: Actor,
    viewer: Viewer | None,
    *,
    kind: Kind,
    path: str,
    owner_id: int | None = None,
    description: str = "",
    private: bool = False,
) -> int:
    """Make an empty repository and return its id. Without a viewer no rights are asked: that is the command line.

    The viewer needs ADMIN on the group, which must exist, or on the site. Raises InvalidError, ConflictError,
    ForbiddenError, UnavailableError. A process that dies in between leaves a folder that nothing refers to.
    """
    path = parse_path(path)
    if len(description) > _LONGEST_DESCRIPTION:
        raise InvalidError({"description": f"use at most {_LONGEST_DESCRIPTION} characters"})
    folder = _check(application, viewer, path)
    with _made_on_disk(application, kind, folder) as made, writing(application) as services:
        # the group, or the right to it, may be gone since
        services.repository_groups.find_parent(viewer, path, Level.ADMIN)
        repository = services.repositories.insert(
            actor, kind=kind, path=path, folder=folder, owner_id=owner_id, description=description, private=private
        )
        services.pushes.start(repository.repository_id, made.state)
        made.commits = True
        return repository.repository_id


def _check(application: Application, viewer: Viewer | None, path: str) -> str:
    """Whether the repository may be made there, as far as can be said before; the answer is a folder for it."""
    with reading(application) as services:
        services.repository_groups.find_parent(viewer, path, Level.ADMIN)
        if services.session.execute(LOCATIONS, at_paths([path])).first() is not None:
            raise ConflictError(f"'{path}' exists already, as a repository or as a group.")
        return free_folder(
            application.settings.repository_folder,
            path,
            lambda folder: services.session.scalar(folder_owner(folder)) is not None,
        )


@dataclass
class _Made:
    """An empty repository's refs, and whether the commit of its row has been asked for."""

    state: RefState
    commits: bool = False


@contextlib.contextmanager
def _made_on_disk(application: Application, kind: Kind, folder: str) -> Iterator[_Made]:
    """An empty repository in the folder, with its refs; it goes away again when the block fails for certain."""
    place = application.settings.repository_folder / folder
    try:
        opener.create_repository(kind, place, application.vcs_options)
    except VcsError as problem:
        raise ConflictError(f"The repository could not be made: {problem}") from problem
    except OSError as problem:
        log.exception("the folder %s could not be made", folder)
        raise UnavailableError("The repository could not be stored. Nothing was changed.") from problem
    made = None
    try:
        with opener.open_repository(kind, place, application.vcs_options) as repository:
            made = _Made(repository.state())
        yield made
    except (KallitheaError, VcsError):
        if made is not None and made.commits:
            # perhaps the commit was done and only its answer is lost: then the folder is in use
            log.warning("the folder %s was made; whether a repository was recorded for it is not known", folder)
        else:
            shutil.rmtree(place)
        raise
