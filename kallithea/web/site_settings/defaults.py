"""What new repositories have."""

from dataclasses import dataclass, fields

from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.core.site_documents import RepositoryDefaults, mark_of
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

NAME = "_admin/defaults"

_FIELDS = tuple(field.name for field in fields(RepositoryDefaults))


@dataclass(frozen=True, slots=True)
class DefaultsPage:
    """The form. ``was`` stands for what was seen; ``problem`` says why nothing was saved."""

    form: RepositoryDefaults
    was: str
    problem: str
    saved: bool


def show_defaults(context: SiteContext, request: Request) -> DefaultsPage:
    """The form with what is stored."""
    return _make_page(request, request.services)


def save_defaults(context: SiteContext, request: Request) -> DefaultsPage | Response:
    """Save what was chosen, or show the form again and say what is wrong."""
    form = request.form
    wanted = RepositoryDefaults(
        form.get("kind", ""), bool(form.get("private")), bool(form.get("downloads")), bool(form.get("statistics"))
    )
    try:
        with writing(request.application) as services:
            services.site_documents.change_repository_defaults(request.actor, form.get("was", ""), wanted)
    except InvalidError as problem:
        return _again(request, wanted, 422, " ".join(problem.problems.values()))
    except ConflictError as problem:
        return _again(request, wanted, 409, message_of(problem))
    return redirect(request.links.page(NAME, saved=1))


def _again(request: Request, wanted: RepositoryDefaults, status: int, problem: str) -> DefaultsPage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(request, services, wanted, problem)


def _make_page(
    request: Request, services: Services, wanted: RepositoryDefaults | None = None, problem: str = ""
) -> DefaultsPage:
    stored = services.site_documents.repository_defaults
    saved = wanted is None and "saved" in request.query
    return DefaultsPage(wanted or stored, mark_of(stored, _FIELDS), problem, saved)
