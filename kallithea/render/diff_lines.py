"""The text of a hunk as lines that can be shown: decoded, and with nothing in them that is not seen."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kallithea.render.text import decode, visible_lines

# What most source code is made of.
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n"
_BLOCK = re.compile(r"(-+)(\++)")
_CARRIAGE_RETURN = "\u240d"


@dataclass(frozen=True, slots=True)
class HunkLines:
    """The lines of hunks: ``marks`` has a blank, ``+`` or ``-`` for each, ``texts`` what follows the mark.

    ``no_newline`` has the places of those that have no end of line in the file.
    """

    marks: str
    texts: tuple[str, ...]
    no_newline: frozenset[int] = frozenset()


def read_lines(text: bytes, encodings: Sequence[str]) -> HunkLines:
    """Lines from the text of a hunk, in which each has its mark and an LF.

    The CR of a CR LF end is no news, and shown only where some changed lines have it and others have not.
    """
    if text.translate(None, _PLAIN):
        shown = _decode(text, encodings)
        if "\r\n" in shown and _is_news(shown):
            shown = shown.replace("\r\n", _CARRIAGE_RETURN + "\n")
        shown = visible_lines(shown)
    else:
        shown = text.decode("ascii")
    lines = shown.split("\n")[:-1]
    no_newline: frozenset[int] = frozenset()
    if "\n\\" in shown:
        places = [place for place, line in enumerate(lines) if line.startswith("\\")]
        no_newline = frozenset(place - count - 1 for count, place in enumerate(places))
        lines = [line for line in lines if not line.startswith("\\")]
    return HunkLines("".join([line[:1] or " " for line in lines]), tuple([line[1:] for line in lines]), no_newline)


def changed_blocks(marks: str) -> Iterator[tuple[range, range]]:
    """Neighbouring removed lines and the added ones that follow them at once, as places."""
    for found in _BLOCK.finditer(marks):
        yield range(*found.span(1)), range(*found.span(2))


def side_by_side(marks: str) -> list[tuple[int | None, int | None]]:
    """Rows of two columns, old and new, as places of a hunk's lines, of which only the marks matter.

    Unchanged lines stand in both columns, removed lines beside the added ones that follow them.
    """
    rows: list[tuple[int | None, int | None]] = []
    removed: list[int] = []
    added: list[int] = []
    for index, mark in enumerate(marks):
        if mark == "+":
            added.append(index)
            continue
        if mark != "-" or added:
            rows += itertools.zip_longest(removed, added)
            removed, added = [], []
        if mark == "-":
            removed.append(index)
        else:
            rows.append((index, index))
    rows += itertools.zip_longest(removed, added)
    return rows


def _decode(text: bytes, encodings: Sequence[str]) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        # each line may be in another encoding, as when a file changes its own
        return "\n".join([decode(line, encodings) for line in text.split(b"\n")])


def _is_news(shown: str) -> bool:
    ends = {line.endswith("\r") for line in shown.split("\n") if line.startswith(("+", "-"))}
    return len(ends) > 1
