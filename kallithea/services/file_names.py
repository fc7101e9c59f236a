"""The names of all files of a commit, kept under its id, and those among them that somebody means.

They are kept as they are sent to browsers: a text of one line for each file, compressed by gzip. A line is the path as
people read it. Where that is not how the path is written in the repository, NUL and the path as in an address follow.
"""

import gzip
import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

from kallithea.cache.stores import Store
from kallithea.render.text import one_line
from kallithea.vcs.backend import Repository

#: Files that are looked among; a commit with more has the first ones only.
MOST_NAMES = 200_000

_FORMAT = 1
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class FileName:
    """A path as people read it, and as it is."""

    text: str
    path: bytes


def read_names(store: Store, repository: Repository, commit_id: str, encodings: Sequence[str]) -> bytes:
    """The compressed names. Raises VcsError."""
    key = f"names:{_FORMAT}:{repository.kind}:{commit_id}:{','.join(encodings)}"
    stored = store.get(key)
    if stored is None:
        paths = repository.paths(commit_id, limit=MOST_NAMES)
        # Without a time of its own, the same names are the same bytes.
        stored = gzip.compress("\n".join(_line(path, encodings) for path in paths).encode(), _LEVEL, mtime=0)
        store.put(key, stored)
    return stored


def unpack_names(names: bytes) -> list[str]:
    """The lines of compressed names."""
    text = gzip.decompress(names).decode()
    return text.split("\n") if text else []


def find_names(lines: Iterable[str], wanted: str, *, most: int) -> list[FileName]:
    """The best of the names that hold the letters of ``wanted`` in this order; upper and lower case are the same.

    Better is what stands together, and in the last part of the path; then what is shorter. ``find.js`` does the same.
    """
    letters = "".join(wanted.lower().split())
    if not letters:
        return []
    # Nothing is tried twice: each letter is the next one of its kind.
    in_order = re.compile("".join(f"[^{letter}]*+{letter}" for letter in map(re.escape, letters)))
    ranked = ((rank, line) for line in lines if (rank := _rank(line, letters, in_order)) is not None)
    return [_parse(line) for _, line in heapq.nsmallest(most, ranked)]


def _rank(line: str, letters: str, in_order: re.Pattern[str]) -> tuple[int, int] | None:
    text = line.partition("\0")[0].lower()
    if in_order.match(text) is None:
        return None
    name = text.rfind("/") + 1
    if letters in text:
        return (0 if text.startswith(letters, name) else 1 if letters in text[name:] else 2), len(text)
    return (3 if in_order.match(text, name) else 4), len(text)


def _line(path: bytes, encodings: Sequence[str]) -> str:
    text = one_line(path, encodings)
    return text if text.encode() == path else f"{text}\0{quote_from_bytes(path)}"


def _parse(line: str) -> FileName:
    text, _, address = line.partition("\0")
    return FileName(text, unquote_to_bytes(address) if address else text.encode())
