"""From a query to a statement for an SQLite index."""

import json

from kallithea.search import plans
from kallithea.search.conditions import Condition, condition, joined
from kallithea.search.engine import Scope
from kallithea.search.query import And, Node, Or, Phrase, Prefix, Word, WordLeaf, conjuncts


class SqliteDialect:
    """Implements ``conditions.Dialect``."""

    placeholder = "?"

    def has_words(self, leaf: WordLeaf) -> Condition:
        """See ``conditions.Dialect``."""
        return Condition("d.text_id IN (SELECT rowid FROM words WHERE words MATCH ?)", (expression(leaf),))

    def has_trigrams(self, grams: list[str]) -> Condition:
        """See ``conditions.Dialect``."""
        match = " AND ".join(map(_quoted, grams))
        return Condition("d.text_id IN (SELECT rowid FROM grams WHERE grams MATCH ?)", (match,))

    def contains(self, column: str, part: str) -> Condition:
        """See ``conditions.Dialect``."""
        return Condition(f"instr({column}, ?)", (part,))


_DIALECT = SqliteDialect()


def statement(query: Node, scope: Scope) -> Condition:
    """The candidates.

    Words are found first, then documents; the plus keeps SQLite from beginning with the repositories. What is not shown
    is not ranked: that is a third of the work.
    """
    first = plans.ranking(query)
    others = [condition(part, _DIALECT) for part in conjuncts(query) if part not in first]
    readable = json.dumps(sorted(scope.repository_ids))
    kind = int(scope.kind)
    found = [Condition("+d.repository_id IN (SELECT value FROM json_each(?))", (readable,)), *others]
    if scope.alone:
        found.append(Condition(f"d.kind = {kind}"))
    source, best = "documents d", "d.at DESC, d.id"
    if first:
        source = "words CROSS JOIN documents d ON d.text_id = words.rowid"
        best = f"CASE WHEN d.kind = {kind} THEN words.rank END, {best}"
        match = " AND ".join(f"({expression(part)})" for part in first)
        found.insert(0, Condition("words MATCH ?", (match,)))
    where = joined(" AND ", found)
    sql = (
        "SELECT id, kind, repository_id, language, branch, landing FROM ("  # noqa: S608
        "SELECT d.id, d.kind, d.repository_id, d.language, d.branch, d.landing,"
        f" row_number() OVER (PARTITION BY d.kind ORDER BY d.landing DESC, {best}) AS place"
        f" FROM {source} WHERE {where.sql}) WHERE place <= ? ORDER BY kind, place"
    )
    return Condition(sql, (*where.values, scope.limit))


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


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
