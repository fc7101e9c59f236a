"""How often a store had what was asked for; the processes that share it add up in one file."""

import dataclasses
import pathlib
from dataclasses import dataclass

from kallithea.cache.tallies import Tallies


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a store since it was made."""

    hits: int = 0
    misses: int = 0
    stored: int = 0
    evicted: int = 0


_NAMES = tuple(field.name for field in dataclasses.fields(Counts))


class Counters:
    """Counts of one store."""

    def __init__(self, path: pathlib.Path) -> None:
        self._tallies = Tallies(path)

    def add(self, counts: Counts) -> None:
        """Count something."""
        self._tallies.add({name: getattr(counts, name) for name in _NAMES})

    def read(self) -> Counts:
        """What all processes have counted, as far as they have written it."""
        found = self._tallies.read()
        return Counts(**{name: int(found.get(name, 0)) for name in _NAMES})
