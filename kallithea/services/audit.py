"""The append-only record of administration."""

import datetime
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.model.audit import AuditEntry

_WIDTH = 255


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

    def list_(self, *, offset: int = 0, limit: int = 100) -> Sequence[AuditEntry]:
        """Entries, newest first."""
        newest = select(AuditEntry).order_by(AuditEntry.audit_entry_id.desc()).offset(offset).limit(limit)
        return self._session.scalars(newest).all()


def _text(values: Mapping[str, object] | None) -> str:
    return "" if values is None else json.dumps(dict(values), sort_keys=True, default=str)
