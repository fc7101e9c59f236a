"""Commits to Git repositories without a working copy.

First the objects, to which nothing leads; then whoever records it is told; then the ref moves, if it still is where it
was. What is refused or dies on the way leaves objects that git's clean-up removes after a while.
"""

import contextlib

from kallithea.core.words import _
from kallithea.vcs.file_changes import plan_changes
from kallithea.vcs.git.batch import damaged
from kallithea.vcs.git.commit_stream import file_commands, import_commit
from kallithea.vcs.git.commits import tree_of_commit
from kallithea.vcs.git.default_branch import HEAD, change_head, find_head_change
from kallithea.vcs.git.durability import MOVING, sync_refs
from kallithea.vcs.git.process import run_git
from kallithea.vcs.git.push_rules import find_update_problem
from kallithea.vcs.git.ref_files import is_possible_name
from kallithea.vcs.git.refs import HEADS, GitRefs
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.types import RefKind, RefUpdate, VcsError
from kallithea.vcs.writing import (
    Announce,
    CommitRequest,
    NothingChangedError,
    RefMovedError,
    RefTarget,
    RefusedWriteError,
)


class GitWriting(GitRefs, GitTree):
    """Implements ``backend.Writing``."""

    def commit_files(self, request: CommitRequest, announce: Announce) -> str:
        """See ``backend.Writing``."""
        self._require_unmoved(request.target)
        plan = plan_changes(self, request.base, request.changes)
        parents = [request.base] if request.base else []
        made = import_commit(self._options, self.path, request.text, parents, file_commands(plan), no_id=self._no_id())
        if self._tree_id(made) == (self._tree_id(request.base) if request.base else None):
            raise NothingChangedError(_("The files would be the same as before."))
        self._move(request.target, made, announce)
        return made

    def _require_unmoved(self, target: RefTarget) -> None:
        """Look before anything is written; what counts is the look when the ref is moved."""
        if target.kind is not RefKind.BRANCH:
            raise RefusedWriteError(_("In a Git repository only branches can be written to."))
        name = HEADS + target.name
        current = self._find_ref(name)
        if current != target.expected:
            raise RefMovedError(current)
        words = self._find_name_problem(name) if current is None else None
        if words is not None:
            raise RefusedWriteError(_("The branch cannot have this name: %(problem)s.", problem=words))

    def _move(self, target: RefTarget, new: str, announce: Announce) -> None:
        """Move the branch, and HEAD with it if it names no branch yet. Raises RefMovedError, VcsError."""
        name = HEADS + target.name
        update = RefUpdate(name, target.expected, new)
        # a branch that is there already is no reason for HEAD to follow
        head = find_head_change(self.state(), [update]) if target.expected is None else None
        announce([update, head.update] if head else [update])
        try:
            old = target.expected or self._no_id()
            run_git(self._options, self.path, "update-ref", "--", name, new, old, extra_config=MOVING)
        except VcsError as problem:
            current = self._find_ref(name)
            if current == target.expected:
                raise
            # git may have moved it and have been too slow to say so
            if current != new:
                raise RefMovedError(current) from problem
        if head is not None:
            # the commit is there in any case; without this, visitors and clones see the first branch instead
            with contextlib.suppress(VcsError):
                change_head(self._options, self.path, head)
        sync_refs(self.path, [name, HEAD] if head else [name])

    def _tree_id(self, commit_id: str) -> str:
        tree_id = tree_of_commit(self._objects.get(commit_id, "commit"))
        if tree_id is None:
            raise damaged(commit_id)
        return tree_id

    def _find_name_problem(self, name: bytes) -> str | None:
        """Why no branch can be made with this full name, or None."""
        words = find_update_problem(RefUpdate(name, None, self._no_id()))
        if words is not None:
            return words
        if not is_possible_name(name):
            return _("git does not allow it")
        parts = name.split(b"/")
        above = [b"/".join(parts[:count]) for count in range(3, len(parts))]
        if self._find_ref(*above) is not None or self._list_refs(name + b"/"):
            return _("one of two branches would be a folder of the other")
        return None

    def _no_id(self) -> str:
        """The id that stands for no object."""
        return "0" * self._objects.id_length
