"""Who is in a group."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.errors import ConflictError, NotFoundError, message_of
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.user_groups.fields import member_field
from kallithea.web.user_groups.finding import get_user_group

#: Members on one page.
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class MembersPage:
    """A page of the members, and the form for one more."""

    user_group_id: int
    name: str
    active: bool
    members: Sequence[User]
    total: int
    pager: Pager | None
    field: TextField


def show_members(context: SiteContext, request: Request) -> MembersPage:
    """The members."""
    return _make_page(context, request, request.services, "", "")


def add_member(context: SiteContext, request: Request) -> MembersPage | Response:
    """Put somebody into the group, or say why not."""
    name = request.form.get("member", "").strip()
    try:
        with writing(request.application) as services:
            group = get_user_group(context, services, request.visitor.viewer)
            group_id = group.user_group_id
            services.user_groups.add(request.actor, group, services.users.get(name))
    except NotFoundError as problem:
        return _again(context, request, 422, name, message_of(problem))
    except ConflictError as problem:
        return _again(context, request, 409, name, message_of(problem))
    return redirect(request.links.page(f"_admin/user_groups/members/{group_id}"))


def remove_member(context: SiteContext, request: Request) -> MembersPage | Response:
    """Take somebody out of the group; whoever is out of it already stays out."""
    name = request.form.get("member", "").strip()
    try:
        with writing(request.application) as services:
            group = get_user_group(context, services, request.visitor.viewer)
            group_id = group.user_group_id
            services.user_groups.remove(request.actor, group, services.users.get(name))
    except NotFoundError as problem:
        return _again(context, request, 422, "", message_of(problem))
    return redirect(request.links.page(f"_admin/user_groups/members/{group_id}"))


def _again(context: SiteContext, request: Request, status: int, name: str, problem: str) -> MembersPage:
    """The page once more; what the visitor may not see is not found, whatever the problem is."""
    with reading(request.application) as services:
        page = _make_page(context, request, services, name, problem)
    request.response.status_int = status
    return page


def _make_page(context: SiteContext, request: Request, services: Services, typed: str, problem: str) -> MembersPage:
    group, page = get_user_group(context, services, request.visitor.viewer), request.page_number()
    found = services.user_groups.list_members(group, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    total, path = services.user_group_lists.count_members(group), f"_admin/user_groups/members/{group.user_group_id}"
    pager = make_pager(page, PAGE_SIZE, total, lambda number: request.links.page(path, page=number))
    return MembersPage(group.user_group_id, group.name, group.active, found, total, pager, member_field(typed, problem))
