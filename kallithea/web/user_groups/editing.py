"""Changing what a group is called, who owns it, and whether it counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.services.scope import Services
from kallithea.services.user_groups import UserGroupChange
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.user_groups.fields import group_fields
from kallithea.web.user_groups.finding import get_user_group, may_change
from kallithea.web.user_groups.owners import find_owner

Typed = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form. ``name`` is the stored one; ``refused``: something is wrong with what was written."""

    user_group_id: int
    name: str
    fields: tuple[TextField, ...]
    active: bool
    saved: bool
    refused: bool


def show_edit(context: SiteContext, request: Request) -> EditPage:
    """The form with what is stored."""
    return _make_page(context, request, request.services, None, {}, saved="saved" in request.query)


def update(context: SiteContext, request: Request) -> EditPage | Response:
    """Change the group, or show the form again and say what is wrong."""
    form = request.form
    typed = (form.get("name", "").strip(), form.get("description", "").strip(), form.get("owner", "").strip())
    active = bool(form.get("active"))
    try:
        with writing(request.application) as services:
            group = get_user_group(context, services, request.visitor.viewer)
            change = UserGroupChange(typed[0], typed[1], find_owner(services, typed[2]), active)
            services.user_groups.update(request.actor, group, change)
            group_id, still_there = group.user_group_id, may_change(request.visitor.viewer, group)
    except InvalidError as problem:
        return _again(context, request, (typed, active), 422, problem.problems)
    except ConflictError as problem:
        return _again(context, request, (typed, active), 409, {"name": message_of(problem)})
    links = request.links
    return redirect(
        links.page(f"_admin/user_groups/edit/{group_id}", saved=1) if still_there else links.page("_admin/user_groups")
    )


def _again(
    context: SiteContext, request: Request, form: tuple[Typed, bool], status: int, problems: Mapping[str, str]
) -> EditPage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(context, request, services, form, problems)


def _make_page(
    context: SiteContext,
    request: Request,
    services: Services,
    form: tuple[Typed, bool] | None,
    problems: Mapping[str, str],
    *,
    saved: bool = False,
) -> EditPage:
    group = get_user_group(context, services, request.visitor.viewer)
    owner = None if group.owner_id is None else services.users.find_by_id(group.owner_id)
    typed, active = form or ((group.name, group.description, owner.name if owner is not None else ""), group.active)
    return EditPage(group.user_group_id, group.name, group_fields(*typed, problems), active, saved, bool(problems))
