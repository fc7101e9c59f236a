"""The Git backend: ``open_repository`` and ``create_repository`` are what the opener looks for."""

import pathlib

from kallithea.core.words import _
from kallithea.vcs.git.ancestry import GitAncestry
from kallithea.vcs.git.archive import GitArchives
from kallithea.vcs.git.arrivals import GitArrivals
from kallithea.vcs.git.authorship import GitAuthorship
from kallithea.vcs.git.blame import GitBlame
from kallithea.vcs.git.creation import create_repository
from kallithea.vcs.git.diffs import GitDiffs
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.feeding import GitFeeding
from kallithea.vcs.git.last_change import GitLastChange
from kallithea.vcs.git.line_search import GitLineSearch
from kallithea.vcs.git.merging import GitMerging
from kallithea.vcs.git.ref_files import fingerprint_of_refs
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Kind, RepositoryMissingError

__all__ = ["GitRepository", "create_repository", "open_repository", "read_fingerprint"]


class GitRepository(
    GitMerging,
    GitArrivals,
    GitAncestry,
    GitAuthorship,
    GitDiffs,
    GitArchives,
    GitBlame,
    GitLastChange,
    GitLineSearch,
    GitFeeding,
):
    """Implements ``backend.Repository`` for a bare repository or one with a working copy."""

    kind = Kind.GIT


def read_fingerprint(path: pathlib.Path) -> str:
    """The fingerprint of the refs. Raises RepositoryMissingError."""
    folder = git_folder(path)
    if not (folder / "HEAD").is_file():
        raise RepositoryMissingError(_("The repository is not there."))
    return fingerprint_of_refs(folder)


def open_repository(path: pathlib.Path, options: VcsOptions) -> GitRepository:
    """Open the repository in the folder ``path``. Raises RepositoryMissingError."""
    return GitRepository(options, path)
