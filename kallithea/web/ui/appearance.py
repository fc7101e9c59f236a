"""How pages look in one browser: choices that its cookies keep, so that nobody need be signed in for them."""

from dataclasses import dataclass

from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.web.answers import Response
from kallithea.web.request import Request

#: Beginning of the names of cookies that decide how pages look.
COOKIE_PREFIX = "kallithea-"

_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Preference:
    """Something that can be chosen: ``values`` are what is kept, each with its words, the usual one first."""

    name: str
    title: str
    about: str
    values: tuple[tuple[str, str], ...]

    def chosen(self, request: Request) -> str:
        """What the browser has kept, or the usual value."""
        kept = request.cookies.get(COOKIE_PREFIX + self.name, "")
        return kept if self._has(kept) else self.values[0][0]

    def keep(self, request: Request, answer: Response, value: str) -> None:
        """Let the browser keep a value with the answer to a request. Raises InvalidError."""
        if not self._has(value):
            words = ", ".join(one for one, _words in self.values)
            raise InvalidError({self.name: _("choose one of %(values)s", values=words)})
        answer.set_cookie(
            COOKIE_PREFIX + self.name,
            value,
            max_age=_YEAR,
            path=request.cookie_path,
            samesite="Lax",
            secure=request.origin.startswith("https:"),
        )

    def _has(self, value: str) -> bool:
        return any(value == one for one, _words in self.values)


THEME = Preference(
    "theme",
    _("Theme"),
    _("Auto follows the system."),
    (("auto", _("Auto")), ("light", _("Light")), ("dark", _("Dark"))),
)
PALETTE = Preference(
    "palette",
    _("Diff colours"),
    _("Blue and orange differ for everybody."),
    (("green-red", _("Green / red")), ("blue-orange", _("Blue / orange"))),
)
LAYOUT = Preference(
    "layout",
    _("Diffs"),
    _("Each diff can be switched as well; the last choice counts."),
    (("unified", _("Unified")), ("split", _("Side by side"))),
)
SHORTCUTS = Preference(
    "shortcuts",
    _("Keyboard shortcuts"),
    _("Single keys; the question mark lists them."),
    (("on", _("On")), ("off", _("Off"))),
)

#: Those of the menu of the top bar, and all.
MENU = (THEME, PALETTE, SHORTCUTS)
PREFERENCES = (THEME, PALETTE, LAYOUT, SHORTCUTS)
