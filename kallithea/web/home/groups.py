"""The list of all groups of repositories."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.core.names import name_key
from kallithea.services.repository_groups import GroupRow
from kallithea.web.context import SiteContext
from kallithea.web.home.side import Side, make_side
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

#: Groups on one page.
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Groups that the visitor may know of, in the order of their paths, as far as they fit the ``filter``."""

    side: Side
    rows: tuple[GroupRow, ...]
    total: int
    filter: str
    pager: Pager | None
    may_create: bool


def show_groups(context: SiteContext, request: Request) -> GroupsPage:
    """A page of the list."""
    services, viewer = request.services, request.visitor.viewer
    page, wanted = request.page_number(), request.query_text("f")
    rows = _having(services.repository_groups.list_(viewer), wanted)
    may_create = request.visitor.signed_in and services.allowances.can(viewer, Allowance.CREATE_REPOSITORY_GROUPS)
    return GroupsPage(
        make_side(request, services.repository_groups.overview(viewer), None, None, ""),
        tuple(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        len(rows),
        wanted,
        make_pager(
            page, PAGE_SIZE, len(rows), lambda number: request.links.page("_groups", f=wanted or None, page=number)
        ),
        may_create=may_create,
    )


def _having(rows: Sequence[GroupRow], wanted: str) -> Sequence[GroupRow]:
    """Those with this in their path or description, whatever its case."""
    key, words = name_key(wanted), wanted.casefold()
    return [row for row in rows if key in name_key(row.path) or words in row.description.casefold()] if wanted else rows
