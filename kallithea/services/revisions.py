"""From the segments of an address to a commit and a path: both refs and paths contain slashes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Ref, RevisionNotFoundError

_HEX = frozenset(b"0123456789abcdef")
_ID_LENGTHS = (40, 64)
_LONGEST_REF = 1000
# An address may have thousands of segments; refs with more parts than this are still found by ``at``.
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, the ref by which it was asked for (None: by its id), and the path that followed in the address."""

    commit_id: str
    ref: Ref | None
    path: bytes

    @property
    def at(self) -> bytes | None:
        """The name of the ref, for links."""
        return self.ref.name if self.ref is not None else None


def find_revision(
    repository: Repository,
    segments: Sequence[bytes],
    *,
    at: bytes | None = None,
    landing: bytes | None = None,
) -> Revision:
    """What ``segments`` name: a full commit id, else the longest ref that exists, else a hash prefix or local number.

    ``at`` names a ref exactly, for an address that two refs could be meant by; if the first segment is a full commit
    id, it tells only by which ref the visitor came, and counts as long as that ref is at that commit. No segments mean
    the one of ``find_landing``.

    Raises RevisionNotFoundError, AmbiguousRevisionError.
    """
    fixed = _find_fixed(repository, segments)
    if fixed is not None:
        came_by = repository.find_ref(at) if at is not None else None
        return replace(fixed, ref=came_by) if came_by and came_by.commit_id == fixed.commit_id else fixed
    if at is not None:
        return _at_ref(repository.find_ref(at), at, segments)
    if not segments:
        default = find_landing(repository, landing)
        if default is None:
            raise RevisionNotFoundError(_("The repository is empty."))
        return Revision(default.commit_id, default, b"")
    ref = repository.find_ref(*_names_of(segments))
    if ref is not None:
        return Revision(ref.commit_id, ref, b"/".join(segments[ref.name.count(b"/") + 1 :]))
    return Revision(repository.resolve(segments[0]), None, b"/".join(segments[1:]))


def find_landing(repository: Repository, name: bytes | None) -> Ref | None:
    """What pages begin with: the branch, bookmark or tag of this name as long as it exists, else the default ref.

    None in an empty repository.
    """
    return (repository.find_ref(name) if name else None) or repository.default_ref()


def _find_fixed(repository: Repository, segments: Sequence[bytes]) -> Revision | None:
    if not segments or not is_full_id(segments[0]):
        return None
    try:
        commit_id = repository.commit(segments[0].decode()).commit_id
    except RevisionNotFoundError:
        return None
    return Revision(commit_id, None, b"/".join(segments[1:]))


def is_full_id(name: bytes) -> bool:
    """Whether this is written like a full commit id."""
    return len(name) in _ID_LENGTHS and _HEX.issuperset(name)


def _at_ref(ref: Ref | None, at: bytes, segments: Sequence[bytes]) -> Revision:
    if ref is None:
        raise RevisionNotFoundError(_("No branch, bookmark or tag has this name."))
    parts = tuple(at.split(b"/"))
    used = len(parts) if tuple(segments[: len(parts)]) == parts else 1
    return Revision(ref.commit_id, ref, b"/".join(segments[used:]))


def _names_of(segments: Sequence[bytes]) -> Iterator[bytes]:
    """The names that refs could have of which the address begins with, the longest first."""
    names = [b"/".join(segments[:count]) for count in range(1, min(len(segments), _MOST_PARTS) + 1)]
    return (name for name in reversed(names) if len(name) <= _LONGEST_REF)
