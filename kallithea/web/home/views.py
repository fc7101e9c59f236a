"""The list of repositories, of the site or of a group."""

from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.services.repositories import ALL, Order, RepositoryRow
from kallithea.services.repository_groups import GroupRow
from kallithea.vcs.types import Kind
from kallithea.web.context import GroupContext, SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.shell import Crumb

PAGE_SIZE = 50

# What addresses say of the order; without a word it is that of the last changes.
_SORTS: dict[str, Order] = {"name": "path", "owner": "owner"}


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What the visitor asked the list for; ``kind`` is empty for all, ``mine`` leaves what the visitor owns."""

    filter: str
    kind: str
    sort: Order
    mine: bool


@dataclass(frozen=True, slots=True)
class RepositoriesPage:
    """Repositories, and the groups beside them. ``path`` is the group's, empty for the whole site."""

    path: str
    title: str
    description: str
    crumbs: tuple[Crumb, ...]
    groups: tuple[GroupRow, ...]
    rows: tuple[RepositoryRow, ...]
    total: int
    options: ListOptions
    pager: Pager | None
    may_create: bool


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What this is."""

    title: str


def show_dashboard(context: SiteContext, request: Request) -> RepositoriesPage:
    """All repositories that the visitor may read."""
    return _make_page(request, None, "", "Repositories", "")


def show_group(context: GroupContext, request: Request) -> RepositoriesPage:
    """The repositories of a group and its sub-groups."""
    group = context.group
    return _make_page(request, group.repository_group_id, context.path, context.path, group.description)


def show_about(context: SiteContext, request: Request) -> AboutPage:
    """What this is, and under which licence."""
    return AboutPage(request.application.settings.title)


def _make_page(request: Request, group_id: int | None, path: str, title: str, description: str) -> RepositoriesPage:
    options, page, visitor = _read_options(request), request.page_number(), request.visitor
    found = request.services.repositories.list_(
        visitor.viewer,
        group_id=ALL if group_id is None else group_id,
        recursive=True,
        owned=options.mine,
        filter=options.filter,
        kind=Kind(options.kind) if options.kind else None,
        sort=options.sort,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    groups = request.services.repository_groups.subgroups(visitor.viewer, group_id)
    level = request.services.permissions.group_level(visitor.viewer, group_id) if visitor.signed_in else Level.NONE
    return RepositoriesPage(
        path,
        title,
        description,
        _make_crumbs(request, path),
        groups,
        found.rows,
        found.total,
        options,
        make_pager(page, PAGE_SIZE, found.total, lambda number: _address(request, path, options, number)),
        may_create=level >= Level.ADMIN,
    )


def _read_options(request: Request) -> ListOptions:
    query = request.query
    kind, sort = query.get("kind", ""), query.get("sort", "")
    known = kind if kind in set(Kind) else ""
    mine = request.visitor.signed_in and query.get("mine") == "1"
    return ListOptions(request.query_text("f"), known, _SORTS.get(sort, "updated"), mine)


def _address(request: Request, path: str, options: ListOptions, page: int) -> str:
    sort = next((word for word, order in _SORTS.items() if order == options.sort), None)
    mine = 1 if options.mine else None
    return request.links.page(path, f=options.filter, kind=options.kind, mine=mine, sort=sort, page=page)


def _make_crumbs(request: Request, path: str) -> tuple[Crumb, ...]:
    segments = path.split("/") if path else []
    return tuple(
        Crumb(name, request.links.repository("/".join(segments[: count + 1]))) for count, name in enumerate(segments)
    )
