"""What the site is called, and how long its lists are."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.errors import ConflictError, InvalidError, message_of
from kallithea.core.site_documents import mark_of
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField

NAME = "_admin/settings"

_FIELDS = ("title", "list_length", "shows_version")
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """What was written into the form."""

    title: str
    list_length: str
    shows_version: bool


@dataclass(frozen=True, slots=True)
class GeneralPage:
    """The form. ``was`` stands for what was seen; ``refused``: something is wrong with what was written."""

    fields: tuple[TextField, ...]
    shows_version: bool
    was: str
    problem: str
    refused: bool
    saved: bool


def show_general(context: SiteContext, request: Request) -> GeneralPage:
    """The form with what is stored."""
    return _make_page(request, request.services)


def save_general(context: SiteContext, request: Request) -> GeneralPage | Response:
    """Save what was written, or show the form again and say what is wrong."""
    form = request.form
    typed = Typed(form.get("title", "").strip(), form.get("list_length", "").strip(), bool(form.get("shows_version")))
    length = int(typed.list_length) if typed.list_length.isdecimal() and len(typed.list_length) <= _MOST_DIGITS else 0
    change = {"title": typed.title, "list_length": length, "shows_version": typed.shows_version}
    try:
        with writing(request.application) as services:
            services.site_documents.change_looks(request.actor, form.get("was", ""), change)
    except InvalidError as problem:
        return _again(request, typed, 422, problem.problems)
    except ConflictError as problem:
        return _again(request, typed, 409, {}, message_of(problem))
    return redirect(request.links.page(NAME, saved=1))


def _again(request: Request, typed: Typed, status: int, problems: Mapping[str, str], problem: str = "") -> GeneralPage:
    request.response.status_int = status
    with reading(request.application) as services:
        return _make_page(request, services, typed, problems, problem)


def _make_page(
    request: Request,
    services: Services,
    typed: Typed | None = None,
    problems: Mapping[str, str] | None = None,
    problem: str = "",
) -> GeneralPage:
    looks, wrong = services.site_documents.looks, problems or {}
    form = typed or Typed(looks.title, str(looks.list_length), looks.shows_version)
    hint = _("Empty: %(title)s, as the .ini has it.", title=request.application.settings.title)
    fields = (
        TextField("title", _("Title of the site"), form.title, wrong.get("title", ""), hint, longest=60),
        TextField(
            "list_length",
            _("Repositories on a page"),
            form.list_length,
            wrong.get("list_length", ""),
            kind="number",
            required=True,
            longest=3,
        ),
    )
    saved = typed is None and "saved" in request.query
    return GeneralPage(fields, form.shows_version, mark_of(looks, _FIELDS), problem, bool(wrong), saved)
