"""How much room the files of a repository take: found by its upkeep, so that no page has to look through them."""

import contextlib
import json
import os
import pathlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from kallithea.cache.stores import Store
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.types import LimitExceededError

_FORMAT = 1
# Where there are more files, a push does not pay for looking at all of them each time, but one in so many seconds.
_MANY_FILES = 20_000
_SELDOM = 86_400.0
_LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RepositorySize:
    """Bytes of all files, how many these are, and when that was so, in seconds since 1970."""

    size: int
    files: int
    at: float


def find_size(store: Store, repository_id: int) -> RepositorySize | None:
    """What was found last, None where nobody has looked."""
    stored = store.get(_key(repository_id))
    return RepositorySize(*json.loads(stored)) if stored is not None else None


def measure(store: Store, repository_id: int, folder: pathlib.Path, now: float) -> None:
    """Look through the folder of a repository, unless that takes long and was done lately.

    Where it takes too long, or nothing is there, what was found before stays.
    """
    known = find_size(store, repository_id)
    if known is not None and known.files > _MANY_FILES and now - known.at < _SELDOM:
        return
    with contextlib.suppress(LimitExceededError):
        sizes = list(_list_sizes(folder, Deadline(_LONGEST_SECONDS)))
        if sizes:
            found = RepositorySize(sum(sizes), len(sizes), now)
            store.put(_key(repository_id), json.dumps(astuple(found)).encode())


def _list_sizes(folder: pathlib.Path, deadline: Deadline) -> Iterator[int]:
    """Bytes of each file. Raises LimitExceededError."""
    waiting = [os.fspath(folder)]
    while waiting:
        deadline.check()
        # a file or folder may go away meanwhile
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    with contextlib.suppress(OSError):
                        yield entry.stat(follow_symlinks=False).st_size


def _key(repository_id: int) -> str:
    return f"size:{_FORMAT}:{repository_id}"
