"""An index in an SQLite file, which must lie on a disk of this machine."""

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from backports import zstd

from kallithea.core.words import _
from kallithea.search import plans
from kallithea.search.documents import FILES, Document, DocumentKind, Facts, KnownFile, Skipped, Update
from kallithea.search.engine import Candidate, Scope, SearchError, TooCostlyError
from kallithea.search.query import Leaf, Node
from kallithea.search.sqlite_query import statement
from kallithea.search.sqlite_schema import FORMAT, SCHEMA
from kallithea.search.tokens import all_parts, has_data, words
from kallithea.search.trigrams import pieces

_BUSY_SECONDS = 60.0
_STEPS = 1_000
_LEVEL = 1
_FACTS = (
    "d.kind, d.repository_id, d.branch, d.landing, d.path, d.address, d.object_id, d.language, d.extension,"
    " d.author, d.at"
)
_INSERT = "INSERT INTO documents VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class SqliteIndex:
    """Implements ``engine.Index``."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Raises SearchError."""
        self.generation = path.stem
        try:
            self._connection = _connect(path, create=create)
        except sqlite3.Error as problem:
            raise SearchError(_("The index cannot be opened.")) from problem

    @property
    def outdated(self) -> bool:
        """See ``engine.Index``."""
        ((number,),) = self._read("PRAGMA user_version")
        return int(number) < FORMAT

    def count(self) -> int:
        """See ``engine.Index``."""
        ((number,),) = self._read("SELECT count(*) FROM documents")
        return int(number)

    def candidates(self, query: Node, scope: Scope) -> list[Candidate]:
        """See ``engine.Index``."""
        made = statement(query, scope)
        deadline = time.monotonic() + scope.seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            return list(map(Candidate._make, self._read(made.sql, *made.values)))
        finally:
            self._connection.set_progress_handler(None, 0)

    def tells(self, leaf: Leaf) -> bool:
        """See ``engine.Index``."""
        return plans.is_exact_leaf(leaf)

    def facts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts]]:
        """See ``engine.Index``."""
        sql = f"SELECT d.id, {_FACTS} FROM documents d WHERE d.id IN (SELECT value FROM json_each(?))"  # noqa: S608
        found = {row[0]: _facts(row[1:]) for row in self._read(sql, json.dumps(list(document_ids)))}
        yield from ((number, found[number]) for number in document_ids if number in found)

    def texts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts, bytes]]:
        """See ``engine.Index``."""
        sql = (
            f"SELECT d.id, t.body, {_FACTS} FROM documents d JOIN texts t ON t.id = d.text_id"  # noqa: S608
            " WHERE d.id IN (SELECT value FROM json_each(?))"
        )
        found = {row[0]: row for row in self._read(sql, json.dumps(list(document_ids)))}
        for number in document_ids:
            if number in found:
                _id, body, *facts = found[number]
                yield number, _facts(facts), zstd.decompress(body)

    def files(self, repository_id: int, branch: str) -> Mapping[str, KnownFile]:
        """See ``engine.Index``."""
        sql = "SELECT address, object_id, skipped FROM documents WHERE repository_id = ? AND kind = ? AND branch = ?"
        rows = self._read(sql, repository_id, DocumentKind.FILE, branch)
        return {address: KnownFile(object_id, Skipped(skipped)) for address, object_id, skipped in rows}

    def commit_ids(self, repository_id: int) -> set[str]:
        """See ``engine.Index``."""
        sql = "SELECT address FROM documents WHERE repository_id = ? AND kind = ?"
        return {row[0] for row in self._read(sql, repository_id, DocumentKind.COMMIT)}

    def states(self, repository_ids: Iterable[int] | None = None) -> dict[int, str]:
        """See ``engine.Index``."""
        if repository_ids is None:
            return dict(self._read("SELECT repository_id, state FROM states"))
        sql = "SELECT repository_id, state FROM states WHERE repository_id IN (SELECT value FROM json_each(?))"
        return dict(self._read(sql, json.dumps(list(repository_ids))))

    def apply(self, update: Update) -> None:
        """See ``engine.Index``."""
        number = update.repository_id
        with self._writing():
            gone = _Gone(self._connection)
            for kind in FILES:
                gone.drop(number, kind, update.branch, update.gone_files)
                for branch in update.gone_branches:
                    gone.drop_all(number, kind, branch)
            gone.drop(number, DocumentKind.COMMIT, "", update.gone_commits)
            if update.about:
                gone.drop_all(number, DocumentKind.REPOSITORY, "")
            for document in update.documents:
                self._add(document)
            gone.drop_texts()
            if update.state is not None:
                self._connection.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (number, update.state))

    def forget(self, repository_id: int) -> None:
        """See ``engine.Index``."""
        with self._writing():
            gone = _Gone(self._connection)
            gone.drop_repository(repository_id)
            gone.drop_texts()
            self._connection.execute("DELETE FROM states WHERE repository_id = ?", (repository_id,))

    def close(self) -> None:
        """See ``engine.Index``."""
        self._connection.close()

    def _read(self, sql: str, *values: Any) -> list[Any]:
        """The rows. Raises TooCostlyError where ``candidates`` set a time that is over, SearchError."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as problem:
            if getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise TooCostlyError(
                    _("This took too long: add a word, or name a repository, a path or a language with it.")
                ) from problem
            raise SearchError(_("The index cannot be read.")) from problem

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        except sqlite3.Error as problem:
            raise SearchError(_("The index cannot be written.")) from problem

    def _add(self, document: Document) -> None:
        facts = document.facts
        values = (
            facts.kind,
            facts.repository_id,
            self._text_id(document.text),
            facts.branch,
            facts.landing,
            facts.path,
            facts.path.lower(),
            facts.address,
            facts.object_id,
            facts.language,
            facts.extension,
            facts.author,
            facts.author.lower(),
            facts.at,
            document.skipped,
        )
        self._connection.execute(_INSERT, values)

    def _text_id(self, text: str) -> int:
        """The number of a text, which is indexed if it is new."""
        encoded = text.encode()
        digest = hashlib.blake2b(encoded, digest_size=16).digest()
        run = self._connection.execute
        known = run("SELECT id FROM texts WHERE digest = ?", (digest,)).fetchone()
        if known is not None:
            return int(known[0])
        body = zstd.compress(encoded, _LEVEL)
        number = run("INSERT INTO texts (digest, body) VALUES (?, ?)", (digest, body)).lastrowid
        body_words, parts, grams = _indexed(text)
        run("INSERT INTO words (rowid, body, parts) VALUES (?, ?, ?)", (number, body_words, parts))
        run("INSERT INTO grams (rowid, body) VALUES (?, ?)", (number, grams))
        return int(number or 0)


class _Gone:
    """Documents that go, and the texts that go with the last of them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._texts: set[int] = set()

    def drop(self, repository_id: int, kind: DocumentKind, branch: str, addresses: Sequence[str]) -> None:
        where = "repository_id = ? AND kind = ? AND branch = ? AND address = ?"
        for address in addresses:
            self._drop(where, (repository_id, kind, branch, address))

    def drop_all(self, repository_id: int, kind: DocumentKind, branch: str) -> None:
        self._drop("repository_id = ? AND kind = ? AND branch = ?", (repository_id, kind, branch))

    def drop_repository(self, repository_id: int) -> None:
        self._drop("repository_id = ?", (repository_id,))

    def drop_texts(self) -> None:
        """Drop the texts that no document has any more."""
        for number in self._texts:
            if self._run("SELECT 1 FROM documents WHERE text_id = ? LIMIT 1", (number,)).fetchone() is None:
                (body,) = self._run("SELECT body FROM texts WHERE id = ?", (number,)).fetchone()
                body_words, parts, grams = _indexed(zstd.decompress(body).decode())
                self._run(
                    "INSERT INTO words (words, rowid, body, parts) VALUES ('delete', ?, ?, ?)",
                    (number, body_words, parts),
                )
                self._run("INSERT INTO grams (grams, rowid, body) VALUES ('delete', ?, ?)", (number, grams))
                self._run("DELETE FROM texts WHERE id = ?", (number,))

    def _drop(self, where: str, values: tuple[Any, ...]) -> None:
        self._texts.update(row[0] for row in self._run(f"SELECT text_id FROM documents WHERE {where}", values))  # noqa: S608
        self._run(f"DELETE FROM documents WHERE {where}", values)  # noqa: S608


def _indexed(text: str) -> tuple[str, str, str]:
    """What is indexed of a text: its words, their parts, and its pieces. The same whenever it is asked."""
    # FTS5 finds the words of ASCII text as ``tokens`` does, and sooner, but long runs as well; about other letters they
    # may differ
    plain = text.isascii() and not has_data(text)
    spelled = text.replace("\0", " ") if plain else " ".join(words(text))
    return spelled, " ".join(all_parts(text)), pieces(text.replace("\0", " "))


def _facts(row: Sequence[Any]) -> Facts:
    kind, repository_id, branch, landing, *others = row
    return Facts(DocumentKind(kind), repository_id, branch, bool(landing), *others)


def _connect(path: Path, *, create: bool) -> sqlite3.Connection:
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
        if create:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection
