"""Creating repositories."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, message_of
from kallithea.core.words import _
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class CreatePage:
    """The form with what was written into it; ``problems`` by field: ``name``, ``kind``, ``description``."""

    name: str = ""
    kind: str = Kind.GIT.value
    description: str = ""
    private: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


def show_create(context: SiteContext, request: Request) -> CreatePage:
    """The empty form; ``?group=`` says where the repository shall lie."""
    group = request.query.get("group", "").encode("utf-8", "replace").decode().strip("/")
    defaults = request.services.site_documents.repository_defaults
    return CreatePage(f"{group}/" if group else "", defaults.kind, private=defaults.private)


def create(context: SiteContext, request: Request) -> CreatePage | Response:
    """Make the repository, or show the form again and say what is wrong."""
    form, visitor = request.form, request.visitor
    page = CreatePage(
        form.get("repo_name", "").strip(),
        form.get("repo_type", ""),
        form.get("repo_description", "").strip(),
        bool(form.get("repo_private")),
    )
    try:
        repository_id = create_repository(
            request.application,
            request.actor,
            visitor.viewer,
            kind=_parse_kind(page.kind),
            path=form.get("repo_name", ""),
            owner_id=visitor.user_id,
            description=page.description,
            private=page.private,
        )
    except InvalidError as problem:
        return _again(request, page, 400, problem.problems)
    except ConflictError as problem:
        return _again(request, page, 409, {"name": message_of(problem)})
    except ForbiddenError as problem:
        return _again(request, page, 403, {"name": message_of(problem)})
    with reading(request.application) as services:
        path = services.repositories.get_by_id(repository_id).path
    return redirect(request.links.repository(path))


def _parse_kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError as problem:
        raise InvalidError({"kind": _("choose git or hg")}) from problem


def _again(request: Request, page: CreatePage, status: int, problems: Mapping[str, str]) -> CreatePage:
    request.response.status_int = status
    return CreatePage(page.name, page.kind, page.description, page.private, problems)
