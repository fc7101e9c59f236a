"""Who is in a group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.errors import NotFoundError
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.named_users import get_active_user
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.user_groups.fields import member_field
from kallithea.web.user_groups.finding import find_user_group, get_user_group

#: Members on one page.
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class MembersPage:
    """A page of the members, and the form for one more. ``level`` is that of who asks."""

    user_group_id: int
    name: str
    active: bool
    level: Level
    members: Sequence[User]
    total: int
    pager: Pager | None
    field: TextField

    @property
    def may_change(self) -> bool:
        """Whether who asks may put accounts in and take them out."""
        return self.level >= Level.WRITE


def show_members(context: SiteContext, request: Request) -> MembersPage:
    """The members."""
    return _make_page(context, request, request.services, "", "")


def add_member(context: SiteContext, request: Request) -> MembersPage | Response:
    """Put somebody into the group, or say why not."""

    def add(services: Services, group: UserGroup, name: str) -> None:
        services.user_groups.add(request.actor, group, get_active_user(services, "member", name))

    return _change(context, request, add)


def remove_member(context: SiteContext, request: Request) -> MembersPage | Response:
    """Take somebody out of the group; whoever is out of it already stays out."""

    def remove(services: Services, group: UserGroup, name: str) -> None:
        services.user_groups.remove(request.actor, group, services.user_groups.get_member(group, name))

    return _change(context, request, remove)


def _change(
    context: SiteContext, request: Request, make: Callable[[Services, UserGroup, str], None]
) -> MembersPage | Response:
    name = request.form.get("member", "").strip()

    def change() -> str:
        with writing(request.application) as services:
            group = get_user_group(context, services, request.viewer_in(services), Level.WRITE)
            make(services, group, name)
            return request.links.page(f"_admin/user_groups/members/{group.user_group_id}")

    def show_again(services: Services, problems: Mapping[str, str]) -> MembersPage:
        return _make_page(context, request, services, name, problems["member"])

    return change_or_show_again(request, change, show_again, field="member", also=(NotFoundError,))


def _make_page(context: SiteContext, request: Request, services: Services, typed: str, problem: str) -> MembersPage:
    viewer, page = request.visitor.viewer, request.page_number()
    group, level = services.user_group_rights.find(viewer, find_user_group(context, services))
    found = services.user_groups.list_members(group, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    total, path = services.user_group_lists.count_members(group), f"_admin/user_groups/members/{group.user_group_id}"
    pager = make_pager(page, PAGE_SIZE, total, lambda number: request.links.page(path, page=number))
    return MembersPage(
        group.user_group_id,
        group.name,
        group.active,
        level,
        found,
        total,
        pager,
        member_field(typed, problem),
    )
