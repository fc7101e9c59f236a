"""SQLite FTS5: one file for each generation, in a folder of this machine."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kallithea.core.words import _
from kallithea.search.engine import SearchError
from kallithea.search.generations import Generations
from kallithea.search.sqlite_index import SqliteIndex

_TRIES = 3


class SqliteEngine:
    """Implements ``engine.SearchEngine``."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)

    @contextlib.contextmanager
    def open(self) -> Iterator[SqliteIndex]:
        """See ``engine.SearchEngine``."""
        index = self._open()
        try:
            yield index
        finally:
            index.close()

    def begin(self) -> str:
        """See ``engine.SearchEngine``."""
        try:
            name = self._generations.make_name()
            SqliteIndex(self._path(name), create=True).close()
        except OSError as problem:
            raise SearchError(_("The folder of the index cannot be written.")) from problem
        return name

    @contextlib.contextmanager
    def open_generation(self, name: str) -> Iterator[SqliteIndex]:
        """See ``engine.SearchEngine``."""
        index = SqliteIndex(self._path(name))
        try:
            yield index
        finally:
            index.close()

    def switch(self, name: str) -> None:
        """See ``engine.SearchEngine``."""
        self._generations.switch(name)

    def drop_unfinished(self) -> None:
        """See ``engine.SearchEngine``."""
        current = self._generations.current()
        if current is not None:
            self._generations.drop_others(current)

    def size(self) -> int:
        """See ``engine.SearchEngine``."""
        return self._generations.size()

    def _open(self) -> SqliteIndex:
        for attempt in range(_TRIES):
            name = self._generations.current()
            if name is None:
                name = self._generations.start(self.begin())
            try:
                return SqliteIndex(self._path(name))
            except SearchError:
                # a new generation may have come between the two looks
                if attempt == _TRIES - 1 and self._generations.current() == name:
                    raise
        raise SearchError(_("The index cannot be opened."))

    def _path(self, name: str) -> Path:
        return self._generations.folder / f"{name}.db"
