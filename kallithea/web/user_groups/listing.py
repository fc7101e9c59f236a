"""The list of groups."""

from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.services.user_group_lists import UserGroupRow
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

#: Groups on one page.
PAGE_SIZE = 50

_NAME = "_admin/user_groups"


@dataclass(frozen=True, slots=True)
class UserGroupsPage:
    """A page of the groups that the filter leaves. ``all``: they are not only those that the visitor owns."""

    words: str
    all: bool
    may_create: bool
    rows: tuple[UserGroupRow, ...]
    total: int
    pager: Pager | None


def show_user_groups(context: SiteContext, request: Request) -> UserGroupsPage:
    """A page of the list."""
    page, words, viewer = request.page_number(), request.query_text("f"), request.visitor.viewer
    found = request.services.user_group_lists.list_(
        owner_id=None if viewer.super_administrator else request.visitor.member_id,
        words=words,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    pager = make_pager(
        page, PAGE_SIZE, found.total, lambda number: request.links.page(_NAME, f=words or None, page=number)
    )
    may_create = request.services.allowances.can(viewer, Allowance.CREATE_USER_GROUPS)
    return UserGroupsPage(words, viewer.super_administrator, may_create, found.rows, found.total, pager)
