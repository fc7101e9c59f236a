"""Creating repository groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kallithea.core.errors import ForbiddenError
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class CreatePage:
    """The form with what was written into it; ``problems`` by field: ``name``."""

    name: str = ""
    description: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def show_create(context: SiteContext, request: Request) -> CreatePage:
    """The empty form; ``?group=`` says in which group the new one shall lie."""
    group = request.query.get("group", "").encode("utf-8", "replace").decode().strip("/")
    return CreatePage(name=f"{group}/" if group else "")


def create(context: SiteContext, request: Request) -> CreatePage | Response:
    """Make the group, or show the form again and say what is wrong. A failed attempt is no unit that commits."""
    form = request.form
    page = CreatePage(form.get("group_name", "").strip(), form.get("group_description", "").strip())

    def change() -> str:
        with writing(request.application) as services:
            owner = services.users.find_by_id(request.visitor.user_id) if request.visitor.user_id else None
            group = services.repository_groups.create(
                request.actor,
                request.viewer_in(services),
                path=form.get("group_name", ""),
                description=page.description,
                owner=owner,
            )
            return request.links.repository(group.path)

    def show_again(services: Services, problems: Mapping[str, str]) -> CreatePage:
        return replace(page, problems=problems)

    return change_or_show_again(request, change, show_again, also=(ForbiddenError,))
