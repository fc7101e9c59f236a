"""A row of bars as SVG: how much there was in each of some equal periods. Colours and size are the style sheet's."""

import functools
from collections.abc import Sequence

from markupsafe import Markup

_HEIGHT = 32
_WIDTH, _DISTANCE = 4, 5
# Something is never as low as nothing.
_LOWEST = 4
_SMALL, _LOWEST_SMALL = 20, 2


@functools.lru_cache(maxsize=1024)
def draw_bars(counts: tuple[int, ...]) -> Markup:
    """The bars alone, 20 high and 7 apart: a list has many such pictures, and its page says what they show."""
    most = max(counts, default=0) or 1
    return Markup("".join(_small_bar(place, count, most) for place, count in enumerate(counts)))  # noqa: S704 - numbers


def _small_bar(place: int, count: int, most: int) -> str:
    height = max(_LOWEST_SMALL, round(_SMALL * count / most)) if count else 1
    return f'<rect class="{"b" if count else "z"}" x="{place * 7}" y="{_SMALL - height}" width="6" height="{height}"/>'


def draw_spark(counts: Sequence[int], label: str) -> Markup:
    """The bars, the oldest first; ``label`` is the sentence that says what they show."""
    most = max(counts, default=0) or 1
    bars = Markup().join(_draw_bar(place, count, most) for place, count in enumerate(counts))
    width = max(len(counts) * _DISTANCE - 1, 1)
    return Markup(
        '<svg class="k-spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(width, _HEIGHT, label, bars)


def _draw_bar(place: int, count: int, most: int) -> Markup:
    height = max(_LOWEST, round(_HEIGHT * count / most)) if count else 1
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        "b" if count else "z", place * _DISTANCE, _HEIGHT - height, _WIDTH, height
    )
