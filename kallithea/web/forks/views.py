"""Making a fork."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kallithea.core.allowances import Allowance
from kallithea.core.errors import ForbiddenError, InvalidError
from kallithea.core.names import find_segment_problem
from kallithea.core.words import _
from kallithea.services.fork_requests import Asked, ask_for_fork
from kallithea.services.scope import Services
from kallithea.services.work import reading
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class ForkPage:
    """The form with what was written into it. ``groups`` are the paths of the menu, the top of the site being empty.

    ``allowed``: the visitor may fork at all.

    ``problems`` are by field: ``group``, ``name``, ``description``.
    """

    path: str
    allowed: bool
    groups: tuple[str, ...]
    group: str
    name: str
    description: str
    private: bool
    problems: Mapping[str, str]


def show_fork(context: RepositoryContext, request: Request) -> ForkPage:
    """The form, with what the repository itself has."""
    row = context.repository
    groups, allowed = _find_groups(request, request.services), _is_allowed(request, request.services)
    group = _first_other(context, groups)
    return ForkPage(context.path, allowed, groups, group, context.name, row.description, row.private, {})


def fork(context: RepositoryContext, request: Request) -> ForkPage | Response:
    """Make the fork, or have it made, or show the form again and say what is wrong."""
    form = request.form
    page = ForkPage(
        context.path,
        True,
        (),
        form.get("repo_group", ""),
        form.get("repo_name", "").strip(),
        form.get("description", "").replace("\r\n", "\n").strip(),
        # a form that does not say so opens nothing
        form.get("private") != "0",
        {},
    )

    def change() -> str:
        asked = _ask(context, request, page)
        if asked.task_id is not None:
            return request.links.page(f"_tasks/{asked.task_id}")
        with reading(request.application) as services:
            return request.links.repository(services.repositories.get_by_id(asked.repository_id or 0).path)

    def show_again(services: Services, problems: Mapping[str, str]) -> ForkPage:
        allowed = _is_allowed(request, services)
        return replace(page, allowed=allowed, groups=_find_groups(request, services), problems=problems)

    return change_or_show_again(request, change, show_again)


def _ask(context: RepositoryContext, request: Request, page: ForkPage) -> Asked:
    """Raises InvalidError for fields, ConflictError, ForbiddenError where nobody is signed in."""
    user_id = request.visitor.user_id
    if user_id is None:
        raise ForbiddenError(_("Forks are made by those who are signed in."))
    problem = find_segment_problem(page.name)
    if problem is not None:
        raise InvalidError({"name": problem})
    with reading(request.application) as services:
        # whatever else was written, hidden or absent
        if page.group not in _find_groups(request, services):
            raise InvalidError({"group": _("you may not make repositories there; choose one of the menu")})
    return ask_for_fork(
        request.application,
        request.actor,
        request.visitor.viewer,
        user_id=user_id,
        source_id=context.repository.repository_id,
        path=f"{page.group}/{page.name}" if page.group else page.name,
        description=page.description,
        private=page.private,
    )


def _is_allowed(request: Request, services: Services) -> bool:
    return services.allowances.can(request.visitor.viewer, Allowance.FORK)


def _find_groups(request: Request, services: Services) -> tuple[str, ...]:
    return services.repository_groups.with_room(request.visitor.viewer)


def _first_other(context: RepositoryContext, groups: tuple[str, ...]) -> str:
    """A group where the name is not taken by the repository itself, if there is one."""
    own = context.path.rpartition("/")[0]
    return next((group for group in groups if group != own), own)
