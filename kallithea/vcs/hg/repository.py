"""The Mercurial backend: ``open_repository`` and ``create_repository`` are what the opener looks for."""

import pathlib

from kallithea.vcs.hg.ancestry import HgAncestry
from kallithea.vcs.hg.archive import HgArchives
from kallithea.vcs.hg.arrivals import HgArrivals
from kallithea.vcs.hg.authorship import HgAuthorship
from kallithea.vcs.hg.blame import HgBlame
from kallithea.vcs.hg.creation import create_repository
from kallithea.vcs.hg.diffs import HgDiffs
from kallithea.vcs.hg.feeding import HgFeeding
from kallithea.vcs.hg.last_change import HgLastChange
from kallithea.vcs.hg.line_search import HgLineSearch
from kallithea.vcs.hg.log import HgLog
from kallithea.vcs.hg.mercurial_setup import require_store
from kallithea.vcs.hg.merging import HgMerging
from kallithea.vcs.hg.state_files import fingerprint_of_refs
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Kind

__all__ = ["HgRepository", "create_repository", "open_repository", "read_fingerprint"]


class HgRepository(
    HgMerging,
    HgLog,
    HgArrivals,
    HgAncestry,
    HgAuthorship,
    HgDiffs,
    HgArchives,
    HgBlame,
    HgLastChange,
    HgLineSearch,
    HgFeeding,
):
    """Implements ``backend.Repository`` for a repository with or without working copy."""

    kind = Kind.HG
    shallow = False


def read_fingerprint(path: pathlib.Path) -> str:
    """The fingerprint of the refs. Raises RepositoryMissingError, VcsError."""
    require_store(path)
    return fingerprint_of_refs(path)


def open_repository(path: pathlib.Path, options: VcsOptions) -> HgRepository:
    """Open the repository in the folder ``path``. Raises RepositoryMissingError."""
    repository = HgRepository(path, options.kept, publishing=options.publishing)
    repository.options = options
    return repository
