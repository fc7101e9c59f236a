"""The last change of each entry of a folder, found once and kept by commit and folder.

For each repository a short list says of which folders answers were found lately, and at which commit: the answers of
the next commit are extended from there, and it tells what is worth having ready after a push.
"""

import datetime
import json
import pathlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kallithea.cache.stores import Store
from kallithea.cache.turns import take_turn
from kallithea.services.folders import FOLDER_PAGE
from kallithea.services.history_answers import keep_answer
from kallithea.vcs import last_change
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import LimitExceededError, PathNotFoundError

#: Of a folder with more entries only those of the page that is shown are looked for.
WHOLE_LIMIT = 5_000

#: Folders of each repository whose answers are had ready.
RECENT_FOLDERS = 32

#: A page that is waited for takes at most so many seconds.
PATIENCE = 20.0

_FORMAT = 2
_WAIT_SECONDS = 0.5
_LONGEST_SUBJECT = 300


@dataclass(frozen=True, slots=True)
class Change:
    """What a page shows of a commit: the first line of its message, the beginning of a long one, and its date."""

    commit_id: str
    subject: bytes
    when: datetime.datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Entries whose answers are kept together: of the folder ``path`` all, or of a huge one those of a page from 1.

    ``part`` is the number of the page, 0 for all entries.
    """

    repository_id: int
    path: bytes
    part: int = 0


def place_of(repository_id: int, path: bytes, total: int, page: int) -> Place:
    """Where the answers for a page of a folder with so many entries are kept."""
    return Place(repository_id, path, page if total > WHOLE_LIMIT else 0)


class LastChanges:
    """Answers by name of entry. ``turns`` is a folder for locks."""

    def __init__(self, store: Store, turns: pathlib.Path) -> None:
        self._store = store
        self._turns = turns

    def find(self, place: Place, commit_id: str) -> Mapping[bytes, Change] | None:
        """What is kept; None where nothing is."""
        stored = self._store.get(_key(place, commit_id))
        return _parse(stored) if stored is not None else None

    def find_one(self, place: Place, commit_id: str, name: bytes) -> Change | None:
        """What is kept of one entry. The others are not made into values, which takes half of the time."""
        stored = self._store.get(_key(place, commit_id))
        if stored is None:
            return None
        rows, entries = _load(stored)
        wanted = name.decode("latin-1")
        return next((_change(*rows[number]) for entry, number in entries if entry == wanted), None)

    def read(
        self, repository: Repository, place: Place, commit_id: str, *, seconds: float = PATIENCE
    ) -> Mapping[bytes, Change] | None:
        """What is kept, or else found now and kept; None while another process is about to find it.

        Raises PathNotFoundError, LimitExceededError, CorruptObjectError, BusyError.
        """
        found = self.find(place, commit_id)
        if found is not None:
            return found
        with take_turn(self._turns, _key(place, commit_id), wait_seconds=_WAIT_SECONDS) as mine:
            found = self.find(place, commit_id)
            return found if found is not None or not mine else self._produce(repository, place, commit_id, seconds)

    def refresh(
        self,
        repository: Repository,
        repository_id: int,
        commit_id: str,
        *,
        seconds: float,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """Have the answers ready for the root and for the folders that were asked for lately, within so many seconds.

        Raises CorruptObjectError, BusyError, and what ``check`` does, which is called before each folder.
        """
        deadline = last_change.search_deadline(seconds)
        recent = [Place(repository_id, path, part) for path, part, _ in self._recent(repository_id)]
        for place in dict.fromkeys([Place(repository_id, b""), *reversed(recent)]):
            check()
            try:
                self.read(repository, place, commit_id, seconds=deadline.left())
            except (PathNotFoundError, LimitExceededError):
                # The folder is not in this commit, or is left to those who ask for it.
                continue

    def _produce(self, repository: Repository, place: Place, commit_id: str, seconds: float) -> Mapping[bytes, Change]:
        names = [entry.name for entry in repository.folder(commit_id, place.path)]
        if place.part:
            names = names[(place.part - 1) * FOLDER_PAGE : place.part * FOLDER_PAGE]
        at, near = self._find_near(place)
        known = last_change.LastChanges(at, {name: change.commit_id for name, change in near.items()}) if near else None
        try:
            found = repository.last_changes(commit_id, place.path, names, known=known, seconds=seconds)
        except LimitExceededError:
            # Work in the background has more time.
            self._remember(place, at)
            raise
        changes = _describe(repository, found.changes, near)
        keep_answer(self._store, repository, _key(place, commit_id), _dump(changes))
        self._remember(place, commit_id)
        return changes

    def _find_near(self, place: Place) -> tuple[str, Mapping[bytes, Change]]:
        """The commit at which the same entries were looked for lately, and what was found."""
        for path, part, commit_id in self._recent(place.repository_id):
            if (path, part) == (place.path, place.part):
                return commit_id, self.find(place, commit_id) or {}
        return "", {}

    def _recent(self, repository_id: int) -> list[tuple[bytes, int, str]]:
        stored = self._store.get(_recent_key(repository_id))
        rows = json.loads(stored) if stored is not None else []
        return [(path.encode("latin-1"), part, commit_id) for path, part, commit_id in rows]

    def _remember(self, place: Place, commit_id: str) -> None:
        """Put the folder first in the list. What another process does at the same time may be lost: it is a hint."""
        others = [row for row in self._recent(place.repository_id) if row[:2] != (place.path, place.part)]
        rows = [(place.path, place.part, commit_id), *others][:RECENT_FOLDERS]
        dumped = json.dumps([[path.decode("latin-1"), part, at] for path, part, at in rows])
        self._store.put(_recent_key(place.repository_id), dumped.encode())


def _describe(repository: Repository, found: Mapping[bytes, str], near: Mapping[bytes, Change]) -> dict[bytes, Change]:
    """Commits are read that are not among the ``near`` answers."""
    known = {change.commit_id: change for change in near.values()}
    for commit in repository.commits(list(set(found.values()) - known.keys())):
        known[commit.commit_id] = Change(commit.commit_id, _shorten(commit.subject), commit.author.when)
    return {name: known[commit_id] for name, commit_id in found.items()}


def _shorten(subject: bytes) -> bytes:
    """The beginning, not cut within a character of UTF-8."""
    end = min(len(subject), _LONGEST_SUBJECT)
    while 0 < end < len(subject) and subject[end] & 0xC0 == 0x80:
        end -= 1
    return subject[:end]


def _key(place: Place, commit_id: str) -> str:
    return f"last-changes:{_FORMAT}:{place.repository_id}:{commit_id}:{place.part}:{place.path.hex()}"


def _recent_key(repository_id: int) -> str:
    return f"last-changes-recent:{_FORMAT}:{repository_id}"


def _dump(changes: Mapping[bytes, Change]) -> bytes:
    """Each commit once, and for each entry the number of its commit. Every byte becomes one character of JSON."""
    commits = list(dict.fromkeys(changes.values()))
    numbers = {change: number for number, change in enumerate(commits)}
    rows = [[change.commit_id, change.subject.decode("latin-1"), change.when.isoformat()] for change in commits]
    entries = [[name.decode("latin-1"), numbers[change]] for name, change in changes.items()]
    return zlib.compress(json.dumps([rows, entries], separators=(",", ":")).encode(), 1)


def _parse(stored: bytes) -> dict[bytes, Change]:
    rows, entries = _load(stored)
    commits = [_change(*row) for row in rows]
    return {name.encode("latin-1"): commits[number] for name, number in entries}


def _load(stored: bytes) -> tuple[list[tuple[str, str, str]], list[tuple[str, int]]]:
    rows, entries = json.loads(zlib.decompress(stored))
    return rows, entries


def _change(commit_id: str, subject: str, when: str) -> Change:
    return Change(commit_id, subject.encode("latin-1"), datetime.datetime.fromisoformat(when))
