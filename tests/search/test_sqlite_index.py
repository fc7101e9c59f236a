"""An index in an SQLite file that others write to, or that cannot be read."""

import contextlib
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kallithea.search.documents import DocumentKind, Update
from kallithea.search.engine import Candidate, Scope, SearchError
from kallithea.search.finding import Narrowing, find
from kallithea.search.parser import parse_query
from kallithea.search.query import Node
from kallithea.search.sqlite_index import SqliteIndex
from tests.search.samples import GUIDE, code, searched


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    opened = SqliteIndex(tmp_path / "g.db", create=True)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda index: index.count(),
        lambda index: index.candidates(parse_query("a"), Scope((1,), DocumentKind.CODE, 1, 5.0)),
        lambda index: list(index.facts([1])),
        lambda index: list(index.texts([1])),
        lambda index: index.files(1, "main"),
        lambda index: index.commit_ids(1),
        lambda index: index.states(),
        lambda index: index.states([1]),
    ],
    ids=["count", "candidates", "facts", "texts", "files", "commit_ids", "states", "states of some"],
)
def test_what_cannot_be_read_is_said(index: SqliteIndex, ask: Callable[[SqliteIndex], object], tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "g.db")) as elsewhere:
        elsewhere.executescript("DROP TABLE documents; DROP TABLE states")
    with pytest.raises(SearchError, match="cannot be read"):
        ask(index)


def test_states_of_others_are_not_looked_at(index: SqliteIndex) -> None:
    def steps() -> int:
        """How many steps SQLite makes."""
        made = itertools.count()
        index._connection.set_progress_handler(lambda: next(made) < 0, 1)
        assert index.states([1]) == {1: "s"}
        return next(made)

    index.apply(Update(1, state="s"))
    alone = steps()
    for other in range(2, 60):
        index.apply(Update(other, state="s"))
    assert steps() == alone > 0


@pytest.mark.parametrize("query", ["chart", "*char*"], ids=["told by the index", "read"])
def test_a_number_that_means_something_else_by_now_is_no_hit(
    index: SqliteIndex, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Repository 1 goes between the two looks of a search, and 2, which may not be read, takes its numbers."""
    look = index.candidates

    def look_and_write(query: Node, scope: Scope) -> list[Candidate]:
        found = look(query, scope)
        index.forget(1)
        index.apply(Update(2, documents=code(2, "secret.txt", GUIDE, "Text")))
        assert [facts.repository_id for _number, facts in index.facts([one.document_id for one in found])] == [2]
        return found

    index.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text")))
    monkeypatch.setattr(index, "candidates", look_and_write)
    assert find(index, parse_query(query), searched(1), Narrowing(DocumentKind.CODE)).hits == ()
