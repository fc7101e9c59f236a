"""The list of groups."""

from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.services.user_group_lists import UserGroupRow
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager

_NAME = "_admin/user_groups"


@dataclass(frozen=True, slots=True)
class UserGroupsPage:
    """A page of the groups that the visitor knows of and the filter leaves."""

    words: str
    may_create: bool
    rows: tuple[UserGroupRow, ...]
    total: int
    pager: Pager | None


def show_user_groups(context: SiteContext, request: Request) -> UserGroupsPage:
    """A page of the list."""
    page, words, viewer = request.page_number(), request.query_text("f"), request.visitor.viewer
    lists, size = request.services.user_group_lists, request.visitor.looks.admin_list_length
    found = lists.list_known(viewer, words, offset=(page - 1) * size, limit=size)
    pager = make_pager(page, size, found.total, lambda number: request.links.page(_NAME, f=words or None, page=number))
    may_create = request.services.allowances.can(viewer, Allowance.CREATE_USER_GROUPS)
    return UserGroupsPage(words, may_create, found.rows, found.total, pager)
