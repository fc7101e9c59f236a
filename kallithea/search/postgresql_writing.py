"""The steps of an update in PostgreSQL, within a transaction of their caller, who is the only one that writes."""

from collections.abc import Sequence
from typing import Any

from kallithea.search import postgresql_rows as rows
from kallithea.search.documents import FILES, Document, DocumentKind, Update
from kallithea.search.postgresql_generations import Connection

_FILES = list(map(int, FILES))
_COMMIT, _REPOSITORY = [int(DocumentKind.COMMIT)], [int(DocumentKind.REPOSITORY)]

_DROP_PLACES = "repository_id = %s AND kind = ANY(%s) AND address_key = ANY(%s::bytea[])"
_DROP_BRANCHES = "repository_id = %s AND kind = ANY(%s) AND branch = ANY(%s::text[])"
_DROP_TEXTS = """
WITH gone AS (
    DELETE FROM texts t WHERE t.id = ANY(%s::bigint[])
    AND NOT EXISTS (SELECT FROM documents d WHERE d.text_id = t.id) RETURNING t.id
)
DELETE FROM words w USING gone WHERE w.text_id = gone.id
"""
_REMEMBER = "INSERT INTO states VALUES (%s, %s) ON CONFLICT (repository_id) DO UPDATE SET state = excluded.state"


def apply_update(connection: Connection, update: Update) -> None:
    """See ``engine.Index.apply``."""
    number, gone = update.repository_id, list[int]()
    files = [rows.address_key(update.branch, address) for address in update.gone_files]
    commits = [rows.address_key("", commit_id) for commit_id in update.gone_commits]
    branches = list(map(rows.plain, update.gone_branches))
    if files:
        gone += _drop(connection, _DROP_PLACES, number, _FILES, files)
    if branches:
        gone += _drop(connection, _DROP_BRANCHES, number, _FILES, branches)
    if commits:
        gone += _drop(connection, _DROP_PLACES, number, _COMMIT, commits)
    if update.about:
        gone += _drop(connection, _DROP_BRANCHES, number, _REPOSITORY, [""])
    if update.documents:
        _add(connection, update.documents)
    if gone:
        connection.execute(_DROP_TEXTS, (gone,))
    if update.state is not None:
        connection.execute(_REMEMBER, (number, update.state))


def forget_repository(connection: Connection, repository_id: int) -> None:
    """See ``engine.Index.forget``."""
    gone = _drop(connection, "repository_id = %s", repository_id)
    connection.execute(_DROP_TEXTS, (gone,))
    connection.execute("DELETE FROM states WHERE repository_id = %s", (repository_id,))


def _drop(connection: Connection, where: str, *values: Any) -> list[int]:
    """Delete documents; the answer names their texts."""
    return [row[0] for row in connection.execute(f"DELETE FROM documents WHERE {where} RETURNING text_id", values)]  # noqa: S608


def _add(connection: Connection, documents: Sequence[Document]) -> None:
    numbers = _text_ids(connection, [document.text for document in documents])
    with connection.cursor().copy(f"COPY documents ({rows.DOCUMENT_COLUMNS}) FROM STDIN") as copy:
        for document in documents:
            copy.write_row(rows.document_row(document, numbers[document.text]))


def _text_ids(connection: Connection, texts: Sequence[str]) -> dict[str, int]:
    """The numbers of the texts; those that are new are indexed."""
    digests = {text: rows.digest_of(text.encode()) for text in texts}
    known: dict[bytes, int] = {
        row[0]: row[1]
        for row in connection.execute(
            "SELECT digest, id FROM texts WHERE digest = ANY(%s::bytea[])", (list(digests.values()),)
        )
    }
    new = {text: digest for text, digest in digests.items() if digest not in known}
    known |= zip(new.values(), _next_ids(connection, len(new)), strict=True)
    with connection.cursor().copy("COPY texts FROM STDIN") as copy:
        for text, digest in new.items():
            copy.write_row(rows.text_row(known[digest], digest, text))
    with connection.cursor().copy("COPY words FROM STDIN") as copy:
        for text, digest in new.items():
            for found in rows.word_rows(text):
                copy.write_row((known[digest], found))
    return {text: known[digest] for text, digest in digests.items()}


def _next_ids(connection: Connection, count: int) -> list[int]:
    return [row[0] for row in connection.execute("SELECT nextval('text_ids') FROM generate_series(1, %s)", (count,))]
