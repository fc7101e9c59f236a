"""Hunks of a diff as rows of HTML, with syntax colours and changed words marked.

A page may have tens of thousands of rows, so they are made as plain text. Each row has an address: ``#f3-n18`` is the
new line 18 of the file with the anchor ``f3``, ``#f3-o18`` the old line 18 if there is no new one in its place.
"""

import enum
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers.special import TextLexer

from kallithea.core.words import Say, _
from kallithea.render.diff_lines import HunkLines, changed_blocks, read_lines, side_by_side
from kallithea.render.highlight import Span, Token, draw_line, find_language, tokenize
from kallithea.render.text import decode, visible
from kallithea.render.words import WordComparer

#: Characters of one page that are coloured, those of unchanged lines for each side that they are read with; colouring
#: more would take seconds.
COLOURED = 150_000

# As text, it would make the whole page take twice the memory.
_MINUS = "&minus;"
# Lines hold no control characters: they are shown as signs.
_PLACES_OF_TAGS = {"del": ("\x01", "\x02"), "ins": ("\x03", "\x04")}
_HEAD = "@"
_HEAD_LINE = b"@\n"
_HUNK = re.compile("@([^@]+)")
_NO_NEWLINE = _("(no end of line)")


class Layout(enum.StrEnum):
    """One column for both sides, or one for each."""

    UNIFIED = "unified"
    SPLIT = "split"


class Hunk(Protocol):
    """Neighbouring changed lines with context, as version control gives them: see ``vcs.diff.Hunk``."""

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
    def text(self) -> bytes: ...  # noqa: D102


class DiffRenderer:
    """Renders the files of one page, which together may take only so much time for colours and words.

    What is said beside the lines is in the language of ``say``.
    ``colourless`` becomes true when a file was left without colours.
    """

    def __init__(self, encodings: Sequence[str], layout: Layout = Layout.UNIFIED, say: Say = str) -> None:
        self._encodings = encodings
        self._layout = layout
        self._no_newline = f' <span class="muted">{html.escape(say(_NO_NEWLINE))}</span>'
        self._words = WordComparer()
        self._coloured_left = COLOURED
        self.colourless = False

    def render(self, hunks: Sequence[Hunk], file_name: str, anchor: str, *, from_start: bool = True) -> Markup:
        """The rows of one file, coloured in the language that its name tells.

        Without ``from_start``, changed lines stand before those of the first hunk.
        """
        # each hunk begins with a line of its own, for the row that stands before it
        text = b"".join([part for hunk in hunks for part in (_HEAD_LINE, hunk.text)])
        return self._render(text, file_name, anchor, self._starts(hunks, from_start=from_start))

    def render_unchanged(self, texts: Iterable[bytes], file_name: str, anchor: str, old: int, new: int) -> Markup:
        """Rows of unchanged lines, the first of which has these numbers."""
        text = _HEAD_LINE + b"".join([b" " + text + b"\n" for text in texts])
        return self._render(text, file_name, anchor, [_Start(old, new, "")])

    def _render(self, text: bytes, file_name: str, anchor: str, starts: Iterable["_Start"]) -> Markup:
        lines = read_lines(text, self._encodings)
        codes = self._mark_words(lines, self._tokens(lines, file_name))
        for place in lines.no_newline:
            codes[place] += self._no_newline
        make_rows = _split_rows if self._layout is Layout.SPLIT else _unified_rows
        return Markup("".join(make_rows(lines.marks, codes, anchor, iter(starts))))  # noqa: S704 - escaped

    def _starts(self, hunks: Iterable[Hunk], *, from_start: bool) -> Iterator["_Start"]:
        """Where the hunks begin. A gap of unchanged lines before one is told to the script that can show them.

        It is told by the old and the new number of its first line, and its length.
        """
        cells = (
            '<td class="x"></td><td></td><td class="src" colspan="4">'
            if self._layout is Layout.SPLIT
            else '<td class="x" colspan="2"></td><td class="mk"></td><td class="src">'
        )
        old, new = 1, 1
        for hunk in hunks:
            gap = hunk.new_start - new if hunk.old_lines and hunk.new_lines else 0
            told = f' data-gap="{old} {new} {gap}"' if gap > 0 and from_start else ""
            from_start = True
            section = html.escape(visible(decode(hunk.section, self._encodings))) if hunk.section else ""
            head = (
                f'<tr class="hunk"{told}>{cells}<span class="muted">@@ -{hunk.old_start},{hunk.old_lines} '
                f'+{hunk.new_start},{hunk.new_lines} @@</span> <span class="fnx">{section}</span></td></tr>\n'
            )
            yield _Start(hunk.old_start, hunk.new_start, head)
            # a side without lines names the line before the hunk
            old, new = hunk.old_start + (hunk.old_lines or 1), hunk.new_start + (hunk.new_lines or 1)

    def _tokens(self, lines: HunkLines, file_name: str) -> list[list[Token]] | None:
        """Tokens of each line; None where there are no colours for the file, or not enough left for all of it."""
        language = find_language(file_name)
        if language is TextLexer:
            return None
        # each line is in at least one side
        size, sides = sum(map(len, lines.texts)), list[_Side]()
        if size <= self._coloured_left:
            sides = list(_sides(lines))
            size = sum(len(side.text) for side in sides)
        if size > self._coloured_left:
            self.colourless = True
            return None
        self._coloured_left -= size
        return _tokens(lines, sides, language)

    def _mark_words(self, lines: HunkLines, tokens: Sequence[Sequence[Token]] | None) -> list[str]:
        """The HTML of each line, from its tokens or without colours."""
        if tokens is None:
            return self._mark_plain_words(lines)
        changed = {place: (spans, tag) for place, spans, tag in self._changed_words(lines)}
        return [draw_line(line, *changed.get(place, ())) for place, line in enumerate(tokens)]

    def _mark_plain_words(self, lines: HunkLines) -> list[str]:
        """The same without colours: all lines are escaped at once, with control characters where elements will be."""
        texts, used = list(lines.texts), set[str]()
        for place, spans, tag in self._changed_words(lines):
            used.add(tag)
            texts[place] = _enclose(texts[place], spans, *_PLACES_OF_TAGS[tag])
        escaped = html.escape("\n".join(texts), quote=False)
        for tag in used:
            start, end = _PLACES_OF_TAGS[tag]
            escaped = escaped.replace(start, f"<{tag}>").replace(end, f"</{tag}>")
        return escaped.split("\n") if texts else []

    def _changed_words(self, lines: HunkLines) -> Iterator[tuple[int, Sequence[Span], str]]:
        """The places of lines of which only some characters changed, those characters, and the element for them."""
        for removed, added in changed_blocks(lines.marks):
            old_texts = lines.texts[removed.start : removed.stop]
            new_texts = lines.texts[added.start : added.stop]
            for found in self._words.compare(old_texts, new_texts):
                yield removed[found.old], found.old_spans, "del"
                yield added[found.new], found.new_spans, "ins"


