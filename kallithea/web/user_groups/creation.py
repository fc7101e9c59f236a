"""Making a group."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.user_groups.fields import group_fields
from kallithea.web.user_groups.finding import may_change
from kallithea.web.user_groups.owners import find_owner


@dataclass(frozen=True, slots=True)
class CreatePage:
    """The form with what was written into it. ``refused``: something is wrong with it."""

    fields: tuple[TextField, ...]
    refused: bool


def show_create(context: SiteContext, request: Request) -> CreatePage:
    """The form, with who asks as the owner. Raises ForbiddenError for who may not make groups."""
    request.services.allowances.require(request.visitor.viewer, Allowance.CREATE_USER_GROUPS)
    return _make_page(("", "", request.visitor.name), {})


def create(context: SiteContext, request: Request) -> CreatePage | Response:
    """Make the group, or show the form again and say what is wrong."""
    form = request.form
    typed = (form.get("name", "").strip(), form.get("description", "").strip(), form.get("owner", "").strip())
    name, description, owner = typed
    try:
        with writing(request.application) as services:
            group = services.user_groups.create(
                request.actor,
                request.visitor.viewer,
                name=name,
                description=description,
                owner=find_owner(services, owner),
            )
            group_id, still_there = group.user_group_id, may_change(request.visitor.viewer, group)
    except InvalidError as problem:
        request.response.status_int = 422
        return _make_page(typed, problem.problems)
    except ConflictError as problem:
        request.response.status_int = 409
        return _make_page(typed, {"name": message_of(problem)})
    name = "_admin/user_groups"
    return redirect(request.links.page(f"{name}/members/{group_id}" if still_there else name))


def _make_page(typed: tuple[str, str, str], problems: Mapping[str, str]) -> CreatePage:
    return CreatePage(group_fields(*typed, problems), bool(problems))
