"""Who changed what in the administration of the site."""

import json
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.model.audit import AuditEntry
from kallithea.web.audit.filter import FilterForm, read_filter
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

#: Entries on one page.
PAGE_SIZE = 50

_MOST_DIGITS = 18

#: What entries are about, as the menu of the filter has it.
_KINDS = (
    ("user", _("Accounts")),
    ("user-group", _("User groups")),
    ("permission", _("Permissions")),
    ("token", _("Tokens")),
    ("repository", _("Repositories")),
    ("repository-group", _("Repository groups")),
    ("setting", _("Settings of the site")),
    ("job", _("Jobs")),
    ("audit", _("Audit log")),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after; a side is empty where there was, or is, none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry, and what it changed."""

    entry: AuditEntry
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the record. Addresses of neighbours are None where there are none."""

    form: FilterForm
    kinds: tuple[tuple[str, str], ...]
    rows: tuple[AuditRow, ...]
    first_address: str | None
    older_address: str | None
    export_address: str


def show_audit(context: SiteContext, request: Request) -> AuditPage:
    """The entries that the filter leaves, newest first."""
    form, older_than = read_filter(request), _entry_id(request.query.get("older", ""))
    chosen = form.chosen(request.reader.zone)
    found = request.services.audit.list_(chosen, older_than=older_than, limit=PAGE_SIZE + 1)
    rows = tuple(AuditRow(entry, _find_changes(entry)) for entry in found[:PAGE_SIZE])
    links, has_more = request.links, len(found) > PAGE_SIZE
    return AuditPage(
        form,
        _KINDS,
        rows,
        links.page("_admin", **form.query) if older_than is not None else None,
        links.page("_admin", **form.query, older=rows[-1].entry.audit_entry_id) if has_more else None,
        links.page("_admin/audit.csv", **form.query),
    )


def _entry_id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def _find_changes(entry: AuditEntry) -> tuple[Change, ...]:
    before, after = _values(entry.before), _values(entry.after)
    return tuple(
        Change(name, _word(before.get(name)), _word(after.get(name)))
        for name in (*before, *(name for name in after if name not in before))
        if _word(before.get(name)) != _word(after.get(name))
    )


def _values(text: str) -> dict[str, object]:
    return dict(json.loads(text)) if text else {}


def _word(value: object) -> str:
    """A value as it stands in the record, without the quotes of a text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
