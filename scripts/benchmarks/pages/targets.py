"""What is asked for, and what an answer must contain to be complete."""

import tarfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.benchmarks.pages.contents import (
    digests_of_archive,
    find_difference,
    find_missing_line,
    links_of,
    squeeze,
    text_of,
)
from scripts.benchmarks.truth.patch import Hunk

_SHORT_ID = 7
#: How our pages lead to a commit, once for each entry of a folder.
_CHANGE = b"/changeset/"
#: Some servers cut long subjects.
_SUBJECT_CHARACTERS = 40


@dataclass(frozen=True)
class LoggedCommit:
    """A row of a history."""

    commit_id: str
    subject: str


@dataclass(frozen=True)
class Target(ABC):
    """One thing of a repository that every server can show. Paths are bytes; ids are hexadecimal text."""

    commit_id: str
    path: bytes

    @abstractmethod
    def find_lack(self, body: bytes) -> str:
        """What the answer lacks, in words; empty if it is complete."""


@dataclass(frozen=True)
class Listed(Target):
    """Something that shows commits, which must all be there."""

    commits: tuple[LoggedCommit, ...] = field(repr=False)

    def find_lack(self, body: bytes) -> str:
        """Every commit is there, by its id and its subject."""
        text = text_of(body)
        for commit in self.commits:
            if not has_id(commit.commit_id, body):
                return f"commit {commit.commit_id}"
            if squeeze(commit.subject)[:_SUBJECT_CHARACTERS] not in text:
                return f"the subject “{commit.subject}”"
        return ""


class Summary(Listed):
    """The first page of the repository, with the newest commits."""


@dataclass(frozen=True)
class Log(Listed):
    """A page of the history of a commit, behind ``offset`` newer ones."""

    offset: int


class PathLog(Listed):
    """The first page of the history of a path, as of a commit."""


@dataclass(frozen=True)
class Folder(Target):
    """A folder of a commit, without those below it.

    ``changed`` are commits that changed an entry last, some of them; if there are any, that column must be complete.
    """

    names: frozenset[bytes] = field(repr=False)
    changed: frozenset[str] = field(repr=False, default=frozenset())

    def find_lack(self, body: bytes) -> str:
        """Every entry is there, as a link, and the commits."""
        links = links_of(body)
        missing = [name for name in self.names if squeeze(name.decode(errors="replace")) not in links]
        if missing:
            return f"{len(missing)} of {len(self.names)} entries, such as {missing[0]!r}"
        unnamed = [commit_id for commit_id in self.changed if not has_id(commit_id, body)]
        if unnamed:
            return f"{len(unnamed)} of {len(self.changed)} last changes, such as {unnamed[0]}"
        shown = body.count(_CHANGE) if self.changed else len(self.names)
        return f"{len(self.names) - shown} last changes" if shown < len(self.names) else ""


@dataclass(frozen=True)
class File(Target):
    """A file of a commit, as a page."""

    data: bytes = field(repr=False)

    def find_lack(self, body: bytes) -> str:
        """Every line is there, in order."""
        missing = find_missing_line(self.data.splitlines(), body)
        return f"a line: {missing}" if missing else ""


@dataclass(frozen=True)
class Blame(File):
    """Who wrote each line of a file. ``commit_ids`` are those of the lines."""

    commit_ids: frozenset[str] = field(repr=False)

    def find_lack(self, body: bytes) -> str:
        """Every line is there, and every commit that one of them came from."""
        missing = [commit_id for commit_id in self.commit_ids if not has_id(commit_id, body)]
        if missing:
            return f"{len(missing)} of {len(self.commit_ids)} commits, such as {missing[0]}"
        return super().find_lack(body)


@dataclass(frozen=True)
class Change(Target):
    """What a commit changed, against its first parent."""

    paths: Sequence[bytes] = field(repr=False)
    hunks: Sequence[Hunk] = field(repr=False)

    def find_lack(self, body: bytes) -> str:
        """Every file is named, and every added line is there, in order."""
        text = text_of(body)
        unnamed = [path for path in self.paths if squeeze(path.decode(errors="replace")) not in text]
        if unnamed:
            return f"{len(unnamed)} of {len(self.paths)} files, such as {unnamed[0]!r}"
        missing = find_missing_line((line for hunk in self.hunks for line in hunk.added), body)
        return f"an added line: {missing}" if missing else ""


@dataclass(frozen=True)
class Raw(Target):
    """The bytes of a file of a commit."""

    data: bytes = field(repr=False)

    def find_lack(self, body: bytes) -> str:
        """It is these bytes."""
        return "" if body == self.data else f"{len(body)} bytes instead of these {len(self.data)}"


@dataclass(frozen=True)
class Archive(Target):
    """All files of a commit as a .tar.gz. ``digests`` is as of ``contents.digests_of_archive``."""

    digests: dict[bytes, str] = field(repr=False, hash=False)

    def find_lack(self, body: bytes) -> str:
        """It unpacks to the same files."""
        try:
            return find_difference(self.digests, digests_of_archive(body))
        except (tarfile.TarError, EOFError, OSError) as problem:
            return f"a whole archive: {problem}"


def has_id(commit_id: str, body: bytes) -> bool:
    """Whether a page names a commit, be it by the beginning of its id."""
    return commit_id[:_SHORT_ID].encode() in body
