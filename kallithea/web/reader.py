"""Who reads a page: their language, their time zone, and what things are called in these."""

import datetime
import functools
import zoneinfo
from dataclasses import dataclass
from urllib.parse import unquote

from markupsafe import Markup, escape
from webob.acceptparse import create_accept_language_header

from kallithea.core.words import Catalog, Text, _, _n
from kallithea.i18n.languages import ENGLISH, Language, Languages

#: In which a script tells the zone of the browser.
ZONE_COOKIE = "kallithea-zone"

# Words, ids and addresses; on a page most stand more than once.
_SHORT = 120
_LARGEST_POWER = 4
_UNITS = (31_557_600, 2_629_800, 604_800, 86_400, 3_600, 60)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a page at a moment, aware, called ``now``."""

    language: Language
    zone: datetime.tzinfo
    now: datetime.datetime

    def say(self, text: str) -> str:
        """A text in the reader's language; what is no text of ours stays as it is."""
        return text.say(self.language.catalog) if isinstance(text, Text) else text

    def html(self, value: object) -> Markup:
        """Whatever a page shows, as HTML: escaped, and in the reader's language. Values in a text may be HTML."""
        # Long pages ask this thousands of times, mostly for plain strings and for what is HTML already.
        if type(value) is Markup:
            return value
        if type(value) is str:
            return _escape_short(value) if len(value) <= _SHORT else escape(value)
        if isinstance(value, Text):
            catalog = self.language.catalog
            if value.is_fixed:
                return _say_fixed(catalog, value)
            return Markup(value.html(catalog, escape))  # noqa: S704 - escaped there
        return escape(value)

    def sentence(self, text: str) -> Markup:
        """What is wrong with a field, as HTML. Elsewhere it stands behind the field's name: begun small, not ended."""
        said = self.html(text)
        if not isinstance(text, Text):
            return said
        if not text.begins_with_value(self.language.catalog):
            said = said[:1].upper() + said[1:]
        return said if said.endswith((".", "?", ":")) else said + "."

    def ago(self, when: datetime.datetime) -> Markup:
        """How long ago, for text: ``3 days ago``."""
        unit, count = _age(when, self.now)
        return self._time(when, _say_ago(self.language, unit, count), " data-long")

    def ago_short(self, when: datetime.datetime) -> Markup:
        """How long ago, for columns: ``3 d``."""
        unit, count = _age(when, self.now)
        return self._time(when, _say_short(self.language, unit, count))

    def size(self, count: int) -> Markup:
        """A number of bytes, for columns: ``11.4 MiB``."""
        return _say_size(self.language, *_in_units(count))

    def moment(self, when: datetime.datetime) -> str:
        """Day and time to the minute in the reader's zone: ``2026-03-01 14:05 CET``."""
        local = when.astimezone(self.zone)
        return f"{local.isoformat(' ')[:16]} {local.tzname()}"

    @property
    def short_units(self) -> str:
        """How ages are said, for the script that corrects them: years to minutes, ``#`` being the number, then less."""
        return _say_units(self.language)

    def _time(self, when: datetime.datetime, words: Markup, mark: str = "") -> Markup:
        """The words are escaped, a date needs no escaping, and long lists have thousands of these."""
        stamp = f"{when.astimezone(datetime.UTC).isoformat()[:19]}Z"
        return Markup(f'<time datetime="{stamp}" title="{self.moment(when)}"{mark}>{words}</time>')  # noqa: S704 - as said


def size(count: int) -> Text:
    """A number of bytes in words: ``11.4 MiB``."""
    return _size_text(*_in_units(count))


def choose_language(languages: Languages, accepted: str, fallback: str) -> Language:
    """The language that a browser asks for with ``Accept-Language``, as far as there is a catalog; or the fallback."""
    tag = _look_up(accepted, languages.tags) if accepted else None
    return languages.find(tag or fallback) or languages.find(ENGLISH) or languages.all[0]


def find_zone(*names: str) -> datetime.tzinfo:
    """The zone of the first name that is one, such as ``Europe/Paris``; else UTC."""
    return next((zone for name in names if name and (zone := _load_zone(unquote(name))) is not None), datetime.UTC)


# To find a string here takes a fourth of escaping it.
_escape_short = functools.lru_cache(4096)(escape)


@functools.lru_cache(maxsize=8192)
def _say_fixed(catalog: Catalog, text: Text) -> Markup:
    """A page has a hundred words that stand on all pages of its kind."""
    return Markup(text.html(catalog, escape))  # noqa: S704 - escaped there


@functools.lru_cache(maxsize=256)
def _look_up(accepted: str, tags: tuple[str, ...]) -> str | None:
    found: str | None = create_accept_language_header(accepted).lookup(tags, default=lambda: None)
    return found


@functools.lru_cache(maxsize=512)
def _load_zone(name: str) -> datetime.tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _age(when: datetime.datetime, now: datetime.datetime) -> tuple[int, int]:
    """The largest unit, as an index, of which there is one at least, and how many; below all units (-1, 0)."""
    seconds = (now - when).total_seconds()
    for unit, length in enumerate(_UNITS):
        if seconds >= length:
            return unit, int(seconds // length)
    return -1, 0


@functools.lru_cache(maxsize=2048)
def _say_ago(language: Language, unit: int, count: int) -> Markup:
    return escape(_long_text(unit, count).say(language.catalog))


@functools.lru_cache(maxsize=2048)
def _say_short(language: Language, unit: int, count: int) -> Markup:
    return escape(_short_text(unit, count).say(language.catalog))


@functools.lru_cache(maxsize=64)
def _say_units(language: Language) -> str:
    texts = [_short_text(unit, "#") for unit in range(len(_UNITS))]
    return "|".join(text.say(language.catalog) for text in (*texts, _short_text(-1, ""), _long_text(-1, 0)))


@functools.lru_cache(maxsize=4096)
def _say_size(language: Language, power: int, number: float) -> Markup:
    return escape(_size_text(power, number).say(language.catalog))


def _in_units(count: int) -> tuple[int, float]:
    """The power of 1024 in which a number of bytes is said, and how many of it, as exactly as that is said."""
    if count < 1024:
        return 0, count
    power = min((count.bit_length() - 1) // 10, _LARGEST_POWER)
    return power, round(count / 1024**power, 1)


def _size_text(power: int, number: float) -> Text:
    if not power:
        return _n("%(count)s byte", "%(count)s bytes", int(number))
    return (
        _("%(number)s KiB", number=number),
        _("%(number)s MiB", number=number),
        _("%(number)s GiB", number=number),
        _("%(number)s TiB", number=number),
    )[power - 1]


def _long_text(unit: int, count: int) -> Text:
    if unit < 0:
        return _("just now")
    return (
        _n("%(count)s year ago", "%(count)s years ago", count),
        _n("%(count)s month ago", "%(count)s months ago", count),
        _n("%(count)s week ago", "%(count)s weeks ago", count),
        _n("%(count)s day ago", "%(count)s days ago", count),
        _n("%(count)s hour ago", "%(count)s hours ago", count),
        _n("%(count)s minute ago", "%(count)s minutes ago", count),
    )[unit]


def _short_text(unit: int, count: int | str) -> Text:
    if unit < 0:
        return _("now")
    return (
        _("%(count)s y", count=count),
        _("%(count)s mo", count=count),
        _("%(count)s wk", count=count),
        _("%(count)s d", count=count),
        _("%(count)s h", count=count),
        _("%(count)s min", count=count),
    )[unit]
