"""Who changed what in administration: append only, written in the transaction of the change."""

import datetime
from typing import Any, NoReturn

from sqlalchemy import String, event
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Id, Long, Name, Table


class AuditEntry(Table):
    """One change. ``before`` and ``after`` are JSON text without secrets. No foreign keys: an entry never changes."""

    __tablename__ = "audit"

    audit_entry_id: Mapped[Id]
    at: Mapped[datetime.datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(40), index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[Name]
    way: Mapped[str] = mapped_column(String(20))
    address: Mapped[Name]
    target: Mapped[Name]
    before: Mapped[Long] = mapped_column(default="")
    after: Mapped[Long] = mapped_column(default="")


def _refuse(_mapper: Any, _connection: Any, entry: AuditEntry) -> NoReturn:
    raise TypeError(f"entry {entry.audit_entry_id} of the audit log is final")


# Old entries go all together, by a statement of their own.
event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)
