"""What a repository contains, as the real commands tell it: what answers are checked against."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from scripts.benchmarks.pages.targets import LoggedCommit, Target
from scripts.benchmarks.truth.patch import Hunk


class Truth(Protocol):
    """A repository. Commit ids are hexadecimal text, paths are bytes; the empty path is the root.

    All methods that read raise CommandError if the command fails.
    """

    @property
    def head(self) -> str:
        """The newest commit of the default branch."""
        ...

    def commit_ids(self) -> Sequence[str]:
        """The history of the head, newest first."""
        ...

    def log(self, commit_id: str, offset: int, limit: int, path: bytes = b"") -> tuple[LoggedCommit, ...]:
        """A part of the history of a commit, of everything or of a path."""
        ...

    def paths(self, commit_id: str) -> Mapping[bytes, int]:
        """All files of a commit and their sizes, without submodules."""
        ...

    def data(self, commit_id: str, path: bytes) -> bytes:
        """A file's content."""
        ...

    def names(self, commit_id: str, path: bytes) -> frozenset[bytes]:
        """Entries of a folder, without submodules, which not every server shows as links; none if it is not there."""
        ...

    def changed_files(self) -> Mapping[str, Sequence[bytes]]:
        """What each commit changed in the history of the head; merges are left out. Newest first."""
        ...

    def changed_paths(self, commit_id: str) -> tuple[bytes, ...]:
        """Files that a commit changed, those that were removed included."""
        ...

    def hunks(self, commit_id: str) -> Sequence[Hunk]:
        """What a commit changed in text files, against its first parent."""
        ...

    def blamed(self, commit_id: str, path: bytes) -> frozenset[str]:
        """The commits from which the lines of a file come."""
        ...

    def archive(self, commit_id: str) -> bytes:
        """A .tar.gz of a commit."""
        ...

    def command(self, target: Target) -> list[str | bytes]:
        """The bare command that shows the same."""
        ...

    def find_last_change(self, commit_id: str, path: bytes) -> str:
        """The id of the commit that changed a path last, as of a commit."""
        ...

    def last_change(self, commit_id: str, path: bytes) -> list[str | bytes]:
        """The bare command that finds the same."""
        ...

    def all_last_changes(self, commit_id: str) -> list[str | bytes]:
        """The bare command for all entries of the root at once; empty where the program is too old to have it."""
        ...

    def close(self) -> None:
        """End what runs on behalf of this."""
        ...
