"""What a file of source code is made of: its classes and functions, or the headings of a text, by Pygments' tokens."""

import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kallithea.render.highlight import Token

#: Entries of one outline; the rest of a file has none.
MOST_ENTRIES = 500

# How deep entries lie in each other; what is deeper is a detail.
_DEEPEST = 2
_TAB = 8

# Lexers that mark a name as one of a class or function only where it is declared. Names of functions, without a body as
# well, end with a semicolon.
_DECLARING = frozenset({"Python", "C", "C++", "C#", "Java", "Kotlin", "PHP", "Ruby"})
_NAMES = frozenset({"nc", "nf", "fm"})

# In other languages, a name that follows one of these words is declared. Between both, Go has a receiver.
_WORDS = frozenset({"class", "enum", "fn", "func", "function", "impl", "interface", "struct", "sub", "trait", "type"})
_BY_WORD = frozenset({"Go", "JavaScript", "Lua", "Perl", "Rust", "Scala", "Swift", "TypeScript"})
_NAME = re.compile(r"\s+(?:\([^)]*\)\s*)?([A-Za-z_$][\w$.:]*)")

_HEADINGS = ("gh", "gu")
# What headings are underlined with, the first depth first.
_UNDERLINES = {"Markdown": "=-", "reStructuredText": ""}
_UNDERLINE = re.compile(r"([^\w\s])\1*")
_INDENT = re.compile(r"\s*")
# A line that ends what stands above it at the same depth; brackets and "end" belong to that.
_BEGINS = re.compile(r"(\s*)(?!end\b)[\w@\"'$]")


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A name, the lines from where it is declared to its end, and in how many others it lies."""

    name: str
    first: int
    last: int
    depth: int


def find_outline(lines: Sequence[Sequence[Token]], source: Sequence[str], language: str) -> tuple[OutlineEntry, ...]:
    """The outline of a file: ``lines`` as they were lexed, ``source`` as text. ``language`` is the lexer's name."""
    if language in _UNDERLINES:
        return _number(_headings(lines, list(_UNDERLINES[language])), len(lines), {})
    found = _declarations(lines, source, language)
    return _number(found, len(lines), _find_ends(source, found) if found else {})


def _declarations(lines: Sequence[Sequence[Token]], source: Sequence[str], language: str) -> list[tuple[int, int, str]]:
    """Line, indentation and name."""
    if language not in _DECLARING | _BY_WORD:
        return []
    find, part, signs = (_find_marked, 0, _NAMES) if language in _DECLARING else (_find_by_word, 1, _WORDS)
    of_token = operator.itemgetter(part)
    found: list[tuple[int, int, str]] = []
    for number, line in enumerate(lines, 1):
        # few lines have what all that declare something have
        if not signs.isdisjoint(map(of_token, line)) and (name := find(line)):
            found.append((number, _width(_INDENT.match(source[number - 1])), name))
        if len(found) == MOST_ENTRIES:
            break
    return found


def _find_marked(line: Sequence[Token]) -> str:
    for css_class, text in line:
        if css_class in _NAMES and text != "self":
            return "" if line[-1][1].rstrip().endswith(";") else text
    return ""


def _find_by_word(line: Sequence[Token]) -> str:
    for place, (css_class, text) in enumerate(line):
        if css_class.startswith("k") and text in _WORDS:
            match = _NAME.match("".join(text for _class, text in line[place + 1 :]))
            return match[1] if match else ""
    return ""


def _headings(lines: Sequence[Sequence[Token]], marks: list[str]) -> list[tuple[int, int, str]]:
    """Line, depth and words; underlines that are not in ``marks`` get the next depths, as they come."""
    found: list[tuple[int, int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line or line[0][0] not in _HEADINGS or len(found) == MOST_ENTRIES:
            continue
        text = "".join(text for _class, text in line).strip()
        underlined = _UNDERLINE.fullmatch(text)
        name = text.lstrip("#").strip(" #")
        if underlined is None and name:
            found.append((number, len(text) - len(text.lstrip("#")) or 1, name))
        elif underlined is not None and found and found[-1][0] == number - 1:
            if underlined[1] not in marks:
                marks.append(underlined[1])
            found[-1] = (number - 1, marks.index(underlined[1]) + 1, found[-1][2])
    return found


def _number(found: Sequence[tuple[int, int, str]], count: int, ends: Mapping[int, int]) -> tuple[OutlineEntry, ...]:
    """Entries, of which each lies in those before it that are indented less and have not ended."""
    entries: list[OutlineEntry] = []
    around: list[int] = []
    for place, (first, indent, name) in enumerate(found):
        while around and around[-1] >= indent:
            around.pop()
        last = ends.get(first, 0) or next((one[0] - 1 for one in found[place + 1 :] if one[1] <= indent), count)
        if len(around) <= _DEEPEST:
            entries.append(OutlineEntry(name, first, last, len(around)))
        around.append(indent)
    return tuple(entries)


def _find_ends(source: Sequence[str], found: Sequence[tuple[int, int, str]]) -> dict[int, int]:
    """Last lines of what is declared, by the first ones: each ends before what is not indented more than itself."""
    indents = {first: indent for first, indent, _name in found}
    ends: dict[int, int] = {}
    around: list[int] = []
    for number, line in enumerate(source, 1):
        # most lines are indented more than the function that they are in
        inside = not around or (line[:1].isspace() and not indents[around[-1]])
        if not inside and (begun := _BEGINS.match(line)) is not None:
            indent = _width(begun)
            while around and indents[around[-1]] >= indent:
                ends[around.pop()] = number - 1
        if number in indents:
            around.append(number)
    return ends


def _width(blanks: re.Match[str] | None) -> int:
    """In columns, of what a line begins with."""
    return len(blanks[blanks.re.groups].expandtabs(_TAB)) if blanks is not None else 0
