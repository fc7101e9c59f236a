"""The list of repositories, of the site or of a group, and what this is."""

from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.allowances import Allowance
from kallithea.core.words import _
from kallithea.services.repository_lists import ALL, RepositoryList, RepositoryRow
from kallithea.web.context import GroupContext, SiteContext
from kallithea.web.home.options import (
    SORTS,
    Heading,
    ListOptions,
    Option,
    Part,
    make_heading,
    make_sort_menu,
    make_visibility_menu,
    read_options,
)
from kallithea.web.home.side import Side, make_side
from kallithea.web.links import Links
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

PAGE_SIZE = 50

_TITLES = {Part.ALL: _("Repositories"), Part.FOLLOWED: _("Followed repositories"), Part.MINE: _("My repositories")}


@dataclass(frozen=True, slots=True)
class Headings:
    """The heads of the columns by which a list can be sorted."""

    name: Heading
    owner: Heading
    updated: Heading


@dataclass(frozen=True, slots=True)
class RepositoriesPage:
    """Repositories, and what is beside them. ``path`` is the group's, empty for the whole site.

    ``clear_address`` leads to the same list without its filter.
    """

    path: str
    title: str
    description: str
    side: Side
    rows: tuple[RepositoryRow, ...]
    total: int
    options: ListOptions
    sorts: tuple[Option, ...]
    visibilities: tuple[Option, ...]
    headings: Headings
    pager: Pager | None
    clear_address: str
    may_create: bool


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What this is."""

    title: str


def show_dashboard(context: SiteContext, request: Request) -> RepositoriesPage:
    """All repositories that the visitor may read."""
    return _make_page(request, read_options(request), None, "", "")


def show_group(context: GroupContext, request: Request) -> RepositoriesPage:
    """The repositories of a group and its sub-groups."""
    group = context.group
    return _make_page(request, read_options(request), group.repository_group_id, context.path, group.description)


def show_about(context: SiteContext, request: Request) -> AboutPage:
    """What this is, and under which licence."""
    return AboutPage(request.site_title)


def _make_page(
    request: Request, options: ListOptions, group_id: int | None, path: str, description: str
) -> RepositoriesPage:
    visitor, links, page = request.visitor, request.links, request.page_number()
    found = _find(request, options, group_id, page)
    overview = request.services.repository_groups.overview(visitor.viewer)
    return RepositoriesPage(
        path,
        path.rpartition("/")[2] or _TITLES[options.part],
        description,
        make_side(request, overview, None if path else options.part, group_id, path),
        found.rows,
        found.total,
        options,
        make_sort_menu(options),
        make_visibility_menu(options),
        _make_headings(options, links, path),
        make_pager(page, visitor.looks.list_length, found.total, lambda number: options.address(links, path, number)),
        links.page(path, show=options.part or None),
        may_create=_may_create(request, group_id),
    )


def _may_create(request: Request, group_id: int | None) -> bool:
    """Whether the visitor makes repositories here."""
    visitor, services = request.visitor, request.services
    if group_id is None:
        return visitor.signed_in and services.allowances.can(visitor.viewer, Allowance.CREATE_REPOSITORIES)
    return visitor.signed_in and services.permissions.group_level(visitor.viewer, group_id) == Level.ADMIN


def _make_headings(options: ListOptions, links: Links, path: str) -> Headings:
    return Headings(
        make_heading(options, links, path, "name", _("Repository")),
        make_heading(options, links, path, "owner", _("Owner")),
        make_heading(options, links, path, "updated", _("Last change")),
    )


def _find(request: Request, options: ListOptions, group_id: int | None, page: int) -> RepositoryList:
    sort = SORTS[options.sort]
    return request.services.repository_lists.list_(
        request.visitor.viewer,
        group_id=ALL if group_id is None else group_id,
        recursive=True,
        owned=options.part is Part.MINE,
        followed=options.part is Part.FOLLOWED,
        filter=options.filter,
        kind=options.kind,
        visibility=options.visibility,
        sort=sort.order,
        backwards=sort.backwards,
        offset=(page - 1) * request.visitor.looks.list_length,
        limit=request.visitor.looks.list_length,
    )
