"""The repositories that somebody follows, and what they may do with each that they may read."""

import dataclasses
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.errors import NotFoundError
from kallithea.core.watching import Watch
from kallithea.core.words import _
from kallithea.services.own_repositories import OwnRepository
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.allowance_lines import AllowanceLine, make_allowance_lines
from kallithea.web.ui.paging import Pager, make_pager

_WATCHED = "_admin/my_account/watched"
_PERMISSIONS = "_admin/my_account/perms"
_WATCHES = (
    (Watch.ALL, _("Everything")),
    (Watch.MENTIONS, _("What concerns me")),
    (Watch.NOTHING, _("Nothing")),
)
#: Repositories on one page, and groups.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class OwnRepositoriesPage:
    """A page of a list; ``total`` is the length of the whole one."""

    rows: tuple[OwnRepository, ...]
    total: int
    pager: Pager | None
    saved: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group of repositories, and the level on what is made in it."""

    path: str
    level: Level


@dataclass(frozen=True, slots=True)
class OwnPermissionsPage:
    """What the visitor may do with repositories, and on the first page in groups; ``more`` of these are not shown.

    ``allowances`` are what they may make at the top of the site.
    """

    repositories: OwnRepositoriesPage
    groups: tuple[OwnGroup, ...]
    more: int
    allowances: tuple[AllowanceLine, ...]
    saved: str = ""


def show_watched(context: SiteContext, request: Request) -> OwnRepositoriesPage:
    """What the visitor follows."""
    saved = _("Your choice is saved.") if request.query.get("saved") == "1" else ""
    return dataclasses.replace(_page(request, _WATCHED, followed=True), saved=saved, choices=_WATCHES)


def choose_watch(context: SiteContext, request: Request) -> Response:
    """What the visitor is told of a repository; of one that they may not read nothing is said."""
    services, form = request.services, request.form
    # with all groups known, a hidden repository takes no other statements than none
    services.permissions.tree(request.visitor.viewer)
    row = services.repositories.find(form.get("repository", ""))
    if row is None or services.permissions.level(request.visitor.viewer, row) < Level.READ:
        raise NotFoundError(_("There is no such repository."))
    services.followers.set_level(request.visitor.member_id, row.repository_id, form.get("level", ""))
    return redirect(request.links.page(_WATCHED, saved=1))


def show_permissions(context: SiteContext, request: Request) -> OwnPermissionsPage:
    """What the visitor may do."""
    groups = _groups(request) if request.page_number() == 1 else []
    return OwnPermissionsPage(
        _page(request, _PERMISSIONS, followed=False),
        tuple(groups[:PAGE_SIZE]),
        max(0, len(groups) - PAGE_SIZE),
        make_allowance_lines(request.services.allowances.explain(request.visitor.viewer)),
    )


def show_own(context: SiteContext, request: Request) -> Response:
    """What the visitor owns is a part of the list of all repositories."""
    return redirect(request.links.home(show="mine"))


def _groups(request: Request) -> list[OwnGroup]:
    """The groups in which the visitor may write or more, in the order of their paths."""
    services, viewer = request.services, request.visitor.viewer
    levels = (
        (row.path, services.permissions.group_level(viewer, row.group_id))
        for row in services.repository_groups.list_(viewer)
    )
    return [OwnGroup(path, level) for path, level in levels if level > Level.READ]


def _page(request: Request, name: str, *, followed: bool) -> OwnRepositoriesPage:
    page = request.page_number()
    rows, total = request.services.own_repositories.list_(
        request.visitor.viewer, followed=followed, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return OwnRepositoriesPage(
        rows, total, make_pager(page, PAGE_SIZE, total, lambda number: request.links.page(name, page=number))
    )
