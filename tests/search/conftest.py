"""Every test of `index` here runs once on each engine."""

import pathlib
from collections.abc import Iterator

import pytest

from kallithea.search.engine import Index, SearchEngine
from kallithea.search.sqlite_engine import SqliteEngine


@pytest.fixture
def engine(tmp_path: pathlib.Path) -> SearchEngine:
    return SqliteEngine(tmp_path / "index")


@pytest.fixture
def index(engine: SearchEngine) -> Iterator[Index]:
    with engine.open() as opened:
        yield opened
