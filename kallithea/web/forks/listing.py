"""The list of a repository's forks."""

from dataclasses import dataclass

from kallithea.services.repository_lists import RepositoryRow
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

#: Forks on one page.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ForksPage:
    """The forks that the visitor may read, the last changed first."""

    path: str
    rows: tuple[RepositoryRow, ...]
    total: int
    pager: Pager | None


def show_forks(context: RepositoryContext, request: Request) -> ForksPage:
    """A page of the list."""
    page = request.page_number()
    found = request.services.repository_lists.list_(
        request.visitor.viewer,
        fork_of_id=context.repository.repository_id,
        sort="updated",
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    pager = make_pager(
        page, PAGE_SIZE, found.total, lambda number: request.links.repository(context.path, "forks", page=number)
    )
    return ForksPage(context.path, found.rows, found.total, pager)
