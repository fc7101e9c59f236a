"""Making a group."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.user_groups.fields import group_fields
from kallithea.web.user_groups.owners import find_owner


@dataclass(frozen=True, slots=True)
class CreatePage:
    """The form with what was written into it. ``refused``: something is wrong with it."""

    fields: tuple[TextField, ...]
    refused: bool


def show_create(context: SiteContext, request: Request) -> CreatePage:
    """The form, with who asks as the owner."""
    return _make_page(("", "", request.visitor.name), {})


def create(context: SiteContext, request: Request) -> CreatePage | Response:
    """Make the group, or show the form again and say what is wrong."""
    form = request.form
    typed = (form.get("name", "").strip(), form.get("description", "").strip(), form.get("owner", "").strip())
    name, description, owner = typed
    try:
        with writing(request.application) as services:
            group = services.user_groups.create(
                request.actor, name=name, description=description, owner=find_owner(services, owner)
            )
            group_id = group.user_group_id
    except InvalidError as problem:
        request.response.status_int = 422
        return _make_page(typed, problem.problems)
    except ConflictError as problem:
        request.response.status_int = 409
        return _make_page(typed, {"name": message_of(problem)})
    return redirect(request.links.page(f"_admin/user_groups/members/{group_id}"))


def _make_page(typed: tuple[str, str, str], problems: Mapping[str, str]) -> CreatePage:
    return CreatePage(group_fields(*typed, problems), bool(problems))
