"""How a visitor wants to see a diff: what the address says, and the layout that they chose last."""

import contextlib
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.diff_html import Layout
from kallithea.vcs.diff import DiffOptions, Whitespace
from kallithea.web.request import Request
from kallithea.web.ui.appearance import LAYOUT

#: Unchanged lines around each change, from few to all.
CONTEXTS = (3, 25, 100, 100_000)

WHITESPACE_WORDS = {
    Whitespace.NONE: _("All white space"),
    Whitespace.AMOUNT: _("Ignore its amount"),
    Whitespace.ALL: _("Ignore white space"),
    Whitespace.BLANK_LINES: _("Ignore blank lines"),
}

Query = dict[str, str | bytes | int | None]


@dataclass(frozen=True, slots=True)
class DiffView:
    """How lines are compared, and how they are laid out."""

    options: DiffOptions
    layout: Layout

    @property
    def query(self) -> Query:
        """What addresses carry; the layout is remembered by the browser."""
        return {
            "whitespace": self.options.ignored if self.options.ignored is not Whitespace.NONE else None,
            "context": self.options.context if self.options.context != CONTEXTS[0] else None,
        }


def read_view(request: Request) -> DiffView:
    """What the query asks for; ``ignorews=1`` is the form of old. What is no choice of ours counts as none."""
    ignored = Whitespace.ALL if request.query.get("ignorews") == "1" else Whitespace.NONE
    with contextlib.suppress(ValueError):
        ignored = Whitespace(request.query.get("whitespace", ""))
    context = request.query.get("context", "")
    lines = min(int(context), CONTEXTS[-1]) if context.isdecimal() and len(context) < 10 else CONTEXTS[0]
    return DiffView(DiffOptions(lines, ignored), _read_layout(request))


def _read_layout(request: Request) -> Layout:
    """The layout of the query, which the browser then remembers, else the one that it remembers."""
    kept = LAYOUT.chosen(request)
    with contextlib.suppress(ValueError):
        asked = Layout(request.query.get("layout", ""))
        if asked != kept:
            LAYOUT.keep(request, request.response, asked)
        return asked
    return Layout(kept)
