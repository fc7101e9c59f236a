"""A file of a commit, as much of it as a page shows."""

from dataclasses import replace

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Blob

#: Lines of a file on its page.
SHOWN_LINES = 20_000


def read_file(repository: Repository, commit_id: str, path: bytes, *, limit: int) -> Blob:
    """A file as a page shows it: of a long one the first ``SHOWN_LINES`` whole lines within ``limit`` bytes.

    Raises PathNotFoundError.
    """
    blob = repository.blob(commit_id, path, limit=limit)
    if blob.binary:
        return blob
    lines = blob.data.split(b"\n", SHOWN_LINES)
    if len(lines) > SHOWN_LINES and lines[-1]:
        return replace(blob, data=blob.data[: -len(lines[-1])], truncated=True)
    whole, end, _ = blob.data.rpartition(b"\n")
    return replace(blob, data=whole + end) if blob.truncated and end else blob
