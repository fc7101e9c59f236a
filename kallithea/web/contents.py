"""A repository's contents, opened for one page."""

import contextlib
from collections.abc import Iterator

from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import SettleRepository
from kallithea.core.words import _
from kallithea.services.refs import read_refs, with_landing
from kallithea.services.revisions import Revision, find_revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Refs
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@contextlib.contextmanager
def open_contents(context: RepositoryContext, request: Request) -> Iterator[Repository]:
    """The open repository. Raises RepositoryMissingError."""
    with request.services.repositories.open(context.repository) as repository:
        yield repository


def find(context: RepositoryContext, request: Request, repository: Repository) -> Revision:
    """What the rest of the address names. Raises RevisionNotFoundError, AmbiguousRevisionError.

    An address with a full commit id, as in all our links, needs no refs.
    """
    at = request.query_bytes("at")
    return find_at(context, repository, at)


def find_at(context: RepositoryContext, repository: Repository, at: bytes | None) -> Revision:
    """The same, where ``at`` names the ref by which the visitor came. Raises what ``find`` does."""
    landing = context.repository.landing_ref
    return find_revision(repository, context.rest, at=at, landing=landing)


def all_refs(context: RepositoryContext, request: Request, repository: Repository) -> Refs:
    """Every branch, bookmark and tag; the default one is what pages of this repository begin with."""
    refs = read_refs(request.application.caches.small, context.repository.repository_id, repository)
    return with_landing(refs, context.repository.landing_ref)


def require_statistics(context: RepositoryContext) -> None:
    """Raises NotFoundError where the settings of the repository leave statistics out."""
    if not context.repository.statistics:
        raise NotFoundError(_("The settings of this repository leave statistics out."))


def note_outside_changes(context: RepositoryContext, request: Request, repository: Repository) -> None:
    """Have changes that nobody announced recorded soon: this page shows refs that the record does not know."""
    repository_id = context.repository.repository_id
    if request.services.pushes.recorded_fingerprint(repository_id) != repository.fingerprint():
        request.application.later.add(SettleRepository(repository_id))
