"""A repository's contents, opened for one page."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from kallithea.core.jobs import SettleRepository
from kallithea.services.refs import read_refs
from kallithea.services.revisions import Revision, find_revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Ref, Refs
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@contextlib.contextmanager
def open_contents(context: RepositoryContext, request: Request) -> Iterator[Repository]:
    """The open repository. Raises RepositoryMissingError."""
    with request.services.repositories.open(context.repository) as repository:
        yield repository


@dataclass(frozen=True, slots=True)
class Found:
    """The revision that the address names."""

    revision: Revision

    @property
    def ref(self) -> Ref | None:
        """The ref by which the visitor came."""
        return self.revision.ref

    @property
    def commit_id(self) -> str:
        """The commit that is shown."""
        return self.revision.commit_id

    @property
    def path(self) -> bytes:
        """The path that is shown."""
        return self.revision.path

    @property
    def at(self) -> bytes | None:
        """The name of the ref, for links."""
        return self.ref.name if self.ref is not None else None


def find(context: RepositoryContext, request: Request, repository: Repository) -> Found:
    """What the rest of the address names. Raises RevisionNotFoundError, AmbiguousRevisionError.

    An address with a full commit id, as in all our links, needs no refs.
    """
    at = request.query_bytes("at")
    return Found(find_revision(repository, lambda: all_refs(context, request, repository), context.rest, at=at))


def all_refs(context: RepositoryContext, request: Request, repository: Repository) -> Refs:
    """Every branch, bookmark and tag."""
    return read_refs(request.application.caches.small, context.repository.repository_id, repository)


def note_outside_changes(context: RepositoryContext, request: Request, repository: Repository) -> None:
    """Have changes that nobody announced recorded soon: this page shows refs that the record does not know."""
    repository_id = context.repository.repository_id
    if request.services.pushes.recorded(repository_id).fingerprint != repository.fingerprint():
        request.application.later.add(SettleRepository(repository_id))
