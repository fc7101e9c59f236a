"""Whether a document meets a query, exactly: what the engines' own answers are held against, and completed by."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import re2

from kallithea.search.documents import Facts
from kallithea.search.parser import compile_pattern
from kallithea.search.query import (
    After,
    And,
    Before,
    ByAuthor,
    Filter,
    InLanguage,
    InPath,
    InRepositories,
    Node,
    Not,
    OfGroup,
    OfRepository,
    OnBranch,
    Or,
    Pattern,
    Phrase,
    Prefix,
    Substring,
    TextLeaf,
    WithExtension,
    Word,
    leaves,
)
from kallithea.search.tokens import all_parts, words

_WILD = re.compile(r"\*\*/?|\*|\?|[^*?]+")


@dataclass
class Reading:
    """A document while it is held against a query; ``body`` is its text in UTF-8."""

    facts: Facts
    body: bytes = b""
    _text: str | None = None
    _words: list[str] | None = None
    _known: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The text."""
        if self._text is None:
            self._text = self.body.decode()
        return self._text

    @property
    def words(self) -> list[str]:
        """Its words."""
        if self._words is None:
            self._words = words(self.text)
        return self._words

    @property
    def words_and_parts(self) -> set[str]:
        """Its words and their parts."""
        if not self._known:
            self._known = {*self.words, *all_parts(self.text)}
        return self._known


def matches(node: Node, reading: Reading) -> bool:
    """Whether the document meets the query."""
    match node:
        case And(operands):
            return all(matches(operand, reading) for operand in operands)
        case Or(operands):
            return any(matches(operand, reading) for operand in operands)
        case Not(operand):
            return not matches(operand, reading)
        case Word() | Prefix() | Phrase() | Substring() | Pattern():
            return _has(node, reading)
        case _:
            return _admits(node, reading.facts)


def shows_all_branches(node: Node) -> bool:
    """Whether the query itself says on which branches; else only the landing ones are meant."""
    return any(isinstance(leaf, OnBranch) for leaf, _wanted in leaves(node))


def is_wild(path: str) -> bool:
    """Whether a path of a query stands for whole paths, by ``*`` and ``?``."""
    return "*" in path or "?" in path


def literals(path: str) -> list[str]:
    """Parts that every path has which a path with ``*`` and ``?`` stands for."""
    return [piece for piece in re.split(r"\*\*/?|[*?]", path) if piece]


def _has(leaf: TextLeaf, reading: Reading) -> bool:
    match leaf:
        case Word(text):
            return text in reading.words_and_parts
        case Prefix(text):
            return any(word.startswith(text) for word in reading.words_and_parts)
        case Phrase(wanted):
            count, found = len(wanted), reading.words
            return any(tuple(found[at : at + count]) == wanted for at in range(len(found) - count + 1))
        case Substring(text):
            # ASCII letters are the same in all of UTF-8, and bytes are sooner looked through
            return text.encode() in reading.body.lower() if text.isascii() else text in reading.text.lower()
        case Pattern(text):
            return _compiled(text).search(reading.body) is not None


def _admits(leaf: Filter, facts: Facts) -> bool:  # noqa: C901  # one case for each filter
    match leaf:
        case InPath(text):
            path = facts.path.lower()
            return _glob(text).search(path) is not None if is_wild(text) else text in path
        case WithExtension(text):
            return facts.extension == text
        case InLanguage(text):
            return facts.language.lower() == text
        case ByAuthor(text):
            return text in facts.author.lower()
        case Before(moment):
            return 0 < facts.at < moment.timestamp()
        case After(moment):
            return facts.at > 0 and facts.at >= moment.timestamp()
        case OnBranch(text):
            return facts.branch == text
        case InRepositories(ids):
            return facts.repository_id in ids
        case OfRepository() | OfGroup():
            raise TypeError("names of repositories are looked up before")


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    return compile_pattern(pattern)


@lru_cache(maxsize=64)
def _glob(path: str) -> Any:
    """An expression that fits whole paths, one of which is a line."""
    made = "".join(_expression(piece) for piece in _WILD.findall(path))
    return re2.compile(f"(?m:^(?:{made})$)")


def _expression(piece: str) -> str:
    match piece:
        case "**/":
            return "(?:[^\n]*/)?"
        case "**":
            return "[^\n]*"
        case "*":
            return "[^/\n]*"
        case "?":
            return "[^/\n]"
        case _:
            return str(re2.escape(piece))
