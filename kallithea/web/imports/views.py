"""Having a repository made that begins with what another site has."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kallithea.core.errors import ForbiddenError, InvalidError
from kallithea.core.remote_addresses import PORTS, without_password
from kallithea.core.schedules import Schedule
from kallithea.core.words import _
from kallithea.services.remote_imports import ImportRequest, ask_for_import
from kallithea.services.scope import Services
from kallithea.vcs.types import Kind
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.schedules import SCHEDULES, parse_schedule


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The form with what was written into it, the password left out. ``schemes`` are what addresses may begin with.

    ``problems`` are by field: ``address``, ``kind``, ``user``, ``password``, ``name``, ``description``.
    """

    schemes: tuple[str, ...]
    address: str = ""
    kind: str = Kind.GIT.value
    user: str = ""
    name: str = ""
    description: str = ""
    private: bool = False
    schedule: str = Schedule.OFF.value
    had_password: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    schedules: tuple[tuple[Schedule, str], ...] = SCHEDULES


def show_import(context: SiteContext, request: Request) -> ImportPage:
    """The form; ``?repo_name=``, ``?repo_type=`` and ``?clone_uri=`` fill it in."""
    kind, defaults = request.query_text("repo_type"), request.services.site_documents.repository_defaults
    return ImportPage(
        _schemes(request),
        without_password(request.query_text("clone_uri")),
        name=request.query_text("repo_name"),
        kind=kind if kind in list(Kind) else defaults.kind,
        private=defaults.private,
    )


def import_repository(context: SiteContext, request: Request) -> ImportPage | Response:
    """Have the repository imported, or show the form again and say what is wrong."""
    form = request.form
    page = ImportPage(
        _schemes(request),
        form.get("clone_uri", "").strip(),
        form.get("repo_type", ""),
        form.get("user", "").strip(),
        form.get("repo_name", "").strip(),
        form.get("repo_description", "").replace("\r\n", "\n").strip(),
        bool(form.get("repo_private")),
        form.get("schedule", ""),
        bool(form.get("password")),
    )

    def change() -> str:
        return request.links.page(f"_tasks/{_ask(request, page, form.get('password', ''))}")

    def show_again(services: Services, problems: Mapping[str, str]) -> ImportPage:
        return replace(page, address=without_password(page.address), problems=problems)

    return change_or_show_again(request, change, show_again, also=(ForbiddenError,))


def _ask(request: Request, page: ImportPage, password: str) -> int:
    """Raises InvalidError, ConflictError, ForbiddenError."""
    user_id = request.visitor.user_id
    if user_id is None:
        raise ForbiddenError(_("Repositories are imported by those who are signed in."))
    if page.kind not in list(Kind):
        raise InvalidError({"kind": _("choose git or hg")})
    schedule = parse_schedule(page.schedule)
    asked = ImportRequest(
        Kind(page.kind), page.address, page.name, page.user, password, page.description, page.private, schedule
    )
    return ask_for_import(request.application, request.actor, request.visitor.viewer, user_id=user_id, request=asked)


def _schemes(request: Request) -> tuple[str, ...]:
    allowed = request.application.settings.remote_schemes
    return tuple(f"{scheme}://" for scheme in PORTS if scheme in allowed)
