"""What is PostgreSQL's own: several processes at one server, and what it cannot keep."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from kallithea.model.engine import find_postgresql
from kallithea.search.documents import Document, DocumentKind, Facts, Update
from kallithea.search.engine import SearchError
from kallithea.search.postgresql_engine import PostgresqlEngine
from kallithea.search.postgresql_rows import code as number_of
from tests.search.samples import GUIDE, ask, code, commit, paths

pytestmark = pytest.mark.services


@pytest.fixture
def address(postgresql_url: str) -> dict[str, object]:
    return find_postgresql(postgresql_url) or {}


@pytest.fixture
def postgresql(address: dict[str, object]) -> PostgresqlEngine:
    return PostgresqlEngine(address)


@pytest.fixture
def beside(address: dict[str, object]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(**address, autocommit=True) as connection:  # type: ignore[arg-type]
        yield connection


def schemas(connection: psycopg.Connection) -> int:
    """How many generations there are."""
    found = connection.execute("SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, 'kallithea_index_')")
    return int((found.fetchone() or (0,))[0])


def test_an_old_generation_goes_when_nobody_has_it_open(
    postgresql: PostgresqlEngine, beside: psycopg.Connection
) -> None:
    with postgresql.open() as reader:
        reader.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text")))
        postgresql.switch(postgresql.begin())
        assert schemas(beside) == 2
        assert paths(ask(reader, "chart")) == ["1:a.txt"]
        with postgresql.open() as writer:
            writer.apply(Update(1, state="new"))
        assert schemas(beside) == 2
    assert schemas(beside) == 1
    with postgresql.open() as after:
        assert after.states() == {1: "new"}


def test_reading_drops_nothing(postgresql: PostgresqlEngine, beside: psycopg.Connection) -> None:
    with postgresql.open():
        postgresql.switch(postgresql.begin())
    with postgresql.open() as reader:
        assert ask(reader, "chart").total == 0
    assert schemas(beside) == 2


def test_a_generation_that_is_gone_says_so(postgresql: PostgresqlEngine) -> None:
    name = postgresql.begin()
    postgresql.switch(postgresql.begin())
    with pytest.raises(SearchError), postgresql.open_generation(name):
        pass
    with pytest.raises(SearchError):
        postgresql.switch(name)


def test_many_begin_at_once_and_write_the_same_texts(address: dict[str, object], beside: psycopg.Connection) -> None:
    problems: list[BaseException] = []
    texts = [f"same{number} words" for number in range(20)]

    def write(repository_id: int) -> None:
        try:
            with PostgresqlEngine(address).open() as index:
                for text in texts if repository_id % 2 else reversed(texts):
                    index.apply(Update(repository_id, documents=code(repository_id, f"{text}.txt", text, "Text")))
                index.apply(Update(repository_id, branch="main", gone_files=[f"{texts[0]}.txt"]))
        except SearchError as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert schemas(beside) == 1
    with PostgresqlEngine(address).open() as index:
        assert ask(index, "words", (1, 2, 3, 4)).total == 4 * 19
        assert ask(index, "same0", (1, 2, 3, 4)).total == 0


def test_what_postgresql_cannot_keep_is_kept_otherwise(postgresql: PostgresqlEngine) -> None:
    deep = "/".join(["folder" * 20] * 60) + "/leaf.txt"
    with postgresql.open() as index:
        index.apply(Update(1, documents=code(1, deep, "deep\0down", "Text")))
        index.apply(Update(1, documents=[commit(1, 1, "nul\0s everywhere", "Ada\0", "2024-01-01")]))
        assert paths(ask(index, "deep down")) == [f"1:{deep}"]
        assert set(index.files(1, "main")) == {deep}
        assert ask(index, "author:ada\0 everywhere", kind=DocumentKind.COMMIT).total == 1
        for narrowed in ("path:nul\0 deep", "ext:t\0xt deep", "lang:\0 deep", "branch:ma\0in deep"):
            assert ask(index, narrowed).total == 0
        index.apply(Update(1, branch="main", gone_files=[deep]))
        assert ask(index, "deep").total == 0


def test_the_newest_come_first_then_the_shorter(postgresql: PostgresqlEngine) -> None:
    with postgresql.open() as index:
        days = ["2024-01-01", "2024-01-03", "2024-01-02"]
        index.apply(Update(1, documents=[commit(1, at, f"chart {at}", "A", day) for at, day in enumerate(days)]))
        index.apply(Update(1, documents=[*code(1, "long.txt", GUIDE, "Text"), *code(1, "b.txt", "a chart", "Text")]))
        assert [hit.facts.path for hit in ask(index, "chart").hits] == ["b.txt", "long.txt"]
        newest = ask(index, "chart", kind=DocumentKind.COMMIT)
        assert [int(hit.facts.object_id, 16) for hit in newest.hits] == [1, 2, 0]


def test_trigrams_have_different_numbers() -> None:
    letters = "a", "z", "\0", "\x7f", "é", "ß", "漢", "\U0010ffff"
    grams = [a + b + c for a in letters for b in letters for c in letters]
    numbers = {number_of(gram) for gram in grams}
    assert len(numbers) == len(grams)
    assert all(-(1 << 63) <= number < 1 << 63 for number in numbers)


def test_an_account_that_may_not_make_schemas_is_told(
    address: dict[str, object], postgresql: PostgresqlEngine, beside: psycopg.Connection
) -> None:
    name = sql.Identifier(f"{address['dbname']}_guest")
    beside.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    try:
        guest = PostgresqlEngine(address | {"user": name.as_string().strip('"')})
        with pytest.raises(SearchError, match="may not make"), guest.open():
            pass
    finally:
        beside.execute(sql.SQL("DROP ROLE {}").format(name))


def test_a_database_without_unicode_is_refused(address: dict[str, object], beside: psycopg.Connection) -> None:
    name = sql.Identifier(f"{address['dbname']}_ascii")
    beside.execute(sql.SQL("CREATE DATABASE {} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0").format(name))
    try:
        with pytest.raises(SearchError, match="UTF8"):
            PostgresqlEngine(address | {"dbname": name.as_string().strip('"')}).begin()
    finally:
        beside.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_a_server_that_is_away_is_told(address: dict[str, object], postgresql: PostgresqlEngine) -> None:
    with pytest.raises(SearchError, match="cannot be opened"), PostgresqlEngine(address | {"port": 1}).open():
        pass
    with postgresql.open() as index:
        index.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text")))
        index.close()
        with pytest.raises(SearchError, match="cannot be read"):
            ask(index, "chart")
        with pytest.raises(SearchError, match="cannot be written"):
            index.apply(Update(1, state="x"))


def test_the_size_is_that_of_all_generations(postgresql: PostgresqlEngine) -> None:
    assert postgresql.size() == 0
    with postgresql.open() as index:
        empty = postgresql.size()
        text = " ".join(f"word{number}" for number in range(20_000))
        facts = Facts(DocumentKind.CODE, 1, "main", path="a.txt", address="a.txt")
        index.apply(Update(1, documents=[Document(facts, text)]))
        assert postgresql.size() > empty + 100_000
