"""Creating repositories."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kallithea.core.errors import ForbiddenError, InvalidError
from kallithea.core.words import _
from kallithea.services.repository_creation import create_repository
from kallithea.services.scope import Services
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
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

    def change() -> str:
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
        with reading(request.application) as services:
            return request.links.repository(services.repositories.get_by_id(repository_id).path)

    def show_again(services: Services, problems: Mapping[str, str]) -> CreatePage:
        return replace(page, problems=problems)

    return change_or_show_again(request, change, show_again, also=(ForbiddenError,))


def _parse_kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError as problem:
        raise InvalidError({"kind": _("choose git or hg")}) from problem