class _Start(NamedTuple):
    """Numbers of the first lines of a hunk, and the row that stands before it."""

    old: int
    new: int
    row: str


def _enclose(text: str, spans: Sequence[Span], start: str, end: str) -> str:
    parts = []
    position = 0
    for first, last in spans:
        parts += [text[position:first], start, text[first:last], end]
        position = last
    return "".join([*parts, text[position:]])


class _Side(NamedTuple):
    """What one side of a hunk has: the places of its lines, and these lines as a text."""

    places: Sequence[int]
    text: str


def _sides(lines: HunkLines) -> Iterator[_Side]:
    """The sides that are coloured: of each hunk the old one if it has lines of its own, then the new one.

    The new one is left out where all changed lines are the old one's.
    """
    for hunk in _HUNK.finditer(lines.marks):
        start, marks = hunk.start(1), hunk[1]
        for own, other in (("-", "+"), ("+", "-")):
            if own in marks or (own == "+" and "-" not in marks):
                places = [start + place for place, mark in enumerate(marks) if mark != other]
                yield _Side(places, "".join([f"{lines.texts[place]}\n" for place in places]))


def _tokens(lines: HunkLines, sides: Iterable[_Side], language: type[Lexer]) -> list[list[Token]]:
    """Tokens of each line. Each side of a hunk is read as a whole, so that a string of several lines keeps its colour.

    Unchanged lines are read with the new side, or with the only one that there is.
    """
    found: list[list[Token]] = [[] for _ in lines.texts]
    for side in sides:
        for place, tokens in zip(side.places, tokenize(side.text, language), strict=True):
            found[place] = tokens
    return found


def _unified_rows(marks: str, codes: Sequence[str], anchor: str, starts: Iterator[_Start]) -> Iterator[str]:
    """Rows with the numbers of both sides."""
    old = new = 0
    for mark, code in zip(marks, codes, strict=True):
        if mark == " ":
            yield (
                f'<tr id="{anchor}-n{new}"><td class="ln">{old}</td><td class="ln">{new}</td><td class="mk"> </td>'
                f'<td class="src">{code}</td></tr>\n'
            )
            old, new = old + 1, new + 1
        elif mark == "+":
            yield (
                f'<tr class="add" id="{anchor}-n{new}"><td class="ln"></td><td class="ln">{new}</td>'
                f'<td class="mk">+</td><td class="src">{code}</td></tr>\n'
            )
            new += 1
        elif mark == "-":
            yield (
                f'<tr class="del" id="{anchor}-o{old}"><td class="ln">{old}</td><td class="ln"></td>'
                f'<td class="mk">{_MINUS}</td><td class="src">{code}</td></tr>\n'
            )
            old += 1
        else:
            old, new, row = next(starts)
            yield row


def _split_rows(marks: str, codes: Sequence[str], anchor: str, starts: Iterator[_Start]) -> Iterator[str]:
    """Rows with the old side on the left and the new one on the right."""
    old = new = 0
    for left, right in side_by_side(marks):
        if left == right and left is not None and marks[left] == _HEAD:
            old, new, row = next(starts)
            yield row
            continue
        cells = '<td class="ln void"></td><td class="mk void"></td><td class="src void"></td>'
        if left is not None:
            kind, sign = ("", " ") if left == right else (" del", _MINUS)
            cells = (
                f'<td class="ln{kind}" id="{anchor}-o{old}">{old}</td><td class="mk{kind}">{sign}</td>'
                f'<td class="src{kind}">{codes[left]}</td>'
            )
            old += 1
        if right is None:
            yield f'<tr>{cells}<td class="ln void mid"></td><td class="mk void"></td><td class="src void"></td></tr>\n'
            continue
        kind, sign = ("", " ") if left == right else (" add", "+")
        yield (
            f'<tr>{cells}<td class="ln{kind} mid" id="{anchor}-n{new}">{new}</td><td class="mk{kind}">{sign}</td>'
            f'<td class="src{kind}">{codes[right]}</td></tr>\n'
        )
        new += 1
