"""``.hgsubstate``, which pins repositories inside to commits: lines of an id, a blank and a path."""

from kallithea.vcs.merging import Conflict, ConflictKind, Version
from kallithea.vcs.types import EntryKind

PINNED = b".hgsubstate"


def merge_pinned(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, list[Conflict]]:
    """The merged content, and the repositories that the two sides pin to different commits.

    Mercurial would ask the repositories inside which of two commits follows the other; here they are not at hand.
    """
    olds, mine, others = _parse(base), _parse(ours), _parse(theirs)
    merged: dict[bytes, bytes] = {}
    conflicts: list[Conflict] = []
    for path in sorted(mine.keys() | others.keys()):
        old, our, their = olds.get(path), mine.get(path), others.get(path)
        if our != their and old not in (our, their):
            sides = [_version(pinned) for pinned in (old, our, their)]
            conflicts.append(Conflict(path, ConflictKind.SUBREPOSITORY, *sides))
        kept = their if old == our else our
        if kept is not None:
            merged[path] = kept
    return b"".join(b"%s %s\n" % (pinned, path) for path, pinned in merged.items()), conflicts


def _parse(content: bytes) -> dict[bytes, bytes]:
    pairs = (line.partition(b" ") for line in content.splitlines())
    return {path: pinned for pinned, _, path in pairs if path}


def _version(pinned: bytes | None) -> Version | None:
    return None if pinned is None else Version(EntryKind.SUBREPOSITORY, pinned.decode("ascii", "replace"))
