"""Hunks of a diff as rows of HTML, with syntax colours and changed words marked."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup
from pygments.lexer import Lexer

from kallithea.render.highlight import Span, Token, find_language, paint, tokenize
from kallithea.render.text import decode, visible

# Below this likeness, marking words says less than two lines side by side.
_LEAST_LIKENESS = 0.45

# Comparing two lines takes time like the product of their lengths; this is a second of it.
_COMPARED = 20_000_000

# Added lines among which the replacement of a removed line is looked for.
_CANDIDATES = 12

_WORD = re.compile(r"\w+|\s+|.")
_SIGNS = {"+": "+", "-": "\N{MINUS SIGN}", " ": " "}
_CLASSES = {"+": "add", "-": "del", " ": ""}
_MARK_TAGS = {"+": "ins", "-": "del"}


class Line(Protocol):
    """A line of a hunk, as version control gives it: ``mark`` is a blank, ``+`` or ``-``; numbers count from 1."""

    @property
    def mark(self) -> str: ...  # noqa: D102
    @property
    def old_number(self) -> int | None: ...  # noqa: D102
    @property
    def new_number(self) -> int | None: ...  # noqa: D102
    @property
    def text(self) -> bytes: ...  # noqa: D102
    @property
    def no_newline(self) -> bool: ...  # noqa: D102


class Hunk(Protocol):
    """Neighbouring changed lines with context, as version control gives them."""

    @property
    def old_start(self) -> int: ...  # noqa: D102
    @property
    def old_lines(self) -> int: ...  # noqa: D102
    @property
    def new_start(self) -> int: ...  # noqa: D102
    @property
    def new_lines(self) -> int: ...  # noqa: D102
    @property
    def section(self) -> bytes: ...  # noqa: D102
    @property
    def lines(self) -> Sequence[Line]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One line as it is shown. ``css_class`` is ``add``, ``del`` or empty; ``sign`` is what stands before the code."""

    css_class: str
    sign: str
    old_number: int | None
    new_number: int | None
    code: Markup
    no_newline: bool


@dataclass(frozen=True, slots=True)
class DiffHunk:
    """One hunk as it is shown: ``range`` as in ``@@ -1,3 +1,4 @@``, and the function line."""

    range: str
    section: str
    rows: tuple[DiffRow, ...]


class DiffRenderer:
    """Renders the files of one page, which together may compare only so much: comparing is slow for odd lines."""

    def __init__(self, encodings: Sequence[str]) -> None:
        self._encodings = encodings
        self._budget = _COMPARED

    def render(self, hunks: Iterable[Hunk], file_name: str) -> tuple[DiffHunk, ...]:
        """The hunks of one file, coloured in the language that its name tells."""
        language = find_language(file_name)
        return tuple(self._render_hunk(hunk, language) for hunk in hunks)

    def _render_hunk(self, hunk: Hunk, language: type[Lexer]) -> DiffHunk:
        texts = [_text(line, self._encodings) for line in hunk.lines]
        tokens = _tokens(hunk.lines, texts, language)
        marks = self._word_marks(hunk.lines, texts)
        rows = tuple(
            DiffRow(
                _CLASSES[line.mark],
                _SIGNS[line.mark],
                line.old_number,
                line.new_number,
                paint(tokens[index], marks.get(index, ()), _MARK_TAGS.get(line.mark, "ins")),
                line.no_newline,
            )
            for index, line in enumerate(hunk.lines)
        )
        section = visible(decode(hunk.section, self._encodings))
        return DiffHunk(f"-{hunk.old_start},{hunk.old_lines} +{hunk.new_start},{hunk.new_lines}", section, rows)

    def _word_marks(self, lines: Sequence[Line], texts: Sequence[str]) -> dict[int, list[Span]]:
        """Character ranges to mark, by index of the line: what differs between a removed line and its replacement."""
        marks: dict[int, list[Span]] = {}
        for removed, added in _changed_blocks(lines):
            for old, new in self._pairs(removed, added, texts):
                marks[old], marks[new] = _compare_words(texts[old], texts[new])
        return marks

    def _pairs(self, removed: Sequence[int], added: Sequence[int], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Each removed line with the one of the next added lines that is most like it, in order."""
        start = 0
        for old in removed:
            matcher = difflib.SequenceMatcher(None, "", texts[old].strip(), autojunk=False)
            best, chosen = _LEAST_LIKENESS, None
            for position in range(start, min(len(added), start + _CANDIDATES)):
                cost = len(texts[old]) * len(texts[added[position]])
                if cost > self._budget:
                    return
                self._budget -= cost
                matcher.set_seq1(texts[added[position]].strip())
                if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                    best, chosen = matcher.ratio(), position
            if chosen is not None:
                yield old, added[chosen]
                start = chosen + 1


def _text(line: Line, encodings: Sequence[str]) -> str:
    """The line as one line of visible characters; the CR of a CR LF end is no news to anybody."""
    return visible(decode(line.text.removesuffix(b"\r"), encodings))


def _tokens(lines: Sequence[Line], texts: Sequence[str], language: type[Lexer]) -> dict[int, list[Token]]:
    """Tokens of each line. Both sides are read as wholes, so that a string of several lines keeps its colour."""
    found: dict[int, list[Token]] = {}
    for side in (" -", " +"):
        indexes = [index for index, line in enumerate(lines) if line.mark in side]
        tokens = tokenize("".join(f"{texts[index]}\n" for index in indexes), language)
        found.update(zip(indexes, tokens, strict=True))
    return found


def _changed_blocks(lines: Sequence[Line]) -> Iterator[tuple[list[int], list[int]]]:
    """Neighbouring removed lines with the added lines that follow them, as indexes."""
    removed: list[int] = []
    added: list[int] = []
    for index, line in enumerate(lines):
        if line.mark == "-" and not added:
            removed.append(index)
        elif line.mark == "+":
            added.append(index)
        else:
            if removed and added:
                yield removed, added
            removed, added = ([index] if line.mark == "-" else []), []
    if removed and added:
        yield removed, added


def _compare_words(old: str, new: str) -> tuple[list[Span], list[Span]]:
    old_words, new_words = _words(old), _words(new)
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    old_ends, new_ends = _offsets(old_words), _offsets(new_words)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        [(old_ends[first], old_ends[last]) for _, first, last, _, _ in changes if last > first],
        [(new_ends[first], new_ends[last]) for _, _, _, first, last in changes if last > first],
    )


def _words(text: str) -> list[str]:
    """Words and signs; indentation one character at a time, so that a deeper line shows only the added blanks."""
    code = text.lstrip()
    return [*text[: len(text) - len(code)], *_WORD.findall(code)]


def _offsets(words: Sequence[str]) -> list[int]:
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    return offsets
