"""Source code as lines of HTML, coloured by Pygments with its short class names."""

import fnmatch
import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import EntryPoints

import pygments.plugin
from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name, find_lexer_class_for_filename, get_all_lexers
from pygments.lexers.special import TextLexer
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

# Lexers of other packages would be looked for, and loaded, at each name that Pygments itself does not know.
pygments.plugin.iter_entry_points = lambda group_name: EntryPoints()  # noqa: ARG005 - called by its name

#: Text longer than this many characters is shown without colours: lexing it would take seconds.
HIGHLIGHT_LIMIT = 256_000

#: So is text of more lines, each of which is drawn on its own.
HIGHLIGHT_LINES = 10_000

#: A line longer than this is not written by hand; lexers may need quadratic time for it.
LONGEST_LINE = 5_000

# Where several languages claim an ending, Pygments asks the content or goes by the alphabet, which gives Prolog for
# Perl. A name alone decides here, so that of these the one that most files are in is named.
_USUAL_LANGUAGES = {
    ".PL": "perl",
    ".S": "gas",
    ".asax": "aspx-cs",
    ".ascx": "aspx-cs",
    ".ashx": "aspx-cs",
    ".asmx": "aspx-cs",
    ".aspx": "aspx-cs",
    ".fs": "fsharp",
    ".ipynb": "json",
    ".pl": "perl",
    ".pm": "perl",
    ".r": "r",
    ".sql": "sql",
    ".t": "perl",
    ".ttl": "turtle",
}

# The first text in a language takes milliseconds to prepare, in some more than a hundred. Those of most files.
_PREPARED = """
    bash c cpp css diff go html ini java javascript json make markdown perl php po python restructuredtext ruby
    rust toml typescript xml yaml
""".split()

# What stands for other characters in a pattern of file names.
_WILD = re.compile(r"[*?\[]")

Span = tuple[int, int]
Token = tuple[str, str]

# Of the tokens with no more characters, which are most, few are different.
_SHORT = 24

# Blanks, names and brackets are most of a file, and have the colour of the text.
_PLAIN = frozenset({"", "w", "p", "n", "x"})


def highlight_lines(text: str, file_name: str) -> list[Markup]:
    """The lines of a text without unseen characters but LF and tab, each as HTML. The name picks the language."""
    return [paint(tokens) for tokens in tokenize(text, find_language(file_name))]


def is_highlighted(text: str) -> bool:
    """Whether a text is short enough, in whole and in its lines, to be coloured."""
    if len(text) > HIGHLIGHT_LIMIT or text.count("\n") > HIGHLIGHT_LINES:
        return False
    return max(map(len, text.split("\n"))) <= LONGEST_LINE


def find_language(file_name: str) -> type[Lexer]:
    """The lexer for a file of this name; one for plain text where no other fits."""
    name = posixpath.basename(file_name)
    usual = _USUAL_LANGUAGES.get(posixpath.splitext(name)[1])
    return _by_language(usual) if usual else _by_file_name(_namesake(name))


def prepare_usual_languages() -> None:
    """Do now what the first visitor of a language would wait for; processes that are forked later share it."""
    find_language("x.c")
    for name in _PREPARED:
        tokenize("\n", find_language_by_name(name))


def find_language_by_name(name: str) -> type[Lexer]:
    """The lexer for a language by its name, such as ``python``, as documents write it; else the one for plain text."""
    return _by_language(name.lower())


def _namesake(name: str) -> str:
    """A name that the same of Pygments' patterns fit, and equal for all files of most languages.

    Pygments tries each of its patterns. Nearly all of them are for names of one ending: of two such that fit a name,
    the shorter one fits the ending of the longer one, too.
    """
    exact, endings, others = _patterns()
    if name in exact or others.fullmatch(name):
        return name
    ending = next((name[start:] for start in range(len(name)) if name[start:] in endings), "")
    return f"_{ending}"


@lru_cache(maxsize=1)
def _patterns() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    """Names that are patterns themselves, the endings of patterns such as ``*.c``, and what fits all others."""
    patterns = {pattern for _name, _aliases, patterns, _types in get_all_lexers() for pattern in patterns}
    exact = {pattern for pattern in patterns if not _WILD.search(pattern)}
    of_endings = {pattern for pattern in patterns if pattern.startswith("*") and not _WILD.search(pattern[1:])}
    others = "|".join(map(fnmatch.translate, sorted(patterns - exact - of_endings)))
    return frozenset(exact), frozenset(pattern[1:] for pattern in of_endings), re.compile(others)


