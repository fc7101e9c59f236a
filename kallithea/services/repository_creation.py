"""Making repositories: first the folder, outside of any unit, then the row that gives it meaning."""

import contextlib
import logging
import pathlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError, KallitheaError, UnavailableError, message_of
from kallithea.core.names import parse_path
from kallithea.core.storage import StorageError, find_storage_fault
from kallithea.core.words import _, _n
from kallithea.model.deleted_repository import folder_left
from kallithea.model.location import LOCATIONS, at_paths
from kallithea.model.repository import folder_owner
from kallithea.services.application import Application
from kallithea.services.repository_folder import free_folder
from kallithea.services.scope import Services
from kallithea.services.storage import require_storage
from kallithea.services.trash_names import KEPT
from kallithea.services.work import reading, writing
from kallithea.vcs import opener
from kallithea.vcs.remote import RemoteError
from kallithea.vcs.types import Kind, RefState, VcsError

log = logging.getLogger(__name__)

_LONGEST_DESCRIPTION = 10_000


@dataclass(frozen=True, slots=True)
class NewRepository:
    """What a repository is made with. ``fork_of_id`` names the repository that it is a fork of.

    ``publishing`` is that of ``model.repository``.
    """

    kind: Kind
    path: str
    owner_id: int | None = None
    description: str = ""
    private: bool = False
    fork_of_id: int | None = None
    publishing: bool = True


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

    The viewer needs ADMIN on the group, which must exist, or at the top of the site to be allowed it. Raises
    InvalidError, ConflictError, ForbiddenError, UnavailableError. A process that dies in between leaves a folder that
    nothing refers to.
    """
    new = NewRepository(kind, parse_path(path), owner_id, description, private)
    return store_repository(
        application,
        actor,
        new,
        require=lambda services: require_room(services, viewer, new.path),
        make=lambda place: opener.create_repository(kind, place, application.vcs_options),
    )


def store_repository(
    application: Application,
    actor: Actor,
    new: NewRepository,
    *,
    require: Callable[[Services], None],
    make: Callable[[pathlib.Path], None],
    record: Callable[[Services, int], None] = lambda _services, _repository_id: None,
) -> int:
    """Have a repository made in a folder of its own, then add its row; the answer is its id.

    ``require`` asks for the rights, before it is made and again when its row is: they may be gone since. ``make`` makes
    it in a folder that does not exist yet, complete or not at all. ``record`` adds what else there is to the row.
    Raises UnavailableError where the repository folder is away.
    """
    if len(new.description) > _LONGEST_DESCRIPTION:
        raise InvalidError(
            {
                "description": _n(
                    "use at most %(count)s character", "use at most %(count)s characters", _LONGEST_DESCRIPTION
                )
            }
        )
    with reading(application) as services:
        require(services)
        require_storage(services)
        folder = _find_folder(services, new.path)
        require_storage(services)
    with _made_on_disk(application, new.kind, folder, make) as made, writing(application) as services:
        require(services)
        repository = services.repositories.insert(
            actor,
            kind=new.kind,
            path=new.path,
            folder=folder,
            owner_id=new.owner_id,
            description=new.description,
            private=new.private,
            fork_of_id=new.fork_of_id,
            publishing=new.publishing,
        )
        services.pushes.start(repository.repository_id, made.state)
        record(services, repository.repository_id)
        made.commits = True
        return repository.repository_id


def require_room(services: Services, viewer: Viewer | None, path: str) -> None:
    """Raise InvalidError or ForbiddenError unless the viewer may make a repository at the path."""
    services.repository_groups.require_place(viewer, path)


def require_free(services: Services, path: str) -> None:
    """Raise ConflictError if something is at the path already."""
    if services.session.scalars(LOCATIONS, at_paths([path])).first() is not None:
        raise ConflictError(_("'%(path)s' exists already, as a repository or as a group.", path=path))


def _find_folder(services: Services, path: str) -> str:
    """A folder for the repository. Raises ConflictError if something is at the path already.

    It is not that of a repository which was deleted lately: Mercurial finds files by their paths, so a push that is
    still under way there would write into this one.
    """
    require_free(services, path)

    def is_taken(folder: str) -> bool:
        lately = services.now - KEPT
        questions = (folder_owner(folder), folder_left(folder, lately))
        return any(services.session.scalar(question) is not None for question in questions)

    return free_folder(services.application.settings.repository_folder, path, is_taken)


@dataclass
class _Made:
    """A new repository's refs, and whether the commit of its row has been asked for."""

    state: RefState
    commits: bool = False


@contextlib.contextmanager
def _made_on_disk(
    application: Application, kind: Kind, folder: str, make: Callable[[pathlib.Path], None]
) -> Iterator[_Made]:
    """A repository in the folder, with its refs; it goes away again when the block fails for certain."""
    place = application.settings.repository_folder / folder
    try:
        make(place)
    except (RemoteError, StorageError):
        raise
    except VcsError as problem:
        raise ConflictError(
            _("The repository could not be made: %(problem)s", problem=message_of(problem))
        ) from problem
    except OSError as problem:
        log.exception("the folder %s could not be made", folder)
        fault = find_storage_fault(problem)
        if fault is not None:
            raise StorageError(fault) from problem
        raise UnavailableError(_("The repository could not be stored. Nothing was changed.")) from problem
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
