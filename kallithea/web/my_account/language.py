"""The language and the time zone that somebody reads in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kallithea.core.errors import InvalidError
from kallithea.i18n.languages import Language
from kallithea.services.profiles import find_time_zones
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

_NAME = "_admin/my_account/language"


@dataclass(frozen=True, slots=True)
class LanguagePage:
    """The form. Empty ``language`` and ``time_zone`` stand for what the browser says.

    ``zones`` are names below their first part, such as ``Europe``. ``problems`` are by field.
    """

    languages: Sequence[Language]
    language: str
    zones: Mapping[str, Sequence[str]]
    time_zone: str
    now: str
    saved: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


def show_language(context: SiteContext, request: Request) -> LanguagePage:
    """The form with what was chosen."""
    visitor = request.visitor
    return _make_page(request, visitor.language, visitor.time_zone, {}, saved=request.query.get("saved") == "1")


def choose_language(context: SiteContext, request: Request) -> LanguagePage | Response:
    """Store a choice, or say what is wrong with it."""
    language, zone = request.form.get("language", ""), request.form.get("time_zone", "")
    try:
        request.services.profiles.choose_language(request.visitor.member_id, language, zone)
    except InvalidError as problem:
        request.response.status_int = 422
        return _make_page(request, language, zone, problem.problems)
    return redirect(request.links.page(_NAME, saved=1))


def _make_page(
    request: Request, language: str, time_zone: str, problems: Mapping[str, str], *, saved: bool = False
) -> LanguagePage:
    reader = request.reader
    zones = groupby(sorted(find_time_zones()), key=lambda name: name.partition("/")[0])
    return LanguagePage(
        request.registry.languages.all,
        language,
        {region: tuple(names) for region, names in zones},
        time_zone,
        reader.moment(reader.now),
        saved,
        problems,
    )
