"""Repositories."""

import datetime
import pathlib
from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import IndexRepository, RemoveFolder
from kallithea.core.names import parse_description
from kallithea.core.words import _
from kallithea.model.repository import (
    REPOSITORY_BY_ID,
    Repository,
    network_paths,
    repository_by_path,
)
from kallithea.model.repository_list import repository_count
from kallithea.model.user import User
from kallithea.services.audit import Audit
from kallithea.services.deleted_repositories import DeletedRepositories
from kallithea.services.disk import Disk
from kallithea.services.ended_rights import rights_on_repository
from kallithea.services.insertion import insert
from kallithea.services.journal import Journal
from kallithea.services.outbox import Outbox
from kallithea.services.permissions import Permissions
from kallithea.services.placing import place
from kallithea.services.site_documents import SiteDocuments
from kallithea.vcs import backend, opener
from kallithea.vcs.comparison import Comparison
from kallithea.vcs.types import Kind


class Repositories:
    """Finds, lists and opens repositories, and keeps their rows. Folders are made and removed outside of units."""

    def __init__(  # noqa: PLR0913  # the services that it works with
        self,
        session: Session,
        now: datetime.datetime,
        disk: Disk,
        permissions: Permissions,
        journal: Journal,
        audit: Audit,
        outbox: Outbox,
        deleted: DeletedRepositories,
        documents: SiteDocuments,
    ) -> None:
        self._session = session
        self._now = now
        self._disk = disk
        self._permissions = permissions
        self._journal = journal
        self._audit = audit
        self._outbox = outbox
        self._deleted = deleted
        self._documents = documents

    def find(self, path: str) -> Repository | None:
        """The repository at the path in whatever case, or None."""
        return self._session.scalar(repository_by_path(path))

    def get(self, path: str) -> Repository:
        """The repository at the path in whatever case. Raises NotFoundError."""
        repository = self.find(path)
        if repository is None:
            raise NotFoundError(_("There is no repository '%(path)s'.", path=path))
        return repository

    def find_by_id(self, repository_id: int) -> Repository | None:
        """The repository with this id and its owner, or None."""
        return self._session.scalar(REPOSITORY_BY_ID, {"repository_id": repository_id})

    def get_by_id(self, repository_id: int) -> Repository:
        """The repository with this id. Raises NotFoundError."""
        repository = self._session.get(Repository, repository_id)
        if repository is None:
            raise NotFoundError(_("There is no such repository."))
        return repository

    def insert(  # noqa: PLR0913  # the columns of a row
        self,
        actor: Actor,
        *,
        kind: Kind,
        path: str,
        folder: str,
        owner_id: int | None,
        description: str = "",
        private: bool = False,
        fork_of_id: int | None = None,
        publishing: bool = True,
    ) -> Repository:
        """Add the row of a repository that lies in ``folder``, relative to the repository folder. No rights are asked.

        Raises InvalidError for a path that cannot be one or lies in a group that does not exist, ConflictError if
        something lies at the path or another repository in the folder.
        """
        location, parent = place(self._session, path)
        defaults = self._documents.repository_defaults
        repository = Repository(
            kind=kind.value,
            group_id=None if parent is None else parent.repository_group_id,
            owner_id=owner_id,
            description=parse_description(description),
            private=private,
            folder=folder,
            fork_of_id=fork_of_id,
            publishing=publishing,
            downloads=defaults.downloads,
            statistics=defaults.statistics,
            landing_ref=defaults.landing.encode() or None,
            created=self._now,
            updated=self._now,
            location=location,
        )
        insert(
            self._session,
            repository,
            _("'%(path)s' exists already, as a repository or as a group.", path=location.path),
        )
        after = self._shown(repository) | {"fork_of_id": fork_of_id}
        self._audit.add(actor, "repository.create", f"repository:{repository.path}", after=after)
        self._journal.add(actor, "repository.create", repository, {})
        self._outbox.add(IndexRepository(repository.repository_id))
        return repository

    def delete(self, actor: Actor, repository: Repository) -> None:
        """Delete the row, of which a record is kept for a while, and the folder by a job after the commit."""
        before = self._shown(repository) | rights_on_repository(self._session, repository.repository_id)
        self._audit.add(actor, "repository.delete", f"repository:{repository.path}", before=before)
        self._journal.add_deletion(actor, repository)
        self._outbox.add(RemoveFolder(repository.folder, self._deleted.keep(actor, repository)))
        self._outbox.add(IndexRepository(repository.repository_id))
        self._session.delete(repository)
        self._session.flush()

    def list_paths(self, viewer: Viewer, repository_ids: Collection[int]) -> dict[int, str]:
        """Paths of the repositories with these ids, as far as the viewer may read them."""
        if not repository_ids:
            return {}
        wanted = and_(self._permissions.readable(viewer), Repository.repository_id.in_(repository_ids))
        return {row.repository_id: row.path for row in self._session.scalars(select(Repository).where(wanted))}

    def list_network(self, viewer: Viewer, repository: Repository, *, limit: int = 100) -> tuple[str, ...]:
        """Paths of the others that forks connect with the repository, as far as the viewer may read them."""
        others = and_(self._permissions.readable(viewer), Repository.repository_id != repository.repository_id)
        return tuple(self._session.scalars(network_paths(repository.repository_id, others).limit(limit)))

    def count_forks(self, viewer: Viewer, repository: Repository) -> int:
        """How many forks of the repository the viewer may read."""
        readable_forks = and_(self._permissions.readable(viewer), Repository.fork_of_id == repository.repository_id)
        return self._session.scalar(repository_count(readable_forks)) or 0

    def find_source(self, viewer: Viewer, repository: Repository) -> Repository | None:
        """What the repository is a fork of, if that is there and the viewer may read it."""
        source = self.find_by_id(repository.fork_of_id) if repository.fork_of_id is not None else None
        if source is None or self._permissions.level(viewer, source) < Level.READ:
            return None
        return source

    def read_fingerprint(self, repository: Repository) -> str:
        """The fingerprint of the refs, without opening the repository. Raises VcsError."""
        return opener.read_fingerprint(Kind(repository.kind), self.folder(repository))

    def folder(self, repository: Repository) -> pathlib.Path:
        """Absolute path of the repository's files."""
        return self._disk.path(repository)

    def open(self, repository: Repository) -> backend.Repository:
        """The repository's files, to be used in a ``with`` statement. Raises RepositoryMissingError."""
        return self._disk.open(repository)

    def open_comparison(self, first: Repository, second: Repository) -> Comparison:
        """Compare commits of two repositories of one kind, in a ``with`` statement. No rights are asked.

        Raises RepositoryMissingError, RevisionNotFoundError.
        """
        folders = (self.folder(first), self.folder(second))
        return opener.open_comparison(Kind(first.kind), *folders, self._disk.options)

    def _shown(self, repository: Repository) -> dict[str, object]:
        owner = None if repository.owner_id is None else self._session.get(User, repository.owner_id)
        return {
            "kind": repository.kind,
            "owner": None if owner is None else owner.name,
            "private": repository.private,
            "folder": repository.folder,
        }