@lru_cache(maxsize=1024)
def _by_file_name(name: str) -> type[Lexer]:
    lexer = find_lexer_class_for_filename(name)
    return lexer if lexer is not None else TextLexer


@lru_cache(maxsize=256)
def _by_language(name: str) -> type[Lexer]:
    try:
        return find_lexer_class_by_name(name)
    except ClassNotFound:
        return TextLexer


def tokenize(text: str, language: type[Lexer]) -> list[list[Token]]:
    """The lines of a text, each as pairs of CSS class and text. A final end of line begins no further line."""
    if not text:
        return []
    found = _lex(text, language)
    if found is None:
        return [[("", line)] if line else [] for line in text.removesuffix("\n").split("\n")]
    line: list[Token] = []
    lines = [line]
    for kind, value in found:
        css_class = _css_class(kind)
        # nearly all are within a line
        if "\n" not in value:
            if value:
                line.append((css_class, value))
            continue
        first, *others = value.split("\n")
        if first:
            line.append((css_class, first))
        lines.extend([(css_class, part)] if part else [] for part in others)
        line = lines[-1]
    if text.endswith("\n"):
        lines.pop()
    return lines


def _lex(text: str, language: type[Lexer]) -> list[tuple[_TokenType, str]] | None:
    """The text in pieces of one kind each; None where it stays plain, as where a lexer loses or changes some of it."""
    if language is TextLexer or not is_highlighted(text):
        return None
    found = list(language(stripnl=False, ensurenl=False).get_tokens(text))
    return found if "".join([value for _kind, value in found]) == text else None


def paint(tokens: Iterable[Token]) -> Markup:
    """One line as HTML."""
    return Markup(draw_line(tokens))  # noqa: S704 - escaped


def draw_line(tokens: Iterable[Token], marks: Sequence[Span] = (), tag: str = "ins") -> str:
    """The text of one line's HTML, for tables of thousands of lines.

    The character ranges ``marks``, which are in order and do not overlap, are put into elements ``tag``.
    """
    if not marks:
        return "".join(
            [
                _short_span(css_class, text) if len(text) <= _SHORT else _span(css_class, text)
                for css_class, text in tokens
            ]
        )
    parts: list[str] = []
    position = 0
    for css_class, text in tokens:
        for start, stop, inside in _cut(position, position + len(text), marks):
            piece = _span(css_class, text[start - position : stop - position])
            parts.append(f"<{tag}>{piece}</{tag}>" if inside else piece)
        position += len(text)
    return "".join(parts).replace(f"</{tag}><{tag}>", "")


def _cut(start: int, end: int, marks: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """The parts of a range that lie in the marks or between them, and which of both each does."""
    for first, last in marks:
        if last <= start:
            continue
        if first >= end:
            break
        if first > start:
            yield start, first, False
        yield max(first, start), min(last, end), True
        start = min(last, end)
    if start < end:
        yield start, end, False


def _span(css_class: str, text: str) -> str:
    # most tokens are words
    escaped = text if text.isalnum() else html.escape(text, quote=False)
    return f'<span class="{css_class}">{escaped}</span>' if css_class else escaped


_short_span = lru_cache(maxsize=4096)(_span)


@lru_cache(maxsize=512)
def _css_class(kind: _TokenType) -> str:
    known: _TokenType | None = kind
    while known is not None and known not in STANDARD_TYPES:
        known = known.parent
    css_class = STANDARD_TYPES[known] if known is not None else ""
    return "" if css_class in _PLAIN else css_class


#: Every class that may come out, for the sanitizer of documents.
CSS_CLASSES: frozenset[str] = frozenset(STANDARD_TYPES.values()) - _PLAIN


def highlight_block(code: str, language: str) -> Markup:
    """A block of code in a document, as the content of ``<pre>``."""
    return Markup("\n").join(paint(tokens) for tokens in tokenize(code, find_language_by_name(language)))
