"""Whoosh: a folder of files for each generation, which several machines may share."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from kallithea.core.words import _
from kallithea.search import whoosh_storage
from kallithea.search.engine import SearchError
from kallithea.search.generations import Generations
from kallithea.search.whoosh_index import Turns, WhooshIndex
from kallithea.search.whoosh_schema import SCHEMA
from kallithea.search.whoosh_vocabularies import Vocabularies

_TRIES = 3


class WhooshEngine:
    """Implements ``engine.SearchEngine``. Its files hold pickled objects: only Kallithea may write there."""

    def __init__(self, folder: Path, turns: Turns) -> None:
        self._generations = Generations(folder)
        self._turns = turns
        self._vocabularies = Vocabularies()

    @contextlib.contextmanager
    def open(self) -> Iterator[WhooshIndex]:
        """See ``engine.SearchEngine``."""
        with contextlib.closing(self._open()) as index:
            yield index
            if index.written:
                # who only reads changes nothing
                self._drop_old()

    def begin(self) -> str:
        """See ``engine.SearchEngine``."""
        with _writable():
            name = self._generations.make_name()
            whoosh_storage.create(self._generations.folder / name, SCHEMA)
        return name

    @contextlib.contextmanager
    def open_generation(self, name: str) -> Iterator[WhooshIndex]:
        """See ``engine.SearchEngine``."""
        with contextlib.closing(self._index(name, alone=name != self._generations.current())) as index:
            yield index

    def switch(self, name: str) -> None:
        """See ``engine.SearchEngine``. The others go when nobody can be reading them any more."""
        if not (self._generations.folder / name).is_dir():
            raise SearchError(_("The index cannot be opened."))
        with _writable():
            self._generations.point_to(name)
            for folder in self._generations.others(name):
                whoosh_storage.retire(folder)

    def drop_unfinished(self) -> None:
        """See ``engine.SearchEngine``. They go when nobody can be reading them any more: one may have been asked."""
        current = self._generations.current()
        if current is not None:
            with _writable():
                for folder in self._generations.others(current):
                    whoosh_storage.retire(folder)
                self._drop_old()

    def size(self) -> int:
        """See ``engine.SearchEngine``."""
        return self._generations.size()

    def _open(self) -> WhooshIndex:
        for attempt in range(_TRIES):
            name = self._generations.current()
            if name is None:
                name = self._generations.start(self.begin())
            try:
                return self._index(name, alone=False)
            except SearchError:
                # a new generation may have come between the two looks
                if attempt == _TRIES - 1 and self._generations.current() == name:
                    raise
        raise SearchError(_("The index cannot be opened."))

    def _drop_old(self) -> None:
        name = self._generations.current()
        if name is not None:
            now = (self._generations.folder / name).stat().st_mtime
            for folder in self._generations.others(name):
                if whoosh_storage.is_over(folder, now):
                    shutil.rmtree(folder, ignore_errors=True)

    def _index(self, name: str, *, alone: bool) -> WhooshIndex:
        return WhooshIndex(self._generations.folder / name, self._turns, self._vocabularies, alone=alone)


@contextlib.contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise SearchError(_("The folder of the index cannot be written.")) from problem
