"""Commits of Git repositories and their order."""

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kallithea.core.words import _
from kallithea.vcs.git.commits import parse_commit
from kallithea.vcs.git.refs import HEADS, TAGS, GitRefs
from kallithea.vcs.types import AmbiguousRevisionError, Commit, RevisionNotFoundError

_PREFIX = re.compile(rb"[0-9a-fA-F]{4,64}")


class GitHistory(GitRefs):
    """Implements ``backend.History``."""

    def resolve(self, name: bytes) -> str:
        """See ``backend.History``."""
        is_hex = _PREFIX.fullmatch(name) is not None
        commit_id = None
        if is_hex and len(name) == self._objects.id_length:
            commit_id = self._peeled(name.decode("ascii").lower())
        if commit_id is None and name != b"HEAD":
            named = self._find_ref(HEADS + name, TAGS + name)
            commit_id = self._peeled(named) if named else None
        if commit_id is None and is_hex and len(name) < self._objects.id_length:
            commit_id = self._by_prefix(name.decode("ascii").lower())
        if commit_id is None and name in (b"HEAD", b"tip"):
            default = self.default_ref()
            commit_id = default.commit_id if default is not None else None
        if commit_id is None:
            raise RevisionNotFoundError(_("There is no such revision."))
        return commit_id

    def commit(self, commit_id: str) -> Commit:
        """See ``backend.History``."""
        return self._commit(commit_id, self._objects.find(commit_id))

    def commits(self, commit_ids: Sequence[str]) -> tuple[Commit, ...]:
        """See ``backend.History``."""
        if not all(self._objects.is_id(commit_id) for commit_id in commit_ids):
            raise RevisionNotFoundError(_("There is no such commit."))
        found = zip(commit_ids, self._batch.contents(commit_ids), strict=True)
        return tuple(self._commit(commit_id, item) for commit_id, item in found)

    def find_commits(self, prefixes: Collection[str]) -> Mapping[str, str]:
        """See ``backend.History``."""
        wanted = [prefix for prefix in prefixes if _PREFIX.fullmatch(prefix.encode())]
        ids = self._batch.ids(f"{prefix}^{{commit}}" for prefix in wanted)
        # A ref may be called like the begin of an id.
        return {prefix: at for prefix, at in zip(wanted, ids, strict=True) if at is not None and at.startswith(prefix)}

    def _tips(self, start: str | None) -> Sequence[str]:
        """Options of a walk for where it begins; without a start git itself reads the branches, but for broken ones."""
        return ["--ignore-missing", "--branches"] if start is None else ["--end-of-options", start]

    def _commit(self, commit_id: str, found: tuple[str, bytes] | None) -> Commit:
        if found is None or found[0] != "commit":
            raise RevisionNotFoundError(_("There is no such commit."))
        commit = parse_commit(commit_id, found[1])
        return replace(commit, parent_ids=()) if commit_id in self._shallow else commit

    @property
    def shallow(self) -> bool:
        """See ``backend.Repository``."""
        return bool(self._shallow)

    @functools.cached_property
    def _shallow(self) -> frozenset[str]:
        """Commits whose parents a shallow clone lacks; git takes them for commits without parents."""
        try:
            return frozenset((self._folder / "shallow").read_text("ascii").split())
        except (FileNotFoundError, UnicodeDecodeError):
            return frozenset()

    def _peeled(self, object_id: str) -> str | None:
        return self._peel([object_id]).get(object_id)

    def _by_prefix(self, prefix: str) -> str | None:
        """The one commit, or tag leading to one, whose id begins so."""
        output = self._run("rev-parse", f"--disambiguate={prefix}")
        commits = set(self._peel(output.decode("ascii").split()).values())
        if len(commits) > 1:
            raise AmbiguousRevisionError(_("More than one commit begins with this."))
        return commits.pop() if commits else None
