"""Refs of Git repositories, read in this process where they are files, else by the git program."""

import operator
from collections.abc import Collection, Iterable, Iterator, Sequence

from kallithea.vcs.git.commits import target_of_tag
from kallithea.vcs.git.graph_layers import commits_among
from kallithea.vcs.git.handle import GitHandle
from kallithea.vcs.git.ref_files import RefFiles, Row, fingerprint_of_refs, is_possible_name
from kallithea.vcs.types import Ref, RefKind, Refs, RefState

HEADS = b"refs/heads/"
TAGS = b"refs/tags/"
# Tags of tags of tags ... are legal; a chain this long is only an attack.
_LONGEST_CHAIN = 50
_NAME = operator.itemgetter(1)
# For so many objects, no process is started.
_FEW = 32


class GitRefs(GitHandle):
    """Implements ``backend.RefStore``."""

    def refs(self) -> Refs:
        """See ``backend.RefStore``."""
        rows = self._rows(HEADS, TAGS)
        heads = [(name[len(HEADS) :], i.decode("ascii")) for i, name, _ in rows if name.startswith(HEADS)]
        tagged = [(name[len(TAGS) :], (end or i).decode("ascii")) for i, name, end in rows if name.startswith(TAGS)]
        commits = self._peel(dict.fromkeys(end for _, end in tagged))
        branches = _refs(RefKind.BRANCH, heads)
        tags = _refs(RefKind.TAG, [(name, commits[end]) for name, end in tagged if end in commits])
        return Refs(branches, tags, (), self._default(branches))

    def find_ref(self, *names: bytes) -> Ref | None:
        """See ``backend.RefStore``."""
        for full, object_id in self._find_each(prefix + name for name in names for prefix in (HEADS, TAGS)):
            if full.startswith(HEADS):
                return Ref(RefKind.BRANCH, full[len(HEADS) :], object_id)
            commit_id = self._peel([object_id]).get(object_id)
            if commit_id is not None:
                return Ref(RefKind.TAG, full[len(TAGS) :], commit_id)
        return None

    def default_ref(self) -> Ref | None:
        """See ``backend.RefStore``."""
        head = self._head()
        if head.startswith(b"ref: " + HEADS):
            name = head.removeprefix(b"ref: ")
            born = self._find_ref(name)
            if born is not None:
                return Ref(RefKind.BRANCH, name[len(HEADS) :], born)
        first = next(iter(self._list_refs(HEADS).items()), None)
        return Ref(RefKind.BRANCH, first[0][len(HEADS) :], first[1]) if first is not None else None

    def refs_at(self, commit_ids: Collection[str]) -> tuple[Ref, ...]:
        """See ``backend.RefStore``. What is at one of these commits is a commit, so nothing else is looked up."""
        wanted = {commit_id.encode("ascii") for commit_id in commit_ids}
        rows = self._rows(HEADS, TAGS, at=wanted)
        untold = (i.decode("ascii") for i, name, end in rows if not end and i not in wanted and name.startswith(TAGS))
        ends = {start.encode("ascii"): end.encode("ascii") for start, end in self._peel(untold).items()}
        found = [(name, at.decode("ascii")) for i, name, end in rows if (at := end or ends.get(i, i)) in wanted]
        branches = _refs(RefKind.BRANCH, [(name[len(HEADS) :], at) for name, at in found if name.startswith(HEADS)])
        return branches + _refs(RefKind.TAG, [(name[len(TAGS) :], at) for name, at in found if name.startswith(TAGS)])

    def state(self) -> RefState:
        """See ``backend.RefStore``. Also holds ``HEAD`` as ``ref:`` and the name of its branch, or a commit id."""
        # Taken first: a ref that changes while they are read makes the fingerprint old, never wrongly new.
        fingerprint = self.fingerprint()
        refs = self._list_refs(b"refs/")
        head = self._head()
        if head:
            refs[b"HEAD"] = head.removeprefix(b"ref: ").decode("utf-8", "backslashreplace")
            if head.startswith(b"ref: "):
                refs[b"HEAD"] = "ref:" + refs[b"HEAD"]
        return RefState(fingerprint, refs)

    def fingerprint(self) -> str:
        """See ``backend.RefStore``."""
        return fingerprint_of_refs(self._folder)

    def is_empty(self) -> bool:
        """Whether there is neither a branch nor a tag."""
        return not self._list_refs(HEADS, TAGS)

    def _find_ref(self, *names: bytes) -> str | None:
        """Object id of the first of these full names that exists, or None."""
        return next((object_id for _, object_id in self._find_each(names)), None)

    def _find_each(self, names: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
        """Those of these full names that exist, in their order, with their object ids."""
        files = RefFiles(self._folder)
        if files.usable:
            return files.find_each(names)
        possible = [name for name in names if is_possible_name(name)]
        answers = {name: object_id for object_id, name, _ in self._ask_git(*possible)} if possible else {}
        return ((name, answers[name].decode("ascii")) for name in possible if name in answers)

    def _peel(self, object_ids: Iterable[str]) -> dict[str, str]:
        """From objects to the commits that they are or, as tags, lead to; others are left out."""
        leads_to = {object_id: object_id for object_id in object_ids}
        commits: dict[str, str] = {}
        for _ in range(_LONGEST_CHAIN):
            targets = list(dict.fromkeys(leads_to.values()))
            kinds = self._kinds(targets)
            commits |= {start: end for start, end in leads_to.items() if kinds.get(end) == "commit"}
            tags = [object_id for object_id in targets if kinds.get(object_id) == "tag"]
            if not tags:
                break
            contents = zip(tags, self._batch.contents(tags), strict=True)
            next_of = {tag: target for tag, found in contents if found and (target := target_of_tag(found[1]))}
            leads_to = {start: next_of[end] for start, end in leads_to.items() if end in next_of}
        return commits

    def _kinds(self, object_ids: Sequence[str]) -> dict[str, str]:
        """The type of each object that is there."""
        kinds = dict.fromkeys(commits_among(self._folder, object_ids), "commit")
        others = [object_id for object_id in object_ids if object_id not in kinds]
        if len(others) <= _FEW:
            stored = ((object_id, self._objects.find_stored(object_id)) for object_id in others)
            kinds |= {object_id: found.kind for object_id, found in stored if found is not None}
            others = [object_id for object_id in others if object_id not in kinds]
        headers = zip(others, self._batch.headers(others), strict=True)
        return kinds | {object_id: header.kind for object_id, header in headers if header is not None}

    def _list_refs(self, *prefixes: bytes) -> dict[bytes, str]:
        """Object ids by full name, sorted by name, of the refs with one of these beginnings."""
        return {name: object_id.decode("ascii") for object_id, name, _ in self._rows(*prefixes)}

    def _rows(self, *prefixes: bytes, at: Collection[bytes] | None = None) -> list[Row]:
        """Refs with one of these beginnings, sorted by name; see ``RefFiles.rows``."""
        files = RefFiles(self._folder)
        return sorted(files.rows(*prefixes, at=at) if files.usable else self._ask_git(*prefixes), key=_NAME)

    def _ask_git(self, *patterns: bytes) -> Iterator[Row]:
        output = self._run("for-each-ref", "--format=%(objectname) %(refname)", "--", *patterns)
        for line in output.splitlines():
            object_id, _, name = line.partition(b" ")
            yield object_id, name, b""

    def _head(self) -> bytes:
        """What the file HEAD says: ``ref: refs/heads/main``, an object id, or nothing where it cannot be read."""
        try:
            return (self._folder / "HEAD").read_bytes().strip()
        except OSError:
            return b""

    def _default(self, branches: tuple[Ref, ...]) -> Ref | None:
        name = self._head().removeprefix(b"ref: " + HEADS)
        return next((branch for branch in branches if branch.name == name), branches[0] if branches else None)


def _refs(kind: RefKind, pairs: list[tuple[bytes, str]]) -> tuple[Ref, ...]:
    return tuple(Ref(kind, name, commit_id) for name, commit_id in sorted(pairs))
