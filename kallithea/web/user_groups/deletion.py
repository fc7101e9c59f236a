"""Deleting a group."""

from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.user_groups.fields import confirmation_field
from kallithea.web.user_groups.finding import get_user_group


@dataclass(frozen=True, slots=True)
class DeletePage:
    """How many are in the group, on how many targets it has grants, and the form."""

    user_group_id: int
    name: str
    members: int
    grants: int
    field: TextField


def show_delete(context: SiteContext, request: Request) -> DeletePage:
    """The form that asks for the name."""
    return _make_page(context, request, request.services, "", "")


def delete(context: SiteContext, request: Request) -> DeletePage | Response:
    """Delete the group if its name was typed."""
    typed = request.form.get("name", "").strip()
    with writing(request.application) as services:
        group = get_user_group(context, services, request.visitor.viewer)
        name = group.name
        if typed == name:
            services.user_groups.delete(request.actor, group)
            return redirect(request.links.page("_admin/user_groups"))
    request.response.status_int = 422
    with reading(request.application) as services:
        problem = _("Nothing was deleted. Write the name %(name)s.", name=name)
        return _make_page(context, request, services, typed, problem)


def _make_page(context: SiteContext, request: Request, services: Services, typed: str, problem: str) -> DeletePage:
    group, lists = get_user_group(context, services, request.visitor.viewer), services.user_group_lists
    return DeletePage(
        group.user_group_id,
        group.name,
        lists.count_members(group),
        lists.count_grants(group),
        confirmation_field(group.name, typed, problem),
    )
