"""What new repositories have."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from kallithea.core.record_marks import mark_of
from kallithea.core.site_documents import RepositoryDefaults, values_of
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark

NAME = "_admin/defaults"

_FIELDS = tuple(field.name for field in fields(RepositoryDefaults))


@dataclass(frozen=True, slots=True)
class DefaultsPage:
    """The form."""

    form: RepositoryDefaults
    landing: TextField
    record: RecordForm


def show_defaults(context: SiteContext, request: Request) -> DefaultsPage:
    """The form with what is stored."""
    return _make_page(request, request.services)


def save_defaults(context: SiteContext, request: Request) -> DefaultsPage | Response:
    """Save what was chosen, or show the form again and say what is wrong."""
    form = request.form
    wanted = RepositoryDefaults(
        form.get("kind", ""),
        bool(form.get("private")),
        bool(form.get("downloads")),
        bool(form.get("statistics")),
        form.get("landing", "").strip(),
    )

    def change() -> str:
        with writing(request.application) as services:
            services.site_documents.change_repository_defaults(request.actor, sent_mark(request), wanted)
        return request.links.page(NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> DefaultsPage:
        return _make_page(request, services, wanted, problems)

    return change_or_show_again(request, change, show_again, field="")


def _make_page(
    request: Request,
    services: Services,
    wanted: RepositoryDefaults | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
) -> DefaultsPage:
    stored = services.site_documents.repository_defaults
    form = wanted or stored
    hint = _("A branch, bookmark or tag. Empty, or where there is none of this name: the repository's own.")
    landing = TextField("landing", _("Pages begin with"), form.landing, problems.get("landing", ""), hint, longest=200)
    mark = mark_of(values_of(stored, _FIELDS))
    return DefaultsPage(form, landing, make_record_form(request, problems, mark, _("The settings are saved.")))
