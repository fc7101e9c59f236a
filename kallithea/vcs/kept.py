"""Open repositories between two pages, where opening one takes longer than most of what a page reads."""

import pathlib
import threading
from dataclasses import dataclass
from typing import Protocol

# Of all that are kept: how many, and how many changesets they have together, whose indexes lie in memory.
_MOST = 16
_ROOM = 400_000


class Opened(Protocol):
    """What can be kept open."""

    def close(self) -> None:
        """Free what is held."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    path: pathlib.Path
    state: str
    weight: int
    opened: Opened


class KeptRepositories:
    """For all threads of a process: each is lent to one user at a time, and those longest unused are given up first.

    ``state`` is a fingerprint of the files in the folder ``path``, taken before it was opened: one that has another
    state now is not lent any more. ``weight`` is a number of changesets, or as much memory as they take.
    """

    def __init__(self, most: int = _MOST, room: int = _ROOM) -> None:
        self._most = most
        self._room = room
        self._lock = threading.Lock()
        # The one that was given back last is the last.
        self._kept: list[_Kept] = []

    def take(self, path: pathlib.Path, state: str) -> Opened | None:
        """An open repository that nobody else uses, None where none is kept."""
        with self._lock:
            at_path = [kept for kept in self._kept if kept.path == path]
            found = next((kept for kept in reversed(at_path) if kept.state == state), None)
            stale = [kept for kept in at_path if kept.state != state]
            self._kept = [kept for kept in self._kept if kept is not found and kept not in stale]
        _close(stale)
        return found.opened if found is not None else None

    def give(self, path: pathlib.Path, state: str, opened: Opened, weight: int) -> None:
        """Take back, or take over, a repository that is open; it is closed where there is no room for it."""
        with self._lock:
            self._kept.append(_Kept(path, state, weight, opened))
            first = self._find_first()
            given_up, self._kept = self._kept[:first], self._kept[first:]
        _close(given_up)

    def close(self) -> None:
        """Close those that are not lent, and from now on whatever is given back."""
        with self._lock:
            self._most = 0
            given_up, self._kept = self._kept, []
        _close(given_up)

    def _find_first(self) -> int:
        """The place of the first for which there is room together with all that were given later."""
        weight = 0
        for place in range(len(self._kept) - 1, -1, -1):
            weight += self._kept[place].weight
            if weight > self._room or len(self._kept) - place > self._most:
                return place + 1
        return 0


def _close(given_up: list[_Kept]) -> None:
    for kept in given_up:
        kept.opened.close()
