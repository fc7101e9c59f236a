r"""From what people write to a tree.

words        read_file              all words have to be there; AND may stand between them
OR, NOT, -   cat OR dog NOT fish    AND binds closer than OR; brackets group
phrase       "return None"
begin        stat*
part         *ead_fi*               below three letters, the begin of a word
pattern      /err(or)?\d+/          RE2's syntax
filters      repo: group: path: ext: lang: author: before: after: branch:
"""

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

import re2

from kallithea.core.words import _
from kallithea.search.query import (
    After,
    And,
    Before,
    ByAuthor,
    Filter,
    InLanguage,
    InPath,
    Leaf,
    Node,
    Not,
    OfGroup,
    OfRepository,
    OnBranch,
    Or,
    Pattern,
    Phrase,
    Prefix,
    QueryError,
    Substring,
    TextLeaf,
    WithExtension,
    Word,
    leaves,
)
from kallithea.search.tokens import LONGEST_WORD, words
from kallithea.search.trigrams import LENGTH

LONGEST_QUERY = 1_000
MOST_LEAVES = 40
_DEEPEST = 20
_SHORTEST_PREFIX = 2
_PATTERN_MEMORY = 1 << 20

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) | (?P<not>-(?=[^\s-]))
    | (?P<pattern>/(?:[^/\\]|\\.)+/(?=[\s()]|$))
    | (?P<phrase>"[^"]*"?)
    | (?P<field>(?:repo|group|path|ext|lang|author|before|after|branch):)(?P<value>"[^"]*"?|[^\s()]*)
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_FORMATS = ("%Y-%m-%d", "%Y-%m", "%Y")


class _Token(NamedTuple):
    kind: str
    text: str
    value: str = ""


def parse_query(text: str) -> Node:
    """The tree. Raises QueryError."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(_("This is too long: write at most %(most)s characters.", most=LONGEST_QUERY))
    tokens = _tokens(text.strip())
    if not tokens:
        raise QueryError(_("Write what you look for."))
    parser = _Parser(tokens)
    node = parser.parse()
    found = list(leaves(node))
    if len(found) > MOST_LEAVES:
        raise QueryError(_("This has too many parts: write at most %(most)s.", most=MOST_LEAVES))
    if not any(wanted for _leaf, wanted in found):
        raise QueryError(_("This only says what you do not look for: name something that you do."))
    return node


def compile_pattern(pattern: str) -> "re2._Regexp":
    """The regular expression, compiled. Raises QueryError."""
    options = re2.Options()
    options.max_mem = _PATTERN_MEMORY
    options.log_errors = False
    try:
        # alone first: brackets that do not fit may close those of the second
        re2.compile(pattern, options)
        return re2.compile(f"(?m:{pattern})", options)
    except re2.error as problem:
        said = problem.args[0] if problem.args else ""
        said = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise QueryError(
            _("The regular expression %(pattern)s is none: %(problem)s.", pattern=f"/{pattern}/", problem=said)
        ) from problem


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            raise QueryError(_("What stands at '%(rest)s' cannot be read.", rest=text[at : at + 20]))
        at = found.end()
        kind = "field" if found["field"] else found.lastgroup or ""
        if kind == "field":
            tokens.append(_Token(kind, found["field"][:-1].lower(), found["value"]))
        elif kind == "word" and found["word"] in ("AND", "OR", "NOT"):
            tokens.append(_Token(found["word"].lower(), found["word"]))
        else:
            tokens.append(_Token(kind, found[kind]))
    return tokens


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        node = self._any()
        if self._kind is not None:
            raise QueryError(_("There is a closing bracket without an opening one."))
        return node

    @property
    def _kind(self) -> str | None:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else None

    def _any(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError(_("The brackets are too deep."))
        operands = [self._all()]
        while self._kind == "or":
            self._at += 1
            operands.append(self._all())
        self._depth -= 1
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _all(self) -> Node:
        operands = [self._one()]
        while self._kind not in (None, "or", "close"):
            if self._kind == "and":
                self._at += 1
            operands.append(self._one())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _one(self) -> Node:
        negated = False
        while self._kind == "not":
            negated = not negated
            self._at += 1
        node = self._atom()
        return Not(node) if negated else node

    def _atom(self) -> Node:
        kind = self._kind
        if kind in (None, "or", "and", "close"):
            raise QueryError(_("Something is missing beside AND, OR, NOT or a bracket."))
        token = self._tokens[self._at]
        self._at += 1
        if kind != "open":
            return _leaf(token)
        node = self._any()
        if self._kind != "close":
            raise QueryError(_("A bracket is not closed."))
        self._at += 1
        return node


def _leaf(token: _Token) -> Leaf:
    match token.kind:
        case "field":
            return _filter(token.text, token.value.strip('"'))
        case "phrase":
            return _plain(token.text.strip('"'))
        case "pattern":
            pattern = token.text[1:-1].replace("\\/", "/")
            compile_pattern(pattern)
            return Pattern(pattern)
        case _:
            return _word(token.text)


def _word(text: str) -> TextLeaf:
    inner = text.strip("*")
    if "*" in inner:
        raise QueryError(_("'*' may only stand at the ends of a word, as in *part* or begin*: '%(word)s'.", word=text))
    if text.startswith("*") and len("".join(inner.split())) >= LENGTH:
        return Substring(inner.lower())
    return _prefix(inner) if "*" in text else _plain(inner)


def _prefix(text: str) -> TextLeaf:
    found = words(text)
    if len(found) != 1 or found[0] != text.lower():
        raise QueryError(_("Before '*' stands the begin of a single word: '%(word)s' is none.", word=text))
    if len(text) < _SHORTEST_PREFIX:
        raise QueryError(_("Write at least %(count)s letters before '*'.", count=_SHORTEST_PREFIX))
    return Prefix(found[0])


def _plain(text: str) -> TextLeaf:
    found = words(text)
    if not found:
        if len(text) >= LENGTH and not any(map(str.isspace, text)):
            return Substring(text.lower())
        raise QueryError(
            _("'%(text)s' has no letters or digits: write more of it, or a pattern such as /==/.", text=text)
        )
    if any(len(word) > LONGEST_WORD for word in found):
        raise QueryError(_("A word is too long."))
    return Word(found[0]) if len(found) == 1 else Phrase(tuple(found))


def _filter(field: str, value: str) -> Filter:
    if not value:
        raise QueryError(_("Something is missing after '%(field)s:'.", field=field))
    return _FILTERS[field](value)


def _moment(text: str) -> datetime.datetime:
    for written in _FORMATS:
        try:
            return datetime.datetime.strptime(text, written).replace(tzinfo=datetime.UTC)
        except ValueError:
            continue
    raise QueryError(_("'%(text)s' is no date: write one such as 2024-05-31, 2024-05 or 2024.", text=text))


_FILTERS: dict[str, Callable[[str], Filter]] = {
    "repo": OfRepository,
    "group": lambda value: OfGroup(value.strip("/")),
    "path": lambda value: InPath(value.lower()),
    "ext": lambda value: WithExtension(value.lower().removeprefix(".")),
    "lang": lambda value: InLanguage(value.lower()),
    "author": lambda value: ByAuthor(value.lower()),
    "before": lambda value: Before(_moment(value)),
    "after": lambda value: After(_moment(value)),
    "branch": OnBranch,
}
