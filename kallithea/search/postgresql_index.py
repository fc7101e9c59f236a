"""An index in a schema of a PostgreSQL database."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import psycopg

from kallithea.core.words import _
from kallithea.search import plans
from kallithea.search import postgresql_rows as rows
from kallithea.search.documents import DocumentKind, Facts, KnownFile, Skipped, Update
from kallithea.search.engine import Candidate, Scope, SearchError, TooCostlyError
from kallithea.search.postgresql_generations import Connection
from kallithea.search.postgresql_query import statement
from kallithea.search.postgresql_writing import apply_update, forget_repository
from kallithea.search.query import Leaf, Node


class PostgresqlIndex:
    """Implements ``engine.Index``. ``written``: whether anything was."""

    #: All versions make the same.
    outdated = False

    def __init__(self, connection: Connection, generation: str) -> None:
        self.generation = generation
        self._connection = connection
        self.written = False

    def count(self) -> int:
        """See ``engine.Index``."""
        with _reading():
            row = self._connection.execute("SELECT count(*) FROM documents").fetchone()
        return int(row[0]) if row is not None else 0

    def candidates(self, query: Node, scope: Scope) -> list[Candidate]:
        """See ``engine.Index``."""
        made = statement(query, scope)
        milliseconds = int(scope.seconds * 1000)
        with _reading():
            if milliseconds <= 0:
                raise psycopg.errors.QueryCanceled
            self._connection.execute("SELECT set_config('statement_timeout', %s, false)", (str(milliseconds),))
            return [Candidate(*row) for row in self._connection.execute(made.sql, made.values)]

    def tells(self, leaf: Leaf) -> bool:
        """See ``engine.Index``."""
        return plans.is_exact_leaf(leaf)

    def facts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts]]:
        """See ``engine.Index``."""
        sql = f"SELECT d.id, {rows.FACTS_COLUMNS} FROM documents d WHERE d.id = ANY(%s::bigint[])"  # noqa: S608
        with _reading():
            found = {row[0]: row[1:] for row in self._connection.execute(sql, (list(document_ids),))}
        yield from ((number, rows.read_facts(found[number])) for number in document_ids if number in found)

    def texts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts, bytes]]:
        """See ``engine.Index``."""
        sql = (
            f"SELECT d.id, t.body, {rows.FACTS_COLUMNS} FROM documents d JOIN texts t ON t.id = d.text_id"  # noqa: S608
            " WHERE d.id = ANY(%s::bigint[])"
        )
        with _reading():
            found = {row[0]: row[1:] for row in self._connection.execute(sql, (list(document_ids),), binary=True)}
        for number in document_ids:
            if number in found:
                body, *facts = found[number]
                yield number, rows.read_facts(facts), rows.unpack(body)

    def files(self, repository_id: int, branch: str) -> Mapping[str, KnownFile]:
        """See ``engine.Index``."""
        sql = "SELECT address, object_id, skipped FROM documents WHERE repository_id = %s AND kind = %s AND branch = %s"
        values = (repository_id, int(DocumentKind.FILE), rows.plain(branch))
        with _reading():
            found = self._connection.execute(sql, values).fetchall()
        return {address: KnownFile(object_id, Skipped(skipped)) for address, object_id, skipped in found}

    def commit_ids(self, repository_id: int) -> set[str]:
        """See ``engine.Index``."""
        sql = "SELECT address FROM documents WHERE repository_id = %s AND kind = %s"
        with _reading():
            return {row[0] for row in self._connection.execute(sql, (repository_id, int(DocumentKind.COMMIT)))}

    def states(self, repository_ids: Iterable[int] | None = None) -> dict[int, str]:
        """See ``engine.Index``."""
        sql = "SELECT repository_id, state FROM states WHERE %s::integer[] IS NULL OR repository_id = ANY(%s)"
        chosen = None if repository_ids is None else list(repository_ids)
        with _reading():
            return {row[0]: row[1] for row in self._connection.execute(sql, (chosen, chosen))}

    def apply(self, update: Update) -> None:
        """See ``engine.Index``."""
        with self._writing():
            apply_update(self._connection, update)

    def forget(self, repository_id: int) -> None:
        """See ``engine.Index``."""
        with self._writing():
            forget_repository(self._connection, repository_id)

    def close(self) -> None:
        """See ``engine.Index``."""
        self._connection.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._connection.transaction():
                self._connection.execute("SET LOCAL statement_timeout = 0")
                # one writer at a time: texts are shared; readers do not wait
                self._connection.execute("LOCK TABLE states IN EXCLUSIVE MODE")
                yield
        except psycopg.Error as problem:
            raise SearchError(_("The index cannot be written.")) from problem
        self.written = True


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.QueryCanceled as problem:
        raise TooCostlyError(
            _("This took too long: add a word, or name a repository, a path or a language with it.")
        ) from problem
    except psycopg.Error as problem:
        raise SearchError(_("The index cannot be read.")) from problem
