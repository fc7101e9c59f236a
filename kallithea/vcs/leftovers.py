"""Removing files that no living process can own any more."""

import os
import pathlib
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file or folder that a process would have removed before its end, and the age at which that process is dead."""

    path: pathlib.Path
    after: float

    @property
    def abandoned(self) -> bool:
        """Whether nothing in it has been written for that many seconds. False where it is gone."""
        try:
            newest = max(one.lstat().st_mtime for one in _all_in(self.path))
        except FileNotFoundError:
            return False
        return newest + self.after < time.time()


def remove_abandoned(leftovers: Iterable[Leftover]) -> str:
    """Remove those that are abandoned; the answer names them. Raises OSError."""
    removed = []
    for leftover in leftovers:
        if leftover.abandoned:
            _remove(leftover.path)
            removed.append(leftover.path.name)
    more = f" and {len(removed) - _NAMED} more" if len(removed) > _NAMED else ""
    return f"removed {', '.join(removed[:_NAMED])}{more}" if removed else "nothing was there any more"


def _all_in(path: pathlib.Path) -> Iterator[pathlib.Path]:
    yield path
    for base, folders, files in os.walk(path):
        yield from (pathlib.Path(base, name) for name in (*folders, *files))


def _remove(path: pathlib.Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
