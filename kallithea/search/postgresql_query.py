"""From a query to a statement for an index in PostgreSQL."""

from kallithea.search.conditions import Condition, condition, joined
from kallithea.search.engine import Scope
from kallithea.search.postgresql_rows import code, plain
from kallithea.search.query import Node, Phrase, Prefix, Word, WordLeaf, conjuncts

_IN_WORDS = "SELECT text_id FROM words WHERE words @@ %s::tsquery"


class PostgresqlDialect:
    """Implements ``conditions.Dialect``."""

    placeholder = "%s"

    def has_words(self, leaf: WordLeaf) -> Condition:
        """See ``conditions.Dialect``."""
        match leaf:
            case Word(text):
                return Condition(f"d.text_id IN ({_IN_WORDS})", (_quoted(text),))
            case Prefix(text):
                return Condition(f"d.text_id IN ({_IN_WORDS})", (f"{_quoted(text)}:*",))
            case Phrase(words):
                return _in_order(words)

    def has_trigrams(self, grams: list[str]) -> Condition:
        """See ``conditions.Dialect``."""
        return Condition("d.text_id IN (SELECT id FROM texts WHERE grams @> %s::bigint[])", (list(map(code, grams)),))

    def contains(self, column: str, part: str) -> Condition:
        """See ``conditions.Dialect``."""
        return Condition(f"strpos({column}, %s) > 0", (part,))


_DIALECT = PostgresqlDialect()


def statement(query: Node, scope: Scope) -> Condition:
    """The candidates.

    Of each kind the newest come first, then the shorter ones: what a short text has is what it is about.
    """
    found = [Condition("d.repository_id = ANY(%s::integer[])", (list(scope.repository_ids),))]
    if scope.alone:
        found.append(Condition("d.kind = %s", (int(scope.kind),)))
    found += [condition(part, _DIALECT) for part in conjuncts(query)]
    where = joined(" AND ", found)
    sql = (
        "SELECT id, kind, repository_id, language, branch, landing FROM ("  # noqa: S608
        "SELECT d.id, d.kind, d.repository_id, d.language, d.branch, d.landing,"
        " row_number() OVER (PARTITION BY d.kind ORDER BY d.landing DESC, d.at DESC, d.size, d.id) AS place"
        f" FROM documents d WHERE {where.sql}) found WHERE place <= %s ORDER BY kind, place"
    )
    values = tuple(plain(value) if isinstance(value, str) else value for value in where.values)
    return Condition(sql, (*values, scope.limit))


def _in_order(words: tuple[str, ...]) -> Condition:
    """A phrase: texts that have all its words, then those that have them in a row.

    The array keeps the planner from reading all texts.
    """
    distinct = tuple(dict.fromkeys(words))
    having = " INTERSECT ".join([_IN_WORDS] * len(distinct))
    sql = f"d.text_id IN (SELECT id FROM texts WHERE id = ANY(ARRAY({having})) AND strpos(spelled, %s) > 0)"  # noqa: S608
    return Condition(sql, (*map(_quoted, distinct), f" {' '.join(words)} "))


def _quoted(word: str) -> str:
    """See "tsquery" in https://www.postgresql.org/docs/current/datatype-textsearch.html."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
