"""The Git backend: ``open_repository`` and ``create_repository`` are what the opener looks for."""

import pathlib
import types
from typing import Self

from kallithea.vcs.git.archive import GitArchives
from kallithea.vcs.git.creation import create_repository
from kallithea.vcs.git.history import GitHistory
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Kind

__all__ = ["GitRepository", "create_repository", "open_repository"]


class GitRepository(GitHistory, GitArchives):
    """Implements ``backend.Repository`` for a bare repository or one with a working copy."""

    kind = Kind.GIT

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.close()


def open_repository(path: pathlib.Path, options: VcsOptions) -> GitRepository:
    """Open the repository in the folder ``path``. Raises RepositoryMissingError."""
    return GitRepository(options, path)
