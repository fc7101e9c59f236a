"""All repositories, for the administrators of the site, and the same as a table for other programs."""

from collections.abc import Iterator
from dataclasses import dataclass

from kallithea.core.words import Text, _
from kallithea.services.repository_inventory import InventoryFilter, InventoryRow, RepositoryState
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from kallithea.web.answers import Response
from kallithea.web.context import SiteContext
from kallithea.web.csv_files import send_csv
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

NAME = "_admin/repositories"
_BATCH = 1000
_COLUMNS = ("id", "path", "kind", "private", "owner", "created", "updated", "fork", "remote")
_STATES: tuple[tuple[RepositoryState, Text], ...] = (
    (RepositoryState.ALL, _("Everything")),
    (RepositoryState.PRIVATE, _("Private")),
    (RepositoryState.FORKS, _("Forks")),
    (RepositoryState.REMOTE, _("Pulled from another site")),
    (RepositoryState.UNOWNED, _("Without owner")),
)


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """A page of the repositories that the filter leaves."""

    chosen: InventoryFilter
    is_filtered: bool
    states: tuple[tuple[RepositoryState, Text], ...]
    rows: tuple[InventoryRow, ...]
    total: int
    pager: Pager | None
    export_address: str


def show_inventory(context: SiteContext, request: Request) -> InventoryPage:
    """A page of the list."""
    page, chosen = request.page_number(), _read_filter(request)
    query = _query(chosen)
    size = request.visitor.looks.admin_list_length
    found, total = request.services.repository_inventory.list_(chosen, offset=(page - 1) * size, limit=size)
    return InventoryPage(
        chosen,
        any(query.values()),
        _STATES,
        found,
        total,
        make_pager(page, size, total, lambda number: request.links.page(NAME, **query, page=number)),
        request.links.page(f"{NAME}.csv", **query),
    )


def export_inventory(context: SiteContext, request: Request) -> Response:
    """The repositories that the filter leaves, in the order of their paths."""
    return send_csv("repositories.csv", _COLUMNS, map(_values, _list_all(request, _read_filter(request))))


def _list_all(request: Request, chosen: InventoryFilter) -> Iterator[InventoryRow]:
    """In a unit for each batch: nobody waits for the database while this is written."""
    after = ""
    while True:
        with reading(request.application) as services:
            batch = services.repository_inventory.list_after(chosen, after, limit=_BATCH)
        yield from batch
        if len(batch) < _BATCH:
            return
        after = batch[-1].path_key


def _values(row: InventoryRow) -> tuple[object, ...]:
    flags = ("yes" if flag else "no" for flag in (row.private, row.is_fork, row.has_remote))
    private, fork, remote = flags
    times = (row.created.isoformat(), row.updated.isoformat())
    return (row.repository_id, row.path, row.kind, private, row.owner, *times, fork, remote)


def _read_filter(request: Request) -> InventoryFilter:
    """The filter of the query; what cannot be one is left out."""
    kind, state = request.query_text("kind"), request.query_text("state")
    return InventoryFilter(
        request.query_text("f").strip(),
        Kind(kind) if kind in set(Kind) else None,
        RepositoryState(state) if state in set(RepositoryState) else RepositoryState.ALL,
        request.query_text("group").strip().strip("/"),
        request.query_text("owner").strip(),
    )


def _query(chosen: InventoryFilter) -> dict[str, str | None]:
    """The fields that are filled in, for addresses."""
    return {
        "f": chosen.words or None,
        "kind": chosen.kind.value if chosen.kind is not None else None,
        "state": chosen.state.value if chosen.state is not RepositoryState.ALL else None,
        "group": chosen.group or None,
        "owner": chosen.owner or None,
    }
