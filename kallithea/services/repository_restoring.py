"""Bringing back a repository that was deleted: first its files, then the rows that give them meaning."""

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import ForbiddenError, KallitheaError
from kallithea.core.names import parse_path
from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.repository_creation import require_free
from kallithea.services.trash import bring_back, discard
from kallithea.services.work import reading, writing


def restore_repository(
    application: Application, actor: Actor, viewer: Viewer | None, repository_id: int, *, path: str | None = None
) -> str:
    """Bring a repository back to where it was, or to another path; the answer is the path.

    It has its id, settings, grants and followers again, as far as those whom they name are still there. Only
    administrators of the site may do it; without a viewer no rights are asked. Raises NotFoundError, also where the
    files are gone, ForbiddenError, InvalidError, ConflictError, UnavailableError.
    """
    if viewer is not None and not viewer.super_administrator:
        raise ForbiddenError(_("Only administrators of this site bring repositories back."))
    with reading(application) as services:
        kept = services.deleted_repositories.get(repository_id)
        place, folder, trash = parse_path(path or kept.path), kept.folder, kept.trash
        require_free(services, place)
    found = bring_back(application, folder, trash)
    try:
        with writing(application) as services:
            place = services.deleted_repositories.restore(actor, repository_id, path=place, folder=found).path
    except KallitheaError:
        discard(application, found, trash)
        raise
    # a job that was just about to remove the folder may not have seen the row yet
    bring_back(application, found, trash, again=True)
    return place
