"""Making a group."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.allowances import Allowance
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.named_users import find_owner
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.user_groups.fields import group_fields
from kallithea.web.user_groups.finding import page_of


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

    def change() -> str:
        with writing(request.application) as services:
            group = services.user_groups.create(
                request.actor,
                request.viewer_in(services),
                name=name,
                description=description,
                owner=find_owner(services, "owner", owner),
            )
            return page_of(request, services, group, "members", Level.READ)

    def show_again(services: Services, problems: Mapping[str, str]) -> CreatePage:
        return _make_page(typed, problems)

    return change_or_show_again(request, change, show_again)


def _make_page(typed: tuple[str, str, str], problems: Mapping[str, str]) -> CreatePage:
    return CreatePage(group_fields(*typed, problems), bool(problems))
