"""From a query to a statement for an SQLite index."""

from kallithea.search import plans
from kallithea.search.conditions import Condition, condition, joined
from kallithea.search.documents import DocumentKind
from kallithea.search.matching import shows_all_branches
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


def statement(query: Node, repository_ids: str, limit: int) -> Condition:
    """Number, kind, repository and language of the candidates; ``repository_ids`` is a JSON list.

    Words are found first, then documents; the plus keeps SQLite from beginning with the repositories.
    """
    first = plans.ranking(query)
    others = [condition(part, _DIALECT) for part in conjuncts(query) if part not in first]
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
    where = joined(" AND ", found)
    sql = f"SELECT d.id, d.kind, d.repository_id, d.language FROM {source} WHERE {where.sql} ORDER BY {order} LIMIT ?"  # noqa: S608
    return Condition(sql, (*where.values, limit))


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


#: Kinds that lie on branches.
FILES = (DocumentKind.CODE, DocumentKind.FILE)
