"""Words of code: identifiers as they are written, and the parts that people call them by.

A word is a run of letters, digits and underscores, in lower case. ``HTTPServer_error`` is one word with the parts
``http``, ``server`` and ``error``.
"""

import functools
import re
from collections.abc import Iterator

#: Longer runs are data, such as base64, and no words.
LONGEST_WORD = 200

_WORD = re.compile(r"\w+")
_DATA = re.compile(rf"\b\w{{{LONGEST_WORD + 1}}}")
_SEAM = re.compile(r"_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_COMPOUND = re.compile(r"_|[a-z0-9][A-Z]|[A-Z][A-Z][a-z]")


def words(text: str) -> list[str]:
    """The words of a text in their order, as they are found."""
    return [word for word in _WORD.findall(text.lower()) if len(word) <= LONGEST_WORD]


def has_data(text: str) -> bool:
    """Whether there are longer runs, which are no words."""
    return _DATA.search(text) is not None


@functools.lru_cache(maxsize=1 << 16)
def parts(identifier: str) -> tuple[str, ...]:
    """The parts of an identifier in its own case, in lower case; none where it is a single one."""
    if not _COMPOUND.search(identifier):
        return ()
    return tuple(piece.lower() for piece in _SEAM.split(identifier) if piece)


def all_parts(text: str) -> list[str]:
    """The parts of all identifiers of a text, each once."""
    found: dict[str, None] = {}
    for identifier in dict.fromkeys(_WORD.findall(text)):
        if len(identifier) <= LONGEST_WORD and _COMPOUND.search(identifier):
            found.update(dict.fromkeys(parts(identifier)))
    return list(found)


def part_spans(identifier: str) -> Iterator[tuple[int, int]]:
    """Where the parts of an identifier begin and end in it."""
    start = 0
    for seam in _SEAM.finditer(identifier):
        if seam.start() > start:
            yield start, seam.start()
        start = seam.end()
    if start < len(identifier):
        yield start, len(identifier)
