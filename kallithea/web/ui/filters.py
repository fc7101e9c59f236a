"""What templates call: small pure functions from values to words and HTML."""

import datetime
import functools

from markupsafe import Markup

from kallithea.core.access import Visibility

_UNITS = (
    (31_557_600, "year", "y"),
    (2_629_800, "month", "mo"),
    (604_800, "week", "wk"),
    (86_400, "day", "d"),
    (3_600, "hour", "h"),
    (60, "minute", "min"),
)
_SIZES = ("KiB", "MiB", "GiB", "TiB")
_VISIBILITY_ICONS = {Visibility.PUBLIC: "globe", Visibility.INTERNAL: "organization", Visibility.PRIVATE: "lock"}
_BLOCKS = 5
_THIN = "\N{NARROW NO-BREAK SPACE}"


def visibility_icon(visibility: Visibility) -> str:
    """The icon that stands for who may read a repository."""
    return _VISIBILITY_ICONS[visibility]


def number(value: int) -> str:
    """Groups of three digits: ``5 531``."""
    return f"{value:,}".replace(",", _THIN)


def size(count: int) -> str:
    """A number of bytes in words: ``11.4 MiB``."""
    if count < 1024:
        return f"{count} {plural(count, 'byte')}"
    power = min((count.bit_length() - 1) // 10, len(_SIZES))
    return f"{count / 1024**power:.1f} {_SIZES[power - 1]}"


def plural(count: int, singular: str, many: str | None = None) -> str:
    """The word for this many."""
    return singular if count == 1 else many or f"{singular}s"


def ago(when: datetime.datetime, now: datetime.datetime) -> Markup:
    """How long ago, for text: ``3 days ago``."""
    count, word, _ = _age(when, now)
    return _time(when, f"{count} {plural(count, word)} ago" if count else "just now")


def ago_short(when: datetime.datetime, now: datetime.datetime) -> Markup:
    """How long ago, for columns: ``3 d``."""
    count, _, unit = _age(when, now)
    return _time(when, f"{count} {unit}" if count else "now")


def _age(when: datetime.datetime, now: datetime.datetime) -> tuple[int, str, str]:
    seconds = (now - when).total_seconds()
    for length, word, unit in _UNITS:
        if seconds >= length:
            return int(seconds // length), word, unit
    return 0, "", ""


def _time(when: datetime.datetime, words: str) -> Markup:
    """Made of digits and words of ours only: nothing in it needs escaping, and long lists have thousands of these."""
    stamp = f"{when.astimezone(datetime.UTC).isoformat()[:19]}Z"
    whole = f"{when.isoformat(' ')[:16]} {when.tzname()}"
    return Markup(f'<time datetime="{stamp}" title="{whole}">{words}</time>')  # noqa: S704 - as said above


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
