"""Creating repository groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, message_of
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
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
    try:
        with writing(request.application) as services:
            owner = services.users.find_by_id(request.visitor.user_id) if request.visitor.user_id else None
            group = services.repository_groups.create(
                request.actor,
                request.visitor.viewer,
                path=form.get("group_name", ""),
                description=page.description,
                owner=owner,
            )
            path = group.path
    except InvalidError as problem:
        return _again(request, page, 400, problem.problems)
    except ConflictError as problem:
        return _again(request, page, 409, {"name": message_of(problem)})
    except ForbiddenError as problem:
        return _again(request, page, 403, {"name": message_of(problem)})
    return redirect(request.links.repository(path))


def _again(request: Request, page: CreatePage, status: int, problems: Mapping[str, str]) -> CreatePage:
    request.response.status_int = status
    return CreatePage(page.name, page.description, problems)
