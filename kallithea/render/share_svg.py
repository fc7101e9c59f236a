"""One bar whose parts are shares of a whole, as SVG. Colours and size are the style sheet's."""

from collections.abc import Iterable

from markupsafe import Markup

_HEIGHT = 8
_GAP = 0.4


def draw_shares(shares: Iterable[tuple[str, float]], label: str) -> Markup:
    """The bar; each share has a CSS class and its percentage. ``label`` is the sentence that says what they show."""
    place, parts = 0.0, []
    for css_class, percent in shares:
        parts.append(
            Markup('<rect class="{}" x="{}" width="{}" height="{}"/>').format(
                css_class, f"{place:.1f}", f"{max(percent - _GAP, _GAP):.1f}", _HEIGHT
            )
        )
        place += percent
    return Markup(
        '<svg class="k-langbar" viewBox="0 0 100 {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(_HEIGHT, label, Markup().join(parts))
