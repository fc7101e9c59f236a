"""Where a repository is pulled from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kallithea.core.errors import ForbiddenError
from kallithea.core.remote_addresses import without_password
from kallithea.core.words import _
from kallithea.services.remote_pulls import ask_for_pull
from kallithea.services.remote_rules import allowed_schemes, parse_address, parse_credentials
from kallithea.services.remotes import RemoteChange, ShownRemote
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.answers import Response, redirect
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark
from kallithea.web.ui.schedules import SCHEDULES, parse_schedule

_NAME = "settings/remote"


@dataclass(frozen=True, slots=True)
class RemoteForm:
    """What is typed into the form, the password left out; ``forget`` removes the stored one."""

    address: str = ""
    schedule: str = "off"
    user: str = ""
    forget: bool = False


@dataclass(frozen=True, slots=True)
class RemotePage:
    """The remote as it is stored, or None, and the form. ``schemes`` are what addresses may begin with.

    ``problems`` are by field: ``address``, ``user``, ``password``.
    """

    path: str
    schemes: tuple[str, ...]
    stored: ShownRemote | None
    form: RemoteForm
    record: RecordForm
    problems: Mapping[str, str]
    schedules: tuple[tuple[str, str], ...] = SCHEDULES


def show_remote(context: RepositoryContext, request: Request) -> RemotePage:
    """The form with what is stored."""
    services = request.services
    stored = _find(context, services)
    form = RemoteForm(stored.address, stored.schedule.value) if stored is not None else RemoteForm()
    return _make_page(context, request, services, stored, form, {})


def update_remote(context: RepositoryContext, request: Request) -> RemotePage | Response:
    """Store what the form says, or show it again and say what is wrong."""
    form = request.form
    typed = RemoteForm(
        form.get("clone_uri", "").strip(),
        form.get("schedule", ""),
        form.get("user", "").strip(),
        bool(form.get("forget")),
    )

    def save() -> str:
        change = _parse(context, request, typed)
        with writing(request.application) as services:
            viewer, repository_id = request.viewer_in(services), context.repository.repository_id
            services.remotes.update(request.actor, viewer, repository_id, change, sent_mark(request))
        return request.links.repository(context.path, _NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> RemotePage:
        shown = replace(typed, address=without_password(typed.address))
        return _make_page(context, request, services, _find(context, services), shown, problems)

    return change_or_show_again(request, save, show_again, field="address")


def remove_remote(context: RepositoryContext, request: Request) -> Response:
    """Forget the remote."""
    with writing(request.application) as services:
        services.remotes.remove(request.actor, request.viewer_in(services), context.repository.repository_id)
    return redirect(request.links.repository(context.path, _NAME, saved=1))


def pull(context: RepositoryContext, request: Request) -> Response:
    """Have the repository pulled now."""
    user_id = request.visitor.user_id
    if user_id is None:
        raise ForbiddenError(_("Repositories are pulled by those who are signed in."))
    task_id = ask_for_pull(
        request.application,
        request.actor,
        request.visitor.viewer,
        user_id=user_id,
        repository_id=context.repository.repository_id,
    )
    return redirect(request.links.page(f"_tasks/{task_id}"))


def _parse(context: RepositoryContext, request: Request, typed: RemoteForm) -> RemoteChange:
    """Raises InvalidError."""
    address = parse_address(request.application.settings, Kind(context.repository.kind), typed.address)
    credentials = parse_credentials(address, typed.user, request.form.get("password", ""))
    return RemoteChange(address, parse_schedule(typed.schedule), credentials, typed.forget)


def _find(context: RepositoryContext, services: Services) -> ShownRemote | None:
    return services.remotes.find(context.repository.repository_id)


def _make_page(
    context: RepositoryContext,
    request: Request,
    services: Services,
    stored: ShownRemote | None,
    form: RemoteForm,
    problems: Mapping[str, str],
) -> RemotePage:
    kind = Kind(context.repository.kind)
    schemes = tuple(f"{scheme}://" for scheme in allowed_schemes(request.application.settings, kind))
    mark = services.remotes.mark(stored)
    record = make_record_form(request, problems, mark, _("The remote is saved."))
    return RemotePage(context.path, schemes, stored, form, record, problems)
