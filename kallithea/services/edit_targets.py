"""Which branch or bookmark a change of files continues."""

from collections.abc import Callable, Iterable

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Commit, Kind, Ref, RefKind

#: The branch of the first commit of an empty repository.
FIRST_BRANCH = {Kind.GIT: b"main", Kind.HG: b"default"}


def find_targets(
    repository: Repository,
    commit: Commit,
    came_by: Ref | None,
    read_labels: Callable[[], Iterable[Ref]],
    *,
    at: bytes | None = None,
) -> tuple[Ref, ...]:
    """The branches and bookmarks that a child of the commit can move, the one to offer first; none for an old commit.

    ``came_by`` is the ref by which the visitor came, which decides it unless it is a tag; ``read_labels`` gives the
    refs at the commit. ``at`` is the name of the ref in the address, where nothing else counts even if that ref is
    elsewhere by now: of another branch the visitor did not ask.
    """
    if came_by is not None and came_by.kind is not RefKind.TAG:
        return () if came_by.closed else (came_by,)
    found = [ref for ref in read_labels() if ref.kind is not RefKind.TAG and not ref.closed]
    asked = at if came_by is None else None
    if (not found or asked == commit.branch) and _is_open_head(repository, commit):
        found.append(Ref(RefKind.BRANCH, commit.branch or b"", commit.commit_id))
    if asked is not None:
        found = [ref for ref in found if ref.name == asked]
    default = repository.default_ref() if len(found) > 1 else None
    return tuple(sorted(found, key=lambda ref: (ref != default, ref.kind is not RefKind.BRANCH)))


def _is_open_head(repository: Repository, commit: Commit) -> bool:
    """Whether this is a head of a named branch, of which only the newest one is a ref."""
    if commit.branch is None or commit.closes_branch:
        return False
    heads = repository.state().refs.get(b"heads/" + commit.branch, "")
    return commit.commit_id in heads.split(",")
