"""What happened, for people: pushes, new repositories."""

import datetime
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.model.journal import JournalEntry
from kallithea.model.repository import Repository
from kallithea.services.permissions import Permissions


class Journal:
    """Writes events in the transaction of their causes, and shows each viewer those of repositories they may read."""

    def __init__(self, session: Session, now: datetime.datetime, permissions: Permissions) -> None:
        self._session = session
        self._now = now
        self._permissions = permissions

    def add(self, actor: Actor, action: str, repository: Repository, details: Mapping[str, object]) -> None:
        """Record an event such as ``push`` or ``repository.create``; ``details`` must be JSON values."""
        entry = JournalEntry(
            at=self._now,
            action=action,
            repository_id=repository.repository_id,
            repository_path=repository.path,
            user_id=actor.user_id,
            user_name=actor.name[:255],
            way=actor.way.value,
            details=json.dumps(dict(details), sort_keys=True),
        )
        self._session.add(entry)

    def list_(
        self, viewer: Viewer, *, repository_id: int | None = None, offset: int = 0, limit: int = 50
    ) -> Sequence[JournalEntry]:
        """Events of repositories that the viewer may read, or of one of them, newest first."""
        seen = (
            select(JournalEntry)
            .join(Repository, Repository.repository_id == JournalEntry.repository_id)
            .where(self._permissions.readable(viewer))
        )
        if repository_id is not None:
            seen = seen.where(JournalEntry.repository_id == repository_id)
        newest = seen.order_by(JournalEntry.journal_entry_id.desc()).offset(offset).limit(limit)
        return self._session.scalars(newest).all()
