"""What the first page of a repository shows of its contents."""

from dataclasses import dataclass

from kallithea.services.files import Folder, read_folder
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Commit


@dataclass(frozen=True, slots=True)
class Summary:
    """The latest commit of a ref, and the root folder there."""

    commit: Commit
    folder: Folder


def read_summary(repository: Repository, revision: Revision) -> Summary:
    """The first page of a repository that is not empty."""
    return Summary(repository.commit(revision.commit_id), read_folder(repository, revision.commit_id, b""))
