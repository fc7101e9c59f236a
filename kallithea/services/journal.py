"""What happened, for people: pushes, new repositories."""

import datetime
import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from kallithea.core.access import Viewer, Visibility
from kallithea.core.actor import Actor
from kallithea.model.journal import JournalEntry, concerns, done_by, journal_rows, lies_at
from kallithea.model.repository import Repository
from kallithea.services.permissions import Permissions

#: What happens to repositories, in the order in which menus have it.
ACTIONS = ("push", "repository.create", "repository.update", "repository.restore")


class Scope(enum.Enum):
    """Events of which repositories somebody asks for; of all scopes but SITE those count that they may read."""

    READABLE = "those that the viewer may read"
    OWN = "those that the viewer owns or follows"
    PUBLIC = "those that everybody may read"
    SITE = "all, also those that were deleted; no rights are asked"


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which events are meant; what is empty or None does not matter.

    ``user`` is a whole name, ``path`` that of a repository or a group, ``action`` one of ACTIONS. ``since`` and
    ``until`` bound the time, the second being left out.
    """

    user: str = ""
    path: str = ""
    action: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    repository_id: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What holds for the entries."""
        if self.user:
            yield done_by(self.user)
        if self.path:
            yield lies_at(self.path)
        if self.action:
            yield JournalEntry.action == self.action
        if self.since is not None:
            yield JournalEntry.at >= self.since
        if self.until is not None:
            yield JournalEntry.at < self.until
        if self.repository_id is not None:
            yield JournalEntry.repository_id == self.repository_id


EVERYTHING = JournalFilter()


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An event. ``path`` is where its repository lies now; of one that is gone, ``kind`` is empty and it lay there."""

    entry_id: int
    at: datetime.datetime
    action: str
    user_name: str
    way: str
    kind: str
    path: str
    private: bool
    details: str


class Journal:
    """Writes events in the transaction of their causes, and shows each viewer those of repositories they may read."""

    def __init__(self, session: Session, now: datetime.datetime, permissions: Permissions) -> None:
        self._session = session
        self._now = now
        self._permissions = permissions

    def add(self, actor: Actor, action: str, repository: Repository, details: Mapping[str, object]) -> int:
        """Record an event such as ``push`` or ``repository.create``, and return its id.

        ``details`` must be JSON values.
        """
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
        self._session.flush()
        return entry.journal_entry_id

    def list_(
        self,
        viewer: Viewer,
        chosen: JournalFilter = EVERYTHING,
        *,
        scope: Scope = Scope.READABLE,
        older_than: int | None = None,
        limit: int = 50,
    ) -> tuple[JournalRow, ...]:
        """Events, newest first; ``older_than`` is the id of an entry, before which the list goes on.

        The viewer's rights are a part of the statement.
        """
        rows = journal_rows(lost=scope is Scope.SITE).where(self._within(viewer, scope), *chosen.conditions())
        if older_than is not None:
            rows = rows.where(JournalEntry.journal_entry_id < older_than)
        return tuple(make_row(*row) for row in self._session.execute(rows.limit(limit)))

    def _within(self, viewer: Viewer, scope: Scope) -> ColumnElement[bool]:
        if scope is Scope.SITE:
            return true()
        readable = self._permissions.readable(viewer)
        if scope is Scope.OWN:
            return readable & concerns(viewer.user_id)
        if scope is Scope.PUBLIC:
            return readable & self._permissions.has_visibility(viewer, Visibility.PUBLIC)
        return readable


def make_row(entry: JournalEntry, kind: str | None, path: str | None, private: bool | None) -> JournalRow:
    """The event of a JournalTuple."""
    return JournalRow(
        entry.journal_entry_id,
        entry.at,
        entry.action,
        entry.user_name,
        entry.way,
        kind or "",
        path or entry.repository_path,
        bool(private),
        entry.details,
    )
