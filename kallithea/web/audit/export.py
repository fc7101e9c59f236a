"""The record of administration as a table for other programs."""

from collections.abc import Iterator

from kallithea.model.audit import AuditEntry
from kallithea.services.audit import AuditFilter
from kallithea.services.work import reading
from kallithea.web.answers import Response
from kallithea.web.audit.filter import read_filter
from kallithea.web.context import SiteContext
from kallithea.web.csv_files import send_csv
from kallithea.web.request import Request

_BATCH = 1000
_COLUMNS = ("id", "at", "actor", "actor_id", "way", "address", "action", "target", "before", "after")


def export_audit(context: SiteContext, request: Request) -> Response:
    """The entries that the filter leaves, newest first."""
    chosen = read_filter(request).chosen(request.reader.zone)
    return send_csv("audit.csv", _COLUMNS, (_values(entry) for entry in _list_all(request, chosen)))


def _list_all(request: Request, chosen: AuditFilter) -> Iterator[AuditEntry]:
    """In a unit for each batch: nobody waits for the database while this is written."""
    older_than = None
    while True:
        with reading(request.application) as services:
            batch = services.audit.list_(chosen, older_than=older_than, limit=_BATCH)
        yield from batch
        if len(batch) < _BATCH:
            return
        older_than = batch[-1].audit_entry_id


def _values(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.audit_entry_id,
        entry.at.isoformat(),
        entry.actor_name,
        entry.actor_id,
        entry.way,
        entry.address,
        entry.action,
        entry.target,
        entry.before,
        entry.after,
    )
