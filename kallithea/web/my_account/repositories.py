"""The repositories that somebody follows, and what they may do with each that they may read."""

from dataclasses import dataclass

from kallithea.services.own_repositories import OwnRepository
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.allowance_lines import AllowanceLine, make_allowance_lines
from kallithea.web.ui.paging import Pager, make_pager

_WATCHED = "_admin/my_account/watched"
_PERMISSIONS = "_admin/my_account/perms"
#: Repositories on one page.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class OwnPermissionsPage:
    """What the visitor may do with repositories, a page of the list, and what they may make."""

    rows: tuple[OwnRepository, ...]
    total: int
    pager: Pager | None
    saved: str
    allowances: tuple[AllowanceLine, ...]


@dataclass(frozen=True, slots=True)
class OwnRepositoriesPage:
    """A page of a list; ``total`` is the length of the whole one."""

    rows: tuple[OwnRepository, ...]
    total: int
    pager: Pager | None
    saved: str = ""


def show_watched(context: SiteContext, request: Request) -> OwnRepositoriesPage:
    """What the visitor follows."""
    return _page(request, _WATCHED, followed=True)


def show_permissions(context: SiteContext, request: Request) -> OwnPermissionsPage:
    """What the visitor may do."""
    listed, services = _page(request, _PERMISSIONS, followed=False), request.services
    lines = make_allowance_lines(services.allowances.explain(request.visitor.viewer))
    return OwnPermissionsPage(listed.rows, listed.total, listed.pager, listed.saved, lines)


def show_own(context: SiteContext, request: Request) -> Response:
    """What the visitor owns is a part of the list of all repositories."""
    return redirect(request.links.home(show="mine"))


def _page(request: Request, name: str, *, followed: bool) -> OwnRepositoriesPage:
    page = request.page_number()
    rows, total = request.services.own_repositories.list_(
        request.visitor.viewer, followed=followed, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return OwnRepositoriesPage(
        rows, total, make_pager(page, PAGE_SIZE, total, lambda number: request.links.page(name, page=number))
    )
