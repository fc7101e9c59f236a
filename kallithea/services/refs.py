"""All refs of a repository, kept under the fingerprint of the files that hold them."""

import json
from collections.abc import Sequence

from kallithea.cache.stores import Store
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Ref, RefKind, Refs

_FORMAT = 1


def read_refs(store: Store, repository_id: int, repository: Repository) -> Refs:
    """The refs as they are now; only where the fingerprint was never seen, they are read one by one."""
    # Taken first: refs that change while they are read are then kept under a fingerprint that is over.
    key = f"refs:{_FORMAT}:{repository_id}:{repository.fingerprint()}"
    stored = store.get(key)
    if stored is not None:
        return _parse(stored)
    refs = repository.refs()
    store.put(key, _dump(refs))
    return refs


def _dump(refs: Refs) -> bytes:
    """Names are bytes, and JSON is text: every byte becomes one character."""

    def rows(found: Sequence[Ref]) -> list[list[object]]:
        return [[ref.name.decode("latin-1"), ref.commit_id, ref.closed] for ref in found]

    default = refs.default
    value = {
        "branches": rows(refs.branches),
        "tags": rows(refs.tags),
        "bookmarks": rows(refs.bookmarks),
        "default": None if default is None else [default.kind.value, default.name.decode("latin-1")],
    }
    return json.dumps(value, separators=(",", ":")).encode()


def _parse(stored: bytes) -> Refs:
    value = json.loads(stored)

    def refs(kind: RefKind, rows: Sequence[tuple[str, str, bool]]) -> tuple[Ref, ...]:
        return tuple(Ref(kind, name.encode("latin-1"), commit_id, closed) for name, commit_id, closed in rows)

    found = Refs(
        refs(RefKind.BRANCH, value["branches"]),
        refs(RefKind.TAG, value["tags"]),
        refs(RefKind.BOOKMARK, value["bookmarks"]),
        None,
    )
    return Refs(found.branches, found.tags, found.bookmarks, _find_default(found, value["default"]))


def _find_default(refs: Refs, named: Sequence[str] | None) -> Ref | None:
    if named is None:
        return None
    kind, name = RefKind(named[0]), named[1].encode("latin-1")
    candidates = refs.bookmarks if kind is RefKind.BOOKMARK else refs.branches
    return next((ref for ref in candidates if ref.name == name), None)
