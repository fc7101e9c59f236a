"""Every test of `index` and `engine` here runs once on each engine; PostgreSQL with --services."""

import pathlib
from collections.abc import Iterator

import pytest

from kallithea.model.engine import find_postgresql
from kallithea.search.engine import Index, SearchEngine
from kallithea.search.postgresql_engine import PostgresqlEngine
from kallithea.search.sqlite_engine import SqliteEngine
from kallithea.search.whoosh_engine import WhooshEngine
from tests.prepared_databases import PreparedDatabases
from tests.search.turns import always

ENGINES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("whoosh", id="whoosh"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.services),
]


@pytest.fixture
def postgresql_url(prepared_databases: PreparedDatabases, tmp_path: pathlib.Path) -> Iterator[str]:
    with prepared_databases.lend("postgresql", tmp_path) as url:
        yield url


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> SearchEngine:
    if request.param == "sqlite":
        return SqliteEngine(tmp_path / "index")
    if request.param == "whoosh":
        return WhooshEngine(tmp_path / "index", always)
    return PostgresqlEngine(find_postgresql(request.getfixturevalue("postgresql_url")) or {})


@pytest.fixture
def index(engine: SearchEngine) -> Iterator[Index]:
    with engine.open() as opened:
        yield opened
