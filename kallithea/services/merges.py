"""Merging one commit into a branch of the same repository."""

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.services.application import Application
from kallithea.services.ref_moves import find_writable, move_refs
from kallithea.vcs.merging import MergeRequest


def merge(application: Application, actor: Actor, viewer: Viewer, repository_id: int, request: MergeRequest) -> str:
    """Merge, journal it as a push by the actor, and return the id of the commit that the branch is then at.

    Call it outside of any unit of work. Raises NotFoundError, ForbiddenError, UnavailableError, and what
    ``vcs.backend.Merging.merge`` raises: MergeConflictError, NothingToMergeError, RefMovedError ...
    """
    place = find_writable(application, viewer, repository_id)
    return move_refs(application, place, actor, lambda repository, announce: repository.merge(request, announce))
