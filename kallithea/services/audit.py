"""The append-only record of administration."""

import datetime
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.escapes import escape_bytes
from kallithea.model.audit import AuditEntry
from kallithea.vcs.types import RefUpdate

_WIDTH = 255
#: Rows that are deleted by one statement.
_BATCH = 1000
#: Refs in one entry.
_REFS = 100


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are meant; what is empty or None does not matter.

    ``actor`` is a whole name, ``kind`` the first word of actions, such as ``user``; ``target`` is part of one,
    ``exact_target`` a whole one. ``since`` and ``until`` bound the time, the second being left out.
    """

    actor: str = ""
    kind: str = ""
    target: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    exact_target: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What holds for the entries."""
        if self.actor:
            yield AuditEntry.actor_name == self.actor
        if self.kind:
            yield AuditEntry.action.startswith(f"{self.kind}.", autoescape=True)
        if self.target:
            yield AuditEntry.target.icontains(self.target, autoescape=True)
        if self.exact_target:
            yield AuditEntry.target == self.exact_target
        if self.since is not None:
            yield AuditEntry.at >= self.since
        if self.until is not None:
            yield AuditEntry.at < self.until


EVERYTHING = AuditFilter()

#: First words of the actions, in the order of the alphabet.
KINDS = ("audit", "job", "permission", "repository", "repository-group", "setting", "token", "user", "user-group")


class Audit:
    """Writes who changed what, in the transaction of the change. Values must hold no secrets."""

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def add(
        self,
        actor: Actor,
        action: str,
        target: str,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        """Record a change. ``action`` is like ``user.create``, ``target`` like ``user:ada``."""
        entry = AuditEntry(
            at=self._now,
            action=action,
            actor_id=actor.user_id,
            actor_name=actor.name[:_WIDTH],
            way=actor.way.value,
            address=actor.address[:_WIDTH],
            target=target[:_WIDTH],
            before=_text(before),
            after=_text(after),
        )
        self._session.add(entry)

    def add_refs(self, actor: Actor, action: str, repository_path: str, updates: Iterable[RefUpdate]) -> None:
        """Record what became of branches, tags and bookmarks, all of them, in entries that a page can show."""
        pending = iter(updates)
        while some := list(itertools.islice(pending, _REFS)):
            before = {escape_bytes(update.name): update.old for update in some}
            after = {escape_bytes(update.name): update.new for update in some if update.new is not None}
            self.add(actor, action, f"repository:{repository_path}", before=before, after=after or None)

    def has_noted(self, actor: Actor, action: str, after: Mapping[str, object], *, since: datetime.datetime) -> bool:
        """Whether there is such an entry since then."""
        found = select(AuditEntry.audit_entry_id).where(
            AuditEntry.at > since,
            AuditEntry.action == action,
            AuditEntry.actor_name == actor.name[:_WIDTH],
            AuditEntry.way == actor.way.value,
            AuditEntry.after == _text(after),
        )
        return self._session.scalar(found.limit(1)) is not None

    def list_(
        self, chosen: AuditFilter = EVERYTHING, *, older_than: int | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        """Entries, newest first; ``older_than`` is the id of an entry, before which the list goes on."""
        newest = select(AuditEntry).where(*chosen.conditions()).order_by(AuditEntry.audit_entry_id.desc())
        if older_than is not None:
            newest = newest.where(AuditEntry.audit_entry_id < older_than)
        return self._session.scalars(newest.limit(limit)).all()

    def delete_older(self, actor: Actor, until: datetime.datetime) -> int:
        """Delete at most a batch of entries older than this, note that, and return how many they were; 0 is the end."""
        old = select(AuditEntry.audit_entry_id).where(AuditEntry.at < until).order_by(AuditEntry.audit_entry_id)
        ids = self._session.scalars(old.limit(_BATCH)).all()
        if not ids:
            return 0
        self._session.execute(
            delete(AuditEntry).where(AuditEntry.audit_entry_id.in_(ids)),
            execution_options={"synchronize_session": False},
        )
        self.add(actor, "audit.delete", "audit", before={"until": until.isoformat(), "entries": len(ids)})
        return len(ids)


def _text(values: Mapping[str, object] | None) -> str:
    return "" if values is None else json.dumps(dict(values), sort_keys=True, default=str)
