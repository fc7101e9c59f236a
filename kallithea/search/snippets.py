"""The lines of a text in which something was found, with what was found in them."""

import itertools
import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from kallithea.search import plans
from kallithea.search.parser import compile_pattern
from kallithea.search.query import Node, Pattern, Phrase, Prefix, Substring, TextLeaf, Word
from kallithea.search.tokens import part_spans

#: Characters of a line that are shown.
LONGEST_LINE = 400

# Matches that are looked for in one text, and places that are tried for them: most may be empty, or inside other words.
_MOST_MATCHES = 500
_MOST_TRIED = 5_000
_RUN_BEFORE = re.compile(r"\w*\Z")
_RUN = re.compile(r"\w*")
_LONGEST_RUN = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line, found or not."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its number from 1. ``first``: whether lines before it are left out."""

    number: int
    pieces: tuple[Piece, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """Some lines, how many matches there are, and on how many lines; ``whole``: whether those are all of them."""

    lines: tuple[Line, ...]
    matches: int
    more_lines: int


def make_snippet(text: str, query: Node, *, most: int = 12, around: int = 1, deadline: float = math.inf) -> Snippet:
    """The first lines with matches, each with the lines ``around`` it; without a match, the first lines.

    From ``deadline`` on, by ``time.monotonic``, nothing more is looked for.
    """
    spans = merge(find_spans(text, query, deadline))
    lines = text.split("\n")
    starts = _starts(lines)
    by_line = _by_line(spans, starts, lines)
    wanted = list[int]()
    for number in by_line:
        block = [at for at in range(number - around, number + around + 1) if 0 <= at < len(lines) and at not in wanted]
        if len(wanted) + len(block) > most:
            break
        wanted += block
    if not by_line:
        wanted = list(range(min(len(lines), 3)))
    shown = sorted(set(wanted))
    return Snippet(
        tuple(
            Line(
                at + 1, cut_line(lines[at].rstrip("\r"), by_line.get(at, ())), place > 0 and shown[place - 1] != at - 1
            )
            for place, at in enumerate(shown)
        ),
        len(spans),
        sum(number not in set(shown) for number in by_line),
    )


def mark(text: str, query: Node) -> tuple[Piece, ...]:
    """A text of one line with what was found in it."""
    return cut_line(text, merge(find_spans(text, query)))


def find_spans(text: str, query: Node, deadline: float = math.inf) -> Iterator[tuple[int, int]]:
    """Where the text has what is wanted; at most some hundred of each part of the query, and none after a deadline."""
    for leaf in plans.wanted_leaves(query):
        if time.monotonic() >= deadline:
            break
        yield from itertools.islice(_spans(text, leaf), _MOST_MATCHES)


def merge(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap as one."""
    merged = list[tuple[int, int]]()
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def cut_line(line: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The pieces of a line; a long one is cut."""
    pieces, at = list[Piece](), 0
    begin = max(0, spans[0][0] - LONGEST_LINE // 4) if spans and len(line) > LONGEST_LINE else 0
    stop = min(len(line), begin + LONGEST_LINE)
    if begin:
        pieces.append(Piece("…"))
    at = begin
    for start, end in spans:
        if start >= stop:
            break
        pieces += [Piece(line[at:start]), Piece(line[start : min(end, stop)], found=True)]
        at = min(end, stop)
    pieces.append(Piece(line[at:stop] + ("…" if stop < len(line) else "")))
    return tuple(piece for piece in pieces if piece.text)


def _spans(text: str, leaf: TextLeaf) -> Iterator[tuple[int, int]]:
    tried = (found.span() for found in itertools.islice(_expression(leaf).finditer(text), _MOST_TRIED))
    match leaf:
        case Pattern():
            yield from ((start, end) for start, end in tried if end > start)
        case Word():
            yield from (span for span in tried if span in _units(text, *span))
        case Prefix():
            yield from (span for span in tried if any(span[0] == start for start, _end in _units(text, *span)))
        case _:
            yield from tried


def _expression(leaf: TextLeaf) -> Any:
    match leaf:
        case Pattern(pattern):
            return compile_pattern(pattern)
        case Phrase(wanted):
            return _phrase(wanted)
        case Substring(text) | Word(text) | Prefix(text):
            return _literal(text)


def _units(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The identifier around a place, and its parts."""
    before = _RUN_BEFORE.search(text, max(0, start - _LONGEST_RUN), start)
    after = _RUN.match(text, end, end + _LONGEST_RUN)
    first = before.start() if before else start
    last = after.end() if after else end
    yield first, last
    for part, stop in part_spans(text[first:last]):
        yield first + part, first + stop


@lru_cache(maxsize=256)
def _literal(text: str) -> Any:
    return re2.compile(f"(?i:{re2.escape(text)})")


@lru_cache(maxsize=64)
def _phrase(wanted: tuple[str, ...]) -> Any:
    inner = r"[^\pL\pN_]+".join(re2.escape(word) for word in wanted)
    return re2.compile(rf"(?i:{inner})")


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = list[int](), 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _by_line(
    spans: Sequence[tuple[int, int]], starts: Sequence[int], lines: Sequence[str]
) -> dict[int, list[tuple[int, int]]]:
    """What was found in each line; a match over several lines is in the first one."""
    found: dict[int, list[tuple[int, int]]] = {}
    number = 0
    for start, end in spans:
        while number + 1 < len(starts) and starts[number + 1] <= start:
            number += 1
        begin = starts[number]
        found.setdefault(number, []).append((start - begin, min(end - begin, len(lines[number]))))
    return found
