"""All refs of a repository, kept under the fingerprint of the files that hold them.

They are kept as lines ``ID MARK NAME`` after a first line ``MARK NAME`` of the default one, so that those at a few
commits are found without parsing thousands.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kallithea.cache.stores import Store
from kallithea.core.names import natural_key
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Commit, Kind, Ref, RefKind, Refs

#: Labels beside one commit in a list.
MOST_LABELS = 3

_FORMAT = 3
_MARKS: dict[bytes, tuple[RefKind, bool]] = {
    b"bookmark": (RefKind.BOOKMARK, False),
    b"branch": (RefKind.BRANCH, False),
    b"closed": (RefKind.BRANCH, True),
    b"tag": (RefKind.TAG, False),
}
# Many branches may stand where one release was made; what it is called says more than they do.
_IMPORTANCE = (RefKind.BOOKMARK, RefKind.TAG, RefKind.BRANCH)
_MARK_OF = {value: mark for mark, value in _MARKS.items()}


@dataclass(frozen=True, slots=True)
class Labels:
    """Refs at one commit, the most important ones, and how many more there are."""

    refs: tuple[Ref, ...]
    more: int = 0


#: What is beside most commits.
NO_LABELS = Labels(())


def read_refs(store: Store, repository_id: int, repository: Repository) -> Refs:
    """The refs as they are now, tags with the highest numbers first.

    Only where the fingerprint was never seen, they are read one by one.
    """
    # Taken first: refs that change while they are read are then kept under a fingerprint that is over.
    key = _key(repository_id, repository)
    return _parse(store.get(key) or _keep(store, key, repository))


def _keep(store: Store, key: str, repository: Repository) -> bytes:
    refs = repository.refs()
    content = _dump(replace(refs, tags=tuple(sorted(refs.tags, key=lambda tag: natural_key(tag.name), reverse=True))))
    store.put(key, content)
    return content


def with_landing(refs: Refs, name: bytes | None) -> Refs:
    """The same with that ref as the default one which ``revisions.find_landing`` finds."""
    if not name:
        return refs
    known = itertools.chain(refs.branches, refs.bookmarks, refs.tags)
    return replace(refs, default=next((ref for ref in known if ref.name == name), refs.default))


def read_labels(
    store: Store,
    repository_id: int,
    repository: Repository,
    commits: Iterable[Commit],
    *,
    landing: bytes | None = None,
    kinds: Collection[RefKind] = _IMPORTANCE,
    most: int = MOST_LABELS,
) -> Mapping[str, Labels]:
    """Which refs of these kinds are at each of the commits: first the one that pages begin with, then bookmarks, tags.

    ``landing`` is its name, if it is not the default ref. Commits without refs are left out.
    """
    wanted = {commit.commit_id for commit in commits}
    key = _key(repository_id, repository)
    stored = store.get(key)
    if stored is None and repository.kind is Kind.HG:
        # To find some of them it reads all.
        stored = _keep(store, key, repository)
    found: dict[str, list[Ref]] = defaultdict(list)
    for ref in repository.refs_at(wanted) if stored is None else _find_at(stored, wanted):
        if ref.kind in kinds:
            found[ref.commit_id].append(ref)
    if not landing and any(len(refs) > 1 for refs in found.values()):
        landing = _default_name(stored) if stored is not None else _name_of(repository.default_ref())
    return {commit_id: _choose(refs, landing, most) for commit_id, refs in found.items()}


def _name_of(ref: Ref | None) -> bytes | None:
    return ref.name if ref is not None else None


def _choose(refs: Collection[Ref], landing: bytes | None, most: int) -> Labels:
    """The most important of the refs, which come by name; of the tags those with the highest numbers."""
    ordered = sorted(refs, key=lambda ref: natural_key(ref.name), reverse=True) if len(refs) > 1 else list(refs)
    tags = [ref for ref in ordered if ref.kind is RefKind.TAG]
    others = [ref for ref in reversed(ordered) if ref.kind is not RefKind.TAG]
    ordered = sorted([*tags, *others], key=lambda ref: (ref.name != landing, _IMPORTANCE.index(ref.kind)))
    return Labels(tuple(ordered[:most]), max(0, len(ordered) - most))


def _key(repository_id: int, repository: Repository) -> str:
    return f"refs:{_FORMAT}:{repository_id}:{repository.fingerprint()}"


def _parse(stored: bytes) -> Refs:
    default, *lines = stored.split(b"\n")
    found: dict[RefKind, list[Ref]] = {kind: [] for kind in RefKind}
    for line in lines:
        ref = _parse_line(line)
        found[ref.kind].append(ref)
    branches, tags, bookmarks = (tuple(found[kind]) for kind in (RefKind.BRANCH, RefKind.TAG, RefKind.BOOKMARK))
    candidates = (ref for ref in itertools.chain(bookmarks, branches) if _mark(ref) == default)
    return Refs(branches, tags, bookmarks, next(candidates, None))


def _default_name(stored: bytes) -> bytes | None:
    mark = stored.partition(b"\n")[0]
    return _parse_line(b" " + mark).name if mark else None


def _find_at(stored: bytes, commit_ids: Collection[str]) -> Iterator[Ref]:
    wanted = {commit_id.encode("ascii") for commit_id in commit_ids}
    lines = stored.split(b"\n")[1:]
    return (_parse_line(line) for line in lines if line.partition(b" ")[0] in wanted)


def _dump(refs: Refs) -> bytes:
    default = _mark(refs.default) if refs.default is not None else b""
    lines = (ref.commit_id.encode("ascii") + b" " + _mark(ref) for ref in (*refs.bookmarks, *refs.branches, *refs.tags))
    return b"\n".join([default, *lines])


def _mark(ref: Ref) -> bytes:
    """Kind and name; what would end the line is escaped."""
    name = ref.name.replace(b"\\", rb"\\").replace(b"\n", rb"\n")
    return _MARK_OF[ref.kind, ref.closed] + b" " + name


def _parse_line(line: bytes) -> Ref:
    commit_id, mark, name = line.split(b" ", 2)
    kind, closed = _MARKS[mark]
    if b"\\" in name:
        name = name.decode("unicode_escape").encode("latin-1")
    return Ref(kind, name, commit_id.decode("ascii"), closed)
