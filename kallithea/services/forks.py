"""Copies of repositories that people work on by themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import Allowance
from kallithea.core.names import parse_path
from kallithea.services.application import Application
from kallithea.services.repository_creation import NewRepository, require_room, store_repository
from kallithea.services.scope import Services
from kallithea.services.work import reading
from kallithea.vcs import opener
from kallithea.vcs.types import Kind


@dataclass(frozen=True, slots=True)
class ForkRequest:
    """What to fork, and where to. None for ``description`` and ``private`` is what the source has."""

    source_id: int
    path: str
    owner_id: int | None
    description: str | None = None
    private: bool | None = None


def _tell_nobody(percent: int, step: str) -> None:
    """For whom nobody waits."""


def fork_repository(
    application: Application,
    actor: Actor,
    viewer: Viewer,
    request: ForkRequest,
    tell: Callable[[int, str], None] = _tell_nobody,
) -> int:
    """Make a fork of a repository that the viewer may read, where they may make repositories; the answer is its id.

    They need the allowance to fork as well.
    It takes time and room where the source holds what a fork must not have. ``tell`` learns how far it is, in percent,
    and what is being done; what it raises cancels it, and nothing stays. Call it outside of any unit of work. Raises
    NotFoundError, InvalidError, ConflictError, ForbiddenError, UnavailableError.
    """
    path = parse_path(request.path)
    with reading(application) as services:
        source = services.repositories.get_by_id(request.source_id)
        services.permissions.require(viewer, source, Level.READ)
        folder = services.repositories.folder(source)
    new = NewRepository(
        kind=Kind(source.kind),
        path=path,
        owner_id=request.owner_id,
        description=source.description if request.description is None else request.description,
        private=source.private if request.private is None else request.private,
        fork_of_id=request.source_id,
        publishing=source.publishing,
    )
    options = replace(application.vcs_options, publishing=source.publishing)

    def require(services: Services) -> None:
        found = services.repositories.get_by_id(request.source_id)
        asking = services.permissions.viewer_now(viewer)
        services.permissions.require(asking, found, Level.READ)
        services.allowances.require(asking, Allowance.FORK)
        require_room(services, asking, path)

    return store_repository(
        application,
        actor,
        new,
        require=require,
        make=lambda place: opener.fork_repository(new.kind, folder, place, options, tell),
    )
