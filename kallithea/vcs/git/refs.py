"""Refs of Git repositories, read by the git program because it knows every way of storing them."""

import datetime
import os
import pathlib
import re
from collections.abc import Iterable, Iterator

from kallithea.vcs.fingerprint import fingerprint_of
from kallithea.vcs.git.commits import parse_commit, target_of_tag
from kallithea.vcs.git.handle import GitHandle
from kallithea.vcs.types import Ref, RefKind, Refs, RefState

HEADS = b"refs/heads/"
TAGS = b"refs/tags/"
_NEVER_IN_REFS = re.compile(rb"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^/|/$|^$")
# Longer than any name of a file, and far from what an argument of a process may be.
_LONGEST_NAME = 4096
# Tags of tags of tags ... are legal; a chain this long is only an attack.
_LONGEST_CHAIN = 50


class GitRefs(GitHandle):
    """Implements ``backend.RefStore``."""

    def refs(self, *, dates: bool = False) -> Refs:
        """See ``backend.RefStore``."""
        rows = list(self._list_refs(HEADS, TAGS))
        heads = [(name[len(HEADS) :], object_id) for name, object_id in rows if name.startswith(HEADS)]
        tagged = [(name[len(TAGS) :], object_id) for name, object_id in rows if name.startswith(TAGS)]
        peeled = self._peel(object_id for _, object_id in tagged)
        tags = [(name, peeled[object_id]) for name, object_id in tagged if object_id in peeled]
        when = self._dates({commit_id for _, commit_id in heads + tags}) if dates else {}
        branches = _refs(RefKind.BRANCH, heads, when)
        return Refs(branches, _refs(RefKind.TAG, tags, when), (), self._default(branches))

    def state(self) -> RefState:
        """See ``backend.RefStore``. Also holds ``HEAD`` as ``ref:`` and the name of its branch, or a commit id."""
        # Taken first: a ref that changes while they are read makes the fingerprint old, never wrongly new.
        fingerprint = self.fingerprint()
        refs = dict(self._list_refs())
        head = self._head()
        if head:
            refs[b"HEAD"] = head.removeprefix(b"ref: ").decode("utf-8", "backslashreplace")
            if head.startswith(b"ref: "):
                refs[b"HEAD"] = "ref:" + refs[b"HEAD"]
        return RefState(fingerprint, refs)

    def fingerprint(self) -> str:
        """See ``backend.RefStore``."""
        fixed = ["HEAD", "packed-refs", "reftable/tables.list"]
        return fingerprint_of(self._folder, fixed + sorted(_loose_refs(self._folder)))

    def is_empty(self) -> bool:
        """Whether there is neither a branch nor a tag."""
        return next(self._list_refs(HEADS, TAGS, count=1), None) is None

    def _find_ref(self, *names: bytes) -> str | None:
        """Object id of the first of these full names that exists, or None."""
        if any(len(name) > _LONGEST_NAME or _NEVER_IN_REFS.search(name) for name in names):
            return None
        found = dict(self._list_refs(*names))
        return next((found[name] for name in names if name in found), None)

    def _default_commit(self) -> str | None:
        """Commit id of the default ref, or None in a repository without branches."""
        head = self._head()
        born = self._find_ref(head.removeprefix(b"ref: ")) if head.startswith(b"ref: " + HEADS) else None
        if born is None:
            born = next((object_id for _, object_id in self._list_refs(HEADS, count=1)), None)
        return born

    def _peel(self, object_ids: Iterable[str]) -> dict[str, str]:
        """From objects to the commits that they are or, as tags, lead to; others are left out."""
        leads_to = {object_id: object_id for object_id in object_ids}
        commits: dict[str, str] = {}
        for _ in range(_LONGEST_CHAIN):
            targets = list(dict.fromkeys(leads_to.values()))
            kinds = {i: h.kind for i, h in zip(targets, self._batch.headers(targets), strict=True) if h}
            commits |= {start: end for start, end in leads_to.items() if kinds.get(end) == "commit"}
            tags = [object_id for object_id in targets if kinds.get(object_id) == "tag"]
            if not tags:
                break
            contents = zip(tags, self._batch.contents(tags), strict=True)
            next_of = {tag: target for tag, found in contents if found and (target := target_of_tag(found[1]))}
            leads_to = {start: next_of[end] for start, end in leads_to.items() if end in next_of}
        return commits

    def _list_refs(self, *patterns: bytes, count: int = 0) -> Iterator[tuple[bytes, str]]:
        """Full names and object ids, sorted by name. ``count`` bounds them; 0 is all."""
        output = self._run("for-each-ref", f"--count={count}", "--format=%(objectname) %(refname)", "--", *patterns)
        for line in output.splitlines():
            object_id, _, name = line.partition(b" ")
            yield name, object_id.decode("ascii")

    def _head(self) -> bytes:
        """What the file HEAD says: ``ref: refs/heads/main``, an object id, or nothing where it cannot be read."""
        try:
            return (self._folder / "HEAD").read_bytes().strip()
        except OSError:
            return b""

    def _default(self, branches: tuple[Ref, ...]) -> Ref | None:
        name = self._head().removeprefix(b"ref: " + HEADS)
        return next((branch for branch in branches if branch.name == name), branches[0] if branches else None)

    def _dates(self, commit_ids: Iterable[str]) -> dict[str, datetime.datetime]:
        wanted = list(commit_ids)
        contents = zip(wanted, self._batch.contents(wanted), strict=True)
        return {i: parse_commit(i, found[1]).committer.when for i, found in contents if found}


def _refs(kind: RefKind, pairs: list[tuple[bytes, str]], when: dict[str, datetime.datetime]) -> tuple[Ref, ...]:
    return tuple(Ref(kind, name, commit_id, date=when.get(commit_id)) for name, commit_id in sorted(pairs))


def _loose_refs(folder: pathlib.Path) -> Iterator[str]:
    """Names, relative to ``folder``, of the files that hold a ref each."""
    for base, _, names in os.walk(folder / "refs"):
        relative = pathlib.Path(base).relative_to(folder)
        yield from (str(relative / name) for name in names if not name.endswith(".lock"))
