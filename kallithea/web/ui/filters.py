"""What templates call: small pure functions from values to words and HTML."""

import functools
from collections.abc import Sequence

from markupsafe import Markup

from kallithea.core.access import Visibility
from kallithea.core.words import Text, _, number

_VISIBILITY_ICONS = {Visibility.PUBLIC: "globe", Visibility.INTERNAL: "organization", Visibility.PRIVATE: "lock"}
_VISIBILITY_NAMES = {
    Visibility.PUBLIC: _("Public"),
    Visibility.INTERNAL: _("Internal"),
    Visibility.PRIVATE: _("Private"),
}
_BLOCKS = 5


def visibility_icon(visibility: Visibility) -> str:
    """The icon that stands for who may read a repository."""
    return _VISIBILITY_ICONS[visibility]


def visibility_name(visibility: Visibility) -> Text:
    """What it is called, who may read a repository."""
    return _VISIBILITY_NAMES[visibility]


def element(name: str, text: object, **attributes: str) -> Markup:
    """An HTML element, for a value of a text; ``class_`` is the attribute ``class``, ``data_x`` is ``data-x``."""
    inside = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items()
    )
    return Markup("<{}{}>{}</{}>").format(name, inside, text, name)


def bold_number(count: int) -> Markup:
    """A number that stands out in a text."""
    return element("b", number(count), class_="num")


def listed(parts: Sequence[str]) -> str:
    """A few things in one line: ``3 branches, 2 tags``."""
    return functools.reduce(_pair, parts) if parts else ""


def _pair(first: str, rest: str) -> Text:
    # Translators: an enumeration, such as "3 branches, 2 tags"; the first part may be one again.
    return _("%(first)s, %(rest)s", first=first, rest=rest)


def stat_blocks(added: int, deleted: int) -> Markup:
    """The picture of five blocks that shows the share of added and deleted lines."""
    total = added + deleted
    filled = min(_BLOCKS, total)
    green = round(filled * added / total) if total else 0
    if added and deleted and filled > 1:
        green = min(max(green, 1), filled - 1)
    return _draw_blocks(green, filled - green)


@functools.cache
def _draw_blocks(green: int, red: int) -> Markup:
    kinds = ["ra"] * green + ["rd"] * red + ["rn"] * (_BLOCKS - green - red)
    rects = "".join(
        f'<rect class="{kind}" x="{place * 8.6:g}" width="7" height="8" rx="1"/>' for place, kind in enumerate(kinds)
    )
    return Markup(f'<svg viewBox="0 0 42 8" aria-hidden="true">{rects}</svg>')  # noqa: S704 - numbers of ours
