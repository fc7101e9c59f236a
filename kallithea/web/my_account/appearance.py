"""How pages look in this browser."""

from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.appearance import PREFERENCES, Preference

_NAME = "_admin/my_account/appearance"


@dataclass(frozen=True, slots=True)
class AppearancePage:
    """What can be chosen, each with what is chosen."""

    preferences: tuple[tuple[Preference, str], ...]
    saved: str


def show_appearance(context: SiteContext, request: Request) -> AppearancePage:
    """The form with what the browser has kept."""
    saved = _("Your choice is saved in this browser.") if "saved" in request.query else ""
    return AppearancePage(tuple((one, one.chosen(request)) for one in PREFERENCES), saved)


def choose_appearance(context: SiteContext, request: Request) -> Response:
    """Let the browser keep what was chosen. Raises InvalidError."""
    answer = redirect(request.links.page(_NAME, saved=1))
    for one in PREFERENCES:
        one.keep(request, answer, request.form.get(one.name, one.chosen(request)))
    return answer
