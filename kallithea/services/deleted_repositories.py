"""Repositories that were deleted and can come back: what the database keeps of them."""

import datetime
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import IndexRepository, SettleRepository, UpkeepRepository
from kallithea.core.words import _
from kallithea.model.deleted_repository import DeletedRepository, deleted_repositories
from kallithea.model.repository import Repository
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert
from kallithea.services.journal import Journal
from kallithea.services.outbox import Outbox
from kallithea.services.placing import place
from kallithea.services.repository_records import (
    make_record,
    read_record,
    restore_columns,
    restore_journal,
    restore_rows,
)
from kallithea.services.trash_names import KEPT, name_in_trash


@dataclass(frozen=True, slots=True)
class DeletedRow:
    """A deleted repository, which can come back ``until`` then."""

    repository_id: int
    path: str
    kind: str
    deleted: datetime.datetime
    deleted_by: str
    until: datetime.datetime


class DeletedRepositories:
    """Keeps the records of deleted repositories, and makes their rows again."""

    def __init__(
        self, session: Session, now: datetime.datetime, journal: Journal, audit: Audit, outbox: Outbox
    ) -> None:
        self._session = session
        self._now = now
        self._journal = journal
        self._audit = audit
        self._outbox = outbox

    def keep(self, actor: Actor, repository: Repository) -> str:
        """Write down what a repository has that is about to be deleted; the answer is its name in the trash."""
        trash = name_in_trash(repository.folder, self._now)
        self._session.add(
            DeletedRepository(
                repository_id=repository.repository_id,
                path=repository.path,
                kind=repository.kind,
                folder=repository.folder,
                trash=trash,
                deleted=self._now,
                deleted_by=actor.name,
                record=make_record(self._session, repository),
            )
        )
        return trash

    def list_(self, *, limit: int, path: str | None = None) -> tuple[DeletedRow, ...]:
        """Those that can come back, of all paths or of one; the last one first. No rights are asked."""
        query = deleted_repositories(self._now - KEPT).limit(limit)
        if path is not None:
            query = query.where(DeletedRepository.path == path)
        return tuple(
            DeletedRow(row.repository_id, row.path, row.kind, row.deleted, row.deleted_by, row.deleted + KEPT)
            for row in self._session.scalars(query)
        )

    def get(self, repository_id: int, *, lock: bool = False) -> DeletedRepository:
        """One that can come back, for others locked where the engine locks rows. Raises NotFoundError."""
        query = deleted_repositories(self._now - KEPT).where(DeletedRepository.repository_id == repository_id)
        row = self._session.scalar(query.with_for_update() if lock else query)
        if row is None:
            raise NotFoundError(_("There is no such deleted repository."))
        return row

    def restore(self, actor: Actor, repository_id: int, *, path: str, folder: str) -> Repository:
        """Make the rows again, with the same id, for files that lie in ``folder``. No rights are asked.

        Raises NotFoundError, InvalidError for a path in a group that does not exist, ConflictError where something is.
        """
        kept = self.get(repository_id, lock=True)
        record = read_record(kept.record)
        location, parent = place(self._session, path)
        repository = Repository(
            repository_id=repository_id,
            kind=kept.kind,
            group_id=None if parent is None else parent.repository_group_id,
            folder=folder,
            updated=self._now,
            location=location,
        )
        restore_columns(self._session, record, repository)
        words = _("'%(path)s' exists already, as a repository or as a group.", path=location.path)
        insert(self._session, repository, words)
        restore_rows(self._session, record, repository_id, self._now)
        restore_journal(self._session, repository_id, kept.path, record.created, kept.deleted)
        shown = {"path": kept.path, "folder": folder}
        self._audit.add(actor, "repository.restore", f"repository:{repository.path}", after=shown)
        self._journal.add(actor, "repository.restore", repository, {})
        self._session.delete(kept)
        # the first settling records the refs as they are
        self._outbox.add(SettleRepository(repository_id))
        self._outbox.add(UpkeepRepository(repository_id))
        self._outbox.add(IndexRepository(repository_id))
        return repository
