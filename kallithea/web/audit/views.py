"""Who changed what in the administration of the site."""

from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.web.audit.filter import FilterForm, read_filter
from kallithea.web.context import SiteContext
from kallithea.web.ids import OF_EVENTS, parse_id
from kallithea.web.request import Request
from kallithea.web.ui.audit_rows import AuditRow, make_audit_row

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
    form, older_than = read_filter(request), parse_id(request.query.get("older", ""), OF_EVENTS)
    chosen = form.chosen(request.reader.zone)
    size = request.visitor.looks.admin_list_length
    found = request.services.audit.list_(chosen, older_than=older_than, limit=size + 1)
    rows = tuple(map(make_audit_row, found[:size]))
    links, has_more = request.links, len(found) > size
    return AuditPage(
        form,
        _KINDS,
        rows,
        links.page("_admin", **form.query) if older_than is not None else None,
        links.page("_admin", **form.query, older=rows[-1].entry.audit_entry_id) if has_more else None,
        links.page("_admin/audit.csv", **form.query),
    )
