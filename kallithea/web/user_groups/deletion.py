"""Deleting a group."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.confirmation import confirmation_field, require_confirmation
from kallithea.web.ui.fields import TextField
from kallithea.web.user_groups.finding import get_user_group


@dataclass(frozen=True, slots=True)
class DeletePage:
    """How many are in the group, on how many targets it has grants, and the form.

    Those are told to administrators of the site alone: others do not know of all targets. None for them.
    """

    user_group_id: int
    name: str
    members: int
    grants: int | None
    field: TextField


def show_delete(context: SiteContext, request: Request) -> DeletePage:
    """The form that asks for the name."""
    return _make_page(context, request, request.services, "", "")


def delete(context: SiteContext, request: Request) -> DeletePage | Response:
    """Delete the group if its name was typed."""
    typed = request.form.get("name", "").strip()

    def change() -> str:
        with writing(request.application) as services:
            group = get_user_group(context, services, request.viewer_in(services))
            require_confirmation(typed, group.name)
            services.user_groups.delete(request.actor, group)
        return request.links.page("_admin/user_groups")

    def show_again(services: Services, problems: Mapping[str, str]) -> DeletePage:
        return _make_page(context, request, services, typed, problems["name"])

    return change_or_show_again(request, change, show_again)


def _make_page(context: SiteContext, request: Request, services: Services, typed: str, problem: str) -> DeletePage:
    group, lists = get_user_group(context, services, request.visitor.viewer), services.user_group_lists
    return DeletePage(
        group.user_group_id,
        group.name,
        lists.count_members(group),
        lists.count_grants(group) if request.visitor.viewer.super_administrator else None,
        confirmation_field(group.name, typed, problem),
    )
