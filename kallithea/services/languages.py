"""Which languages the files of a commit are in, by their names: kept by commit."""

import collections
import functools
import json
import posixpath
from dataclasses import dataclass

from kallithea.cache.stores import Store
from kallithea.render.highlight import find_language
from kallithea.render.text import decode
from kallithea.vcs.backend import Repository

#: Files that are looked at.
MOST_FILES = 100_000

_FORMAT = 2
# Of the endings and names without one, those of the most files are looked up.
_MOST_ENDINGS = 200
_MOST_LANGUAGES = 8
_NO_LANGUAGE = "Text only"


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages with the numbers of their files, the most first. ``total`` counts the files of all that are known.

    ``whole`` is False where the commit has more than ``MOST_FILES`` files, of which the others were not looked at.
    """

    most: tuple[tuple[str, int], ...]
    total: int
    whole: bool


def find_languages(store: Store, repository_id: int, commit_id: str) -> Languages | None:
    """The languages of a commit, None where nobody has counted yet."""
    stored = store.get(_key(repository_id, commit_id))
    if stored is None:
        return None
    most, total, whole = json.loads(stored)
    return Languages(tuple((name, count) for name, count in most), total, whole)


def read_languages(store: Store, repository_id: int, repository: Repository, commit_id: str) -> Languages:
    """The languages of a commit; the first to ask counts. Raises RevisionNotFoundError, CorruptObjectError."""
    found = find_languages(store, repository_id, commit_id)
    if found is None:
        found = _count(repository.paths(commit_id, limit=MOST_FILES + 1))
        value = [found.most, found.total, found.whole]
        store.put(_key(repository_id, commit_id), json.dumps(value, separators=(",", ":")).encode())
    return found


def _count(paths: tuple[bytes, ...]) -> Languages:
    endings = collections.Counter(_ending(path) for path in paths[:MOST_FILES])
    counts: collections.Counter[str] = collections.Counter()
    for ending, count in endings.most_common(_MOST_ENDINGS):
        if language := _name(ending):
            counts[language] += count
    return Languages(tuple(counts.most_common(_MOST_LANGUAGES)), counts.total(), len(paths) <= MOST_FILES)


def find_name(path: bytes) -> str:
    """The language of a file by its name; empty where that tells none."""
    return _name(_ending(path))


@functools.lru_cache(maxsize=4096)
def _name(ending: str) -> str:
    name = find_language(ending).name
    return "" if name == _NO_LANGUAGE else name


def _ending(path: bytes) -> str:
    """A name that stands for all that have the same ending; one without an ending stands for itself."""
    name = posixpath.basename(decode(path))
    ending = posixpath.splitext(name)[1]
    return f"name{ending}" if ending else name


def _key(repository_id: int, commit_id: str) -> str:
    return f"languages:{_FORMAT}:{repository_id}:{commit_id}"
