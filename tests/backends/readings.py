"""Everything that reads a repository, so that a test can do all of it to an odd one."""

import datetime
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.vcs.backend import Repository
from kallithea.vcs.diff import against_parent
from kallithea.vcs.history import LogFilter, LogPage
from kallithea.vcs.types import CorruptObjectError


@dataclass(frozen=True)
class Place:
    """A file of a commit, and the folder that it lies in."""

    commit_id: str
    folder: bytes
    name: bytes

    @property
    def path(self) -> bytes:
        return self.folder + b"/" + self.name if self.folder else self.name


def _read_stream(repository: Repository, place: Place) -> object:
    with repository.open_blob(place.commit_id, place.path) as (size, stream):
        return size, stream.read()


def _archive(repository: Repository, place: Place) -> object:
    target = io.BytesIO()
    order = ArchiveOrder(place.commit_id, b"", b"top", ArchiveFormat.TAR)
    repository.write_archive(order, target, seconds=60)
    return target.getvalue()


_NEW_YEAR = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)

READINGS: Mapping[str, Callable[[Repository, Place], object]] = {
    "refs": lambda repository, _: repository.refs(),
    "refs at": lambda repository, place: repository.refs_at([place.commit_id]),
    "state": lambda repository, _: repository.state(),
    "default": lambda repository, _: repository.default_ref(),
    "resolve": lambda repository, place: repository.resolve(place.commit_id.encode()),
    "prefix": lambda repository, place: repository.resolve(place.commit_id[:12].encode()),
    "commit": lambda repository, place: repository.commit(place.commit_id),
    "commits": lambda repository, place: repository.commits([place.commit_id]),
    "log": lambda repository, place: repository.log(place.commit_id),
    "log of a path": lambda repository, place: repository.log(place.commit_id, LogFilter(path=place.path)),
    "log that follows": lambda repository, place: repository.log(
        place.commit_id, LogFilter(path=place.path, follow=True)
    ),
    "log of lines": lambda repository, place: repository.log(place.commit_id, LogFilter(path=place.path, lines=(1, 1))),
    "log of an author": lambda repository, place: repository.log(place.commit_id, LogFilter(author=b"ada")),
    "count": lambda repository, place: repository.count(place.commit_id),
    "merge bases": lambda repository, place: repository.merge_bases(place.commit_id, place.commit_id),
    "ahead": lambda repository, place: repository.ahead_behind(place.commit_id, place.commit_id),
    "contributors": lambda repository, place: repository.contributors(place.commit_id, limit=10),
    "activity": lambda repository, place: repository.activity(place.commit_id, _NEW_YEAR),
    "entry": lambda repository, place: repository.entry(place.commit_id, place.path),
    "folder": lambda repository, place: repository.folder(place.commit_id, place.folder),
    "sizes": lambda repository, place: repository.with_sizes(
        place.commit_id, repository.folder(place.commit_id, place.folder)
    ),
    "blob": lambda repository, place: repository.blob(place.commit_id, place.path, limit=1000),
    "stream": _read_stream,
    "changed files": lambda repository, place: repository.changes(against_parent(repository.commit(place.commit_id))),
    "diff": lambda repository, place: repository.diff(against_parent(repository.commit(place.commit_id))),
    "combined diff": lambda repository, place: repository.combined_diff(place.commit_id),
    "raw diff": lambda repository, place: b"".join(
        repository.raw_diff(against_parent(repository.commit(place.commit_id)))
    ),
    "last changes": lambda repository, place: repository.last_changes(place.commit_id, place.folder, [place.name]),
    "changed in": lambda repository, place: repository.changed_in(place.commit_id, place.path),
    "blame": lambda repository, place: repository.blame(place.commit_id, place.path),
    "archive": _archive,
}


#: No file is at one of these; git by itself would tidy them up to ``src`` or ``README.rst``, or leave the repository.
NO_PATHS = (
    b".",
    b"..",
    b"./src",
    b"src/../src",
    b"src//",
    b"./README.rst",
    b"src/../README.rst",
    b"../x",
    b"/etc/passwd",
)


def read_all(repository: Repository, place: Place) -> dict[str, object]:
    """What each of them answers; fails the test where one raises."""
    return {name: read(repository, place) for name, read in READINGS.items()}


def damaged_readings(repository: Repository, place: Place, *object_ids: str) -> set[str]:
    """Which of them cannot answer, or not to the end, because one of the objects is damaged, and say so.

    Nothing else may be raised.
    """
    problems: dict[str, str] = {}
    for name, read in READINGS.items():
        try:
            answer = read(repository, place)
        except CorruptObjectError as problem:
            problems[name] = str(problem)
        else:
            if isinstance(answer, LogPage) and answer.damage:
                problems[name] = answer.damage
    unnamed = {name: words for name, words in problems.items() if not any(one in words for one in object_ids)}
    assert unnamed == {}
    return set(problems)
