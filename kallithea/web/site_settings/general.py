"""What the site is called, and how long its lists are."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kallithea.core.clone_addresses import NAMES
from kallithea.core.record_marks import mark_of
from kallithea.core.site_documents import values_of
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.record_forms import RecordForm, make_record_form, sent_mark

NAME = "_admin/settings"

_SWITCHES = ("shows_version", "shows_fields", "shows_avatars")
_LENGTHS = {
    "list_length": _("Repositories on a page"),
    "admin_list_length": _("Rows on a page of administration"),
}
_FIELDS = ("title", *_LENGTHS, "clone_address", *_SWITCHES)
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """What was written into the form."""

    title: str
    lengths: Mapping[str, str]
    clone_address: str
    switches: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class GeneralPage:
    """The form. ``switches`` by their names; the first is about the version."""

    fields: tuple[TextField, ...]
    switches: Mapping[str, bool]
    record: RecordForm


def show_general(context: SiteContext, request: Request) -> GeneralPage:
    """The form with what is stored."""
    return _make_page(request, request.services)


def save_general(context: SiteContext, request: Request) -> GeneralPage | Response:
    """Save what was written, or show the form again and say what is wrong."""
    form = request.form
    typed = Typed(
        form.get("title", "").strip(),
        {name: form.get(name, "").strip() for name in _LENGTHS},
        form.get("clone_address", "").strip(),
        {name: bool(form.get(name)) for name in _SWITCHES},
    )
    lengths = {name: _parse_length(text) for name, text in typed.lengths.items()}
    texts = {"title": typed.title, "clone_address": typed.clone_address}
    change: dict[str, object] = {**texts, **lengths, **typed.switches}

    def save() -> str:
        with writing(request.application) as services:
            services.site_documents.change_looks(request.actor, sent_mark(request), change)
        return request.links.page(NAME, saved=1)

    def show_again(services: Services, problems: Mapping[str, str]) -> GeneralPage:
        return _make_page(request, services, typed, problems)

    return change_or_show_again(request, save, show_again, field="")


def _parse_length(text: str) -> int:
    """The number, 0 for what is none."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def _make_page(
    request: Request,
    services: Services,
    typed: Typed | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
) -> GeneralPage:
    looks = services.site_documents.looks
    switches = {name: bool(getattr(looks, name)) for name in _SWITCHES}
    lengths = {name: str(getattr(looks, name)) for name in _LENGTHS}
    form = typed or Typed(looks.title, lengths, looks.clone_address, switches)
    hint = _("Empty: %(title)s, as the .ini has it.", title=request.application.settings.title)
    fields = (
        TextField("title", _("Title of the site"), form.title, problems.get("title", ""), hint, longest=60),
        *(
            TextField(name, label, form.lengths[name], problems.get(name, ""), kind="number", required=True, longest=3)
            for name, label in _LENGTHS.items()
        ),
        TextField(
            "clone_address",
            _("Clone address"),
            form.clone_address,
            problems.get("clone_address", ""),
            _("Empty: where the page is read. In braces: %(names)s.", names=", ".join(NAMES)),
            longest=500,
        ),
    )
    mark = mark_of(values_of(looks, _FIELDS))
    record = make_record_form(request, problems, mark, _("The settings are saved."))
    return GeneralPage(fields, form.switches, record)
