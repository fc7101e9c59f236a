"""From a query to a condition in SQL. What engines write in different ways is their dialect's."""

from dataclasses import dataclass
from typing import Any, Protocol

from kallithea.search import plans
from kallithea.search.matching import is_wild, literals
from kallithea.search.query import (
    After,
    And,
    Before,
    ByAuthor,
    InLanguage,
    InPath,
    InRepositories,
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
    Substring,
    WithExtension,
    Word,
    WordLeaf,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """Part of a statement, and the values for its placeholders."""

    sql: str
    values: tuple[Any, ...] = ()


TRUE = Condition("TRUE")
FALSE = Condition("FALSE")


class Dialect(Protocol):
    """How an engine asks for things of a document, which is called ``d``."""

    @property
    def placeholder(self) -> str:
        """What stands for a value."""
        ...

    def has_words(self, leaf: WordLeaf) -> Condition:
        """The text has the words."""
        ...

    def has_trigrams(self, grams: list[str]) -> Condition:
        """The text has all these trigrams."""
        ...

    def contains(self, column: str, part: str) -> Condition:
        """A column contains a string."""
        ...


def condition(node: Node, dialect: Dialect, *, wanted: bool = True) -> Condition:
    """What holds for all documents that meet the node, or if it is not ``wanted`` only for such."""
    match node:
        case And(operands):
            return joined(" AND ", [condition(operand, dialect, wanted=wanted) for operand in operands])
        case Or(operands):
            return joined(" OR ", [condition(operand, dialect, wanted=wanted) for operand in operands])
        case Not(operand):
            inner = condition(operand, dialect, wanted=not wanted)
            return Condition(f"NOT {inner.sql}", inner.values)
        case Word() | Prefix() | Phrase():
            return dialect.has_words(node)
        case _ if not wanted and not plans.is_exact_leaf(node):
            return FALSE
        case Substring() | Pattern():
            grams = plans.trigrams(node)
            return dialect.has_trigrams(grams) if grams else TRUE
        case _:
            return _filter(node, dialect)


def joined(word: str, found: list[Condition]) -> Condition:
    """The conditions in brackets with a word between them."""
    if not found:
        return TRUE
    return Condition(f"({word.join(part.sql for part in found)})", tuple(v for part in found for v in part.values))


def _filter(leaf: Leaf, dialect: Dialect) -> Condition:  # noqa: C901  # one case for each filter
    mark = dialect.placeholder
    match leaf:
        case InPath(text):
            pieces = literals(text) if is_wild(text) else [text]
            return joined(" AND ", [dialect.contains("d.path_key", piece) for piece in pieces])
        case WithExtension(text):
            return Condition(f"d.extension = {mark}", (text,))
        case InLanguage(text):
            return Condition(f"lower(d.language) = {mark}", (text,))
        case ByAuthor(text):
            return dialect.contains("d.author_key", text)
        case Before(moment):
            return Condition(f"(d.at > 0 AND d.at < {mark})", (moment.timestamp(),))
        case After(moment):
            return Condition(f"(d.at > 0 AND d.at >= {mark})", (moment.timestamp(),))
        case OnBranch(text):
            return Condition(f"d.branch = {mark}", (text,))
        case InRepositories(ids):
            return Condition(f"d.repository_id IN ({','.join(map(str, sorted(ids)))})") if ids else FALSE
        case OfRepository() | OfGroup():
            raise TypeError("names of repositories are looked up before")
        case _:
            raise TypeError("no filter")
