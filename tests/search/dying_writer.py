"""Writes to an index until somebody kills it: one file after another, each with its number as the state."""

import sys
from pathlib import Path

from kallithea.model.engine import find_postgresql
from kallithea.search.documents import Update
from kallithea.search.engine import SearchEngine
from kallithea.search.postgresql_engine import PostgresqlEngine
from kallithea.search.sqlite_engine import SqliteEngine
from kallithea.search.whoosh_engine import WhooshEngine
from tests.search.samples import code
from tests.search.turns import always


def open_engine(place: str) -> SearchEngine:
    """The engine in the database of a URL, or in a folder that is named like it."""
    if "://" in place:
        return PostgresqlEngine(find_postgresql(place) or {})
    folder = Path(place)
    return WhooshEngine(folder, always) if folder.name == "whoosh" else SqliteEngine(folder)


if __name__ == "__main__":
    with open_engine(sys.argv[1]).open() as index:
        number = int(index.states().get(1, "0"))
        while True:
            number += 1
            gone = [f"f{number - 1}.txt"] if number % 2 else []
            documents = code(1, f"f{number}.txt", f"same word{number} " + "padding " * 500, "Text")
            index.apply(Update(1, branch="main", gone_files=gone, documents=documents, state=str(number)))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
