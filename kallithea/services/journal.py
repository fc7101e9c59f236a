"""What happened, for people: pushes, new repositories."""

import datetime
import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from kallithea.core.access import VISITORS, Level, Subject, SubjectKind, Viewer, Visibility
from kallithea.core.actor import Actor
from kallithea.model.follower import followers_of
from kallithea.model.grant import subject_key
from kallithea.model.journal import (
    ADMINISTRATORS,
    JournalEntry,
    JournalReader,
    concerns,
    done_by,
    journal_rows,
    left_to,
    lies_at,
    newest_of,
)
from kallithea.model.repository import Repository
from kallithea.services.permissions import Permissions
from kallithea.services.readers import find_readers

#: What happens to repositories, in the order in which menus have it.
ACTIONS = ("push", "repository.create", "repository.update", "repository.delete", "repository.restore")


class Scope(enum.Enum):
    """Events of which repositories somebody asks for; of all scopes but SITE those count that they may read.

    Of one that was deleted, that it was is told to those who could read it then.
    """

    READABLE = "those that the viewer may read"
    OWN = "those that the viewer owns or follows"
    PUBLIC = "those that everybody may read"
    SITE = "all, also all events of those that were deleted; no rights are asked"


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

    @property
    def may_be_lost(self) -> bool:
        """Whether deletions can be meant, after which a repository has no id."""
        return self.repository_id is None and self.action in ("", "repository.delete")

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

    def add_deletion(self, actor: Actor, repository: Repository) -> None:
        """Record that the repository is about to be deleted, and to whom that is told: those who can read it now."""
        entry_id = self.add(actor, "repository.delete", repository, {})
        readers = {ADMINISTRATORS, *map(subject_key, find_readers(self._session, repository))}
        user_ids = {repository.owner_id, *self._session.scalars(followers_of(repository.repository_id))}
        concerned = {subject_key(Subject(SubjectKind.USER, user_id)) for user_id in user_ids if user_id is not None}
        self._session.add_all(
            JournalReader(journal_entry_id=entry_id, subject_key=key, reads=key in readers, concerned=key in concerned)
            for key in sorted(readers | concerned)
        )

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
        conditions = list(chosen.conditions())
        if older_than is not None:
            conditions.append(JournalEntry.journal_entry_id < older_than)
        if scope is Scope.SITE:
            rows = journal_rows(lost=True).where(*conditions)
        else:
            rows = journal_rows().where(self._within(viewer, scope), *conditions)
            lost = _left_to(viewer, scope) if chosen.may_be_lost else None
            if lost is not None:
                rows = newest_of(limit, rows, journal_rows(lost=True).where(lost, *conditions))
        return tuple(make_row(*row) for row in self._session.execute(rows.limit(limit)))

    def _within(self, viewer: Viewer, scope: Scope) -> ColumnElement[bool]:
        readable = self._permissions.readable(viewer)
        if scope is Scope.OWN:
            return readable & concerns(viewer.user_id)
        if scope is Scope.PUBLIC:
            return readable & self._permissions.has_visibility(viewer, Visibility.PUBLIC)
        return readable


def _left_to(viewer: Viewer, scope: Scope) -> ColumnElement[bool] | None:
    """The deletions that the viewer is told of, None where there are none."""
    if viewer.only is not None or viewer.ceiling < Level.READ:
        return None
    keys = [ADMINISTRATORS] if viewer.super_administrator else [subject_key(subject) for subject in viewer.subjects]
    if scope is Scope.OWN:
        own = None if viewer.user_id is None else subject_key(Subject(SubjectKind.USER, viewer.user_id))
        return left_to(keys, own) if own is not None else None
    if scope is Scope.PUBLIC:
        return left_to([subject_key(VISITORS)]) if VISITORS in viewer.subjects else None
    return left_to(keys)


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
