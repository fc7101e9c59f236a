"""Texts for people, which know how to be said in another language.

Any layer writes ``_("There is no branch %(name)s.", name=name)``. The result is a str, in English, for logs, commands
and tests. Pages say it in the language of their reader: whatever goes into a template does so at its output.

Messages and plural forms are those of gettext: https://www.gnu.org/software/gettext/manual/.
"""

import functools
import gettext
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

_THIN = "\N{NARROW NO-BREAK SPACE}"
_NUMBERS = (int, float)
_MARK = "text"
_VALUE = re.compile(r"%\((\w+)\)s")
_START = f'{{"{_MARK}": ['


class Catalog(Protocol):
    """The messages of one language, such as ``gettext.NullTranslations``."""

    def gettext(self, message: str, /) -> str:
        """The message in this language, or as it is given."""

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The form of the message for this number of things."""

    def __hash__(self) -> int:
        """Catalogs are keys of what is kept of them."""


#: From a text to what it says in somebody's language, such as ``Reader.say``; ``str`` says it in English.
Say = Callable[[str], str]

ENGLISH: Catalog = gettext.NullTranslations()


class Text(str):
    """A text in English, made from a message and values in place of its ``%(name)s``. Made by ``_`` and ``_n``.

    Values that are an int are written in groups of digits, those that are a float with one digit after the point.
    Joined to other strings it becomes an ordinary one, in English for ever: put texts into texts as values instead.
    """

    __slots__ = ("_count", "_message", "_plural", "_values")
    _message: str
    _values: Mapping[str, object]
    _plural: str | None
    _count: int

    def __new__(cls, message: str, values: Mapping[str, object], plural: str | None = None, count: int = 1) -> "Text":
        """``plural`` is the message for a ``count`` other than 1."""
        self = super().__new__(cls, _fill(message if plural is None or count == 1 else plural, values, ENGLISH))
        self._message, self._values, self._plural, self._count = message, values, plural, count
        return self

    def say(self, catalog: Catalog) -> str:
        """The text in a catalog's language; in English if the catalog's message has other values in it."""
        values = {
            name: value.say(catalog) if isinstance(value, Text) else value for name, value in self._values.items()
        }
        try:
            return _fill(self._translate(catalog), values, catalog)
        except (KeyError, TypeError, ValueError):
            return str(self)

    def html(self, catalog: Catalog, escape: Callable[[object], str]) -> str:
        """The same as HTML: ``escape`` makes it of the message and of each value that is no number."""
        if not self._values:
            return escape(self._translate(catalog))

        def make(value: object) -> object:
            if type(value) in _NUMBERS:
                return value
            return value.html(catalog, escape) if isinstance(value, Text) else escape(value)

        values = {name: make(value) for name, value in self._values.items()}
        try:
            return _fill(str(escape(self._translate(catalog))), values, catalog)
        except (KeyError, TypeError, ValueError):
            return escape(str(self))

    @property
    def is_fixed(self) -> bool:
        """Whether no values are in it: what it says in a language is always the same."""
        return not self._values

    def begins_with_value(self, catalog: Catalog) -> bool:
        """Whether in a catalog's language something begins it that is no text of ours, such as a name."""
        found = _VALUE.match(self._translate(catalog))
        value = self._values.get(found[1]) if found else ""
        return value.begins_with_value(catalog) if isinstance(value, Text) else found is not None

    def pack(self) -> str:
        """The text as JSON, which ``unpack`` reads."""
        return json.dumps(self._nest())

    def _nest(self) -> dict[str, object]:
        """The text as a value of JSON, with the texts in it."""
        values = {name: _nest(value) for name, value in self._values.items()}
        return {_MARK: [self._message, values, self._plural, self._count]}

    def _translate(self, catalog: Catalog) -> str:
        if self._plural is None:
            return catalog.gettext(self._message)
        return catalog.ngettext(self._message, self._plural, self._count)

    def __str__(self) -> str:
        return str.__str__(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (self._message, dict(self._values), self._plural, self._count)


def _(message: str, /, **values: object) -> Text:
    """A text. ``message`` is a literal, by which catalogs know it, with ``%(name)s`` for each value."""
    return Text(message, values) if values else _fixed(message)


@functools.lru_cache(maxsize=8192)
def _fixed(message: str) -> Text:
    """The same text each time: pages are full of them."""
    return Text(message, {})


def _n(singular: str, plural: str, count: int, /, **values: object) -> Text:
    """A text about a number of things, which is ``%(count)s`` in both messages."""
    return Text(singular, {"count": count, **values}, plural, count)


def number(value: int) -> str:
    """Groups of three digits, as ISO 80000 writes them in every language: ``5 531``."""
    return f"{value:,}".replace(",", _THIN)


def pack(value: object) -> str:
    """A text, or a plain string, as it can be stored until somebody reads it."""
    if isinstance(value, Text):
        return value.pack()
    plain = str(value)
    # what only looks like a packed text must not be read as one
    return Text("%(text)s", {"text": plain}).pack() if plain.startswith(_START) else plain


def pack_within(value: object, longest: int) -> str:
    """The same for a place of ``longest`` characters; what would be longer is the beginning of the English text."""
    packed = pack(value)
    if len(packed) <= longest:
        return packed
    plain = str(value)
    return (f" {plain}" if plain.startswith(_START) else plain)[:longest]


def unpack(stored: str) -> str:
    """What ``pack`` was given; what is not from there is taken as it is."""
    if not stored.startswith(_START):
        return stored
    try:
        return _unnest(json.loads(stored))
    except (AttributeError, KeyError, TypeError, ValueError):
        return stored


def _nest(value: object) -> object:
    if isinstance(value, Text):
        return value._nest()  # noqa: SLF001 - of the same module
    return value if type(value) in _NUMBERS else str(value)


def _unnest(nested: dict[str, Any]) -> Text:
    message, values, plural, count = nested[_MARK]
    known = {name: _unnest(value) if isinstance(value, dict) else value for name, value in values.items()}
    return Text(message, known, plural, count)


def _fill(message: str, values: Mapping[str, object], catalog: Catalog) -> str:
    """The message with its values. One that has none is taken as it is, so that a percent sign is only that."""
    return message % {name: _write(value, catalog) for name, value in values.items()} if values else message


def _write(value: object, catalog: Catalog) -> object:
    if type(value) is int:
        return number(value)
    if type(value) is float:
        return f"{value:.1f}".replace(".", catalog.gettext(str(_TENTH))[1:-1])
    return value


# Translators: how one tenth is written; all numbers get the sign that stands between its digits.
_TENTH = _("0.1")
