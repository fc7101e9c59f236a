"""The general settings of a repository."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Level, RepositoryNode, Visibility
from kallithea.core.words import _
from kallithea.services.landing import parse_landing
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import RepositoryContext
from kallithea.web.repository_settings.forms import SettingsForm, read_form, stored_form
from kallithea.web.repository_settings.landing_choice import LandingChoice, find_landing_choice
from kallithea.web.request import Request
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark

_VISIBILITIES = {
    Visibility.PUBLIC: _("At present everybody may read it then, without an account: it is public."),
    Visibility.INTERNAL: _("At present everybody with an account may read it then: it is internal."),
    Visibility.PRIVATE: _(
        "At present nothing is granted to visitors or to all accounts, so it stays private even then."
    ),
}


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The form. ``groups`` are the paths of the menu, the top of the site being empty; ``problems`` are by field.

    ``open_words`` say who could read the repository if it were not private; ``landing`` is what can be chosen there.
    """

    path: str
    form: SettingsForm
    groups: tuple[str, ...]
    open_words: str
    landing: LandingChoice
    permanent_address: str
    record: RecordForm
    problems: Mapping[str, str]


def show_settings(context: RepositoryContext, request: Request) -> SettingsPage:
    """The form with what is stored."""
    return _make_page(context, request, request.services, stored_form(context, request.services), {})


def update(context: RepositoryContext, request: Request) -> SettingsPage | Response:
    """Change what is different, or show the form again and say what is wrong."""
    form = read_form(context, request)

    def save() -> str:
        with reading(request.application) as services:
            change = form.change(parse_landing(services, context.repository, form.landing))
        with writing(request.application) as services:
            viewer, repository_id = request.viewer_in(services), context.repository.repository_id
            settings = services.repository_settings
            row = settings.update(request.actor, viewer, repository_id, change, sent_mark(request))
            path, level = row.path, services.permissions.level(viewer, row)
        if level < Level.READ:
            return request.links.home()
        if level < Level.ADMIN:
            return request.links.repository(path)
        return request.links.repository(path, "settings", saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> SettingsPage:
        return _make_page(context, request, services, form, problems)

    return change_or_show_again(request, save, show_again)


def _make_page(
    context: RepositoryContext, request: Request, services: Services, form: SettingsForm, problems: Mapping[str, str]
) -> SettingsPage:
    row, viewer = context.repository, request.visitor.viewer
    group = context.path.rpartition("/")[0]
    as_open = RepositoryNode(row.repository_id, row.group_id, None, private=False)
    mark = services.repository_settings.mark(services.repositories.get_by_id(row.repository_id))
    return SettingsPage(
        context.path,
        form,
        tuple(sorted({group, *services.repository_groups.with_room(viewer)})),
        _VISIBILITIES[services.permissions.visibilities(viewer, [as_open])[row.repository_id]],
        find_landing_choice(context, request, services),
        request.links.absolute(request.links.repository(f"_{row.repository_id}")),
        make_record_form(request, problems, mark, _("The settings are saved.")),
        problems,
    )
