"""From a query to a statement for an SQLite index."""

from dataclasses import dataclass
from typing import Any

from kallithea.search import plans
from kallithea.search.documents import DocumentKind
from kallithea.search.matching import is_wild, literals, shows_all_branches
from kallithea.search.query import (
    After,
    And,
    Before,
    ByAuthor,
    Filter,
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
    conjuncts,
)

_IN_WORDS = "d.text_id IN (SELECT rowid FROM words WHERE words MATCH ?)"
_IN_GRAMS = "d.text_id IN (SELECT rowid FROM grams WHERE grams MATCH ?)"


@dataclass(frozen=True, slots=True)
class Condition:
    """Part of a statement, and the values for its question marks."""

    sql: str
    values: tuple[Any, ...] = ()


def statement(query: Node, repository_ids: str, limit: int) -> Condition:
    """Number, kind, repository and language of the candidates; ``repository_ids`` is a JSON list.

    Words are found first, then documents; the plus keeps SQLite from beginning with the repositories.
    """
    first = plans.ranking(query)
    others = [condition(part) for part in conjuncts(query) if part not in first]
    if not shows_all_branches(query):
        others.append(Condition("d.landing"))
    readable = Condition("+d.repository_id IN (SELECT value FROM json_each(?))", (repository_ids,))
    if first:
        source, order = "words CROSS JOIN documents d ON d.text_id = words.rowid", "words.rank, d.at DESC, d.id"
        match = " AND ".join(f"({expression(part)})" for part in first)
        found = [Condition("words MATCH ?", (match,)), readable, *others]
    else:
        source, order = "documents d", "d.at DESC, d.id"
        found = [readable, *others]
    where = _joined(" AND ", found)
    sql = f"SELECT d.id, d.kind, d.repository_id, d.language FROM {source} WHERE {where.sql} ORDER BY {order} LIMIT ?"  # noqa: S608
    return Condition(sql, (*where.values, limit))


def condition(node: Node, *, wanted: bool = True) -> Condition:
    """What holds for all documents that meet the node, or if it is not ``wanted`` only for such."""
    match node:
        case And(operands):
            return _joined(" AND ", [condition(operand, wanted=wanted) for operand in operands])
        case Or(operands):
            return _joined(" OR ", [condition(operand, wanted=wanted) for operand in operands])
        case Not(operand):
            inner = condition(operand, wanted=not wanted)
            return Condition(f"NOT {inner.sql}", inner.values)
        case Word() | Prefix() | Phrase():
            return Condition(_IN_WORDS, (expression(node),))
        case _ if not wanted and not plans.is_exact_leaf(node):
            return Condition("0")
        case Substring() | Pattern():
            return _in_grams(node)
        case _:
            return _filter(node)


def expression(node: Node) -> str:
    """Words in the language of FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax."""
    match node:
        case And(operands):
            return " AND ".join(f"({expression(operand)})" for operand in operands)
        case Or(operands):
            return " OR ".join(f"({expression(operand)})" for operand in operands)
        case Word(text):
            return _quoted(text)
        case Prefix(text):
            return f"{_quoted(text)} *"
        case Phrase(words):
            return f"body : {_quoted(' '.join(words))}"
        case _:
            raise TypeError("no words")


def _in_grams(leaf: Substring | Pattern) -> Condition:
    grams = plans.trigrams(leaf)
    if not grams:
        return Condition("1")
    return Condition(_IN_GRAMS, (" AND ".join(map(_quoted, grams)),))


def _filter(leaf: Leaf | Filter) -> Condition:  # noqa: C901  # one case for each filter
    match leaf:
        case InPath(text):
            pieces = literals(text) if is_wild(text) else [text]
            return _joined(" AND ", [Condition("instr(d.path_key, ?)", (piece,)) for piece in pieces])
        case WithExtension(text):
            return Condition("d.extension = ?", (text,))
        case InLanguage(text):
            return Condition("lower(d.language) = ?", (text,))
        case ByAuthor(text):
            return Condition("instr(d.author_key, ?)", (text,))
        case Before(moment):
            return Condition("(d.at > 0 AND d.at < ?)", (moment.timestamp(),))
        case After(moment):
            return Condition("(d.at > 0 AND d.at >= ?)", (moment.timestamp(),))
        case OnBranch(text):
            return Condition("d.branch = ?", (text,))
        case InRepositories(ids):
            return Condition(f"d.repository_id IN ({','.join(map(str, sorted(ids)))})")
        case OfRepository() | OfGroup():
            raise TypeError("names of repositories are looked up before")
        case _:
            raise TypeError("no filter")


def _joined(word: str, found: list[Condition]) -> Condition:
    if not found:
        return Condition("1")
    return Condition(f"({word.join(part.sql for part in found)})", tuple(v for part in found for v in part.values))


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


#: Kinds that lie on branches.
FILES = (DocumentKind.CODE, DocumentKind.FILE)
