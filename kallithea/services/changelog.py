"""Pages of a history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kallithea.vcs.backend import Repository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.types import Commit, Ref

#: Commits on one page.
PAGE_SIZE = 50

#: Labels beside one commit.
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class History:
    """A page of commits, newest first; ``more`` tells whether older ones follow."""

    commits: tuple[Commit, ...]
    more: bool


def read_history(repository: Repository, start: str, path: bytes, *, page: int = 1) -> History:
    """Commits up to ``start``; with a path, those that changed it."""
    found = repository.log(start, LogFilter(path=path), offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return History(found.commits, found.more)


def read_labels(repository: Repository, commits: Iterable[Commit]) -> Mapping[str, tuple[Ref, ...]]:
    """Which refs are at each of the commits: bookmarks, branches and tags, the first few."""
    found: dict[str, list[Ref]] = defaultdict(list)
    for ref in repository.refs_at({commit.commit_id for commit in commits}):
        if len(found[ref.commit_id]) < MOST_LABELS:
            found[ref.commit_id].append(ref)
    return {commit_id: tuple(labels) for commit_id, labels in found.items()}
