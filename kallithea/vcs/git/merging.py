"""Merges in Git repositories without a working copy."""

from collections.abc import Iterable
from dataclasses import replace

from kallithea.core.words import _
from kallithea.vcs.git.ancestry import GitAncestry
from kallithea.vcs.git.commit_stream import import_commit, tree_command
from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.git.merge_tree import merge_trees
from kallithea.vcs.git.objects_alone import NewObjects, objects_alone
from kallithea.vcs.git.writing import GitWriting
from kallithea.vcs.merging import (
    Conflict,
    ConflictReport,
    MergeConflictError,
    MergeRequest,
    MergeStyle,
    NoFastForwardError,
    NothingToMergeError,
    Version,
    make_report,
)
from kallithea.vcs.writing import Announce, NothingChangedError


class GitMerging(GitWriting, GitAncestry):
    """Implements ``backend.Merging``."""

    def find_conflicts(self, ours: str, theirs: str) -> ConflictReport:
        """See ``backend.Merging``."""
        for commit_id in (ours, theirs):
            self._root(commit_id)
        with objects_alone(self._folder, self._objects.format_name, NewObjects.VANISH) as folder:
            merged = merge_trees(self._options, folder, ours, theirs)
        return self._report(merged.conflicts)

    def merge(self, request: MergeRequest, announce: Announce) -> str:
        """See ``backend.Merging``."""
        ours, theirs = request.ours, request.theirs
        self._require_unmoved(request.target)
        self._root(theirs)
        if self.is_ancestor(theirs, ours):
            raise NothingToMergeError
        if request.style is MergeStyle.FAST_FORWARD:
            if not self.is_ancestor(ours, theirs):
                raise NoFastForwardError
            made = theirs
        else:
            tree_id = self._merged_tree(ours, theirs)
            if request.style is MergeStyle.SQUASH and tree_id == self._tree_id(ours):
                raise NothingChangedError(_("The branch holds all of these changes already."))
            parents = [ours] if request.style is MergeStyle.SQUASH else [ours, theirs]
            made = import_commit(
                self._options, self.path, request.text, parents, tree_command(tree_id), no_id=self._no_id()
            )
        self._move(request.target, made, announce)
        return made

    def _merged_tree(self, ours: str, theirs: str) -> str:
        """Merge for good and return the tree's id. Raises MergeConflictError."""
        with objects_alone(self._folder, self._objects.format_name) as folder:
            merged = merge_trees(self._options, folder, ours, theirs, DURABLE)
        if merged.conflicts:
            raise MergeConflictError(self._report(merged.conflicts))
        return merged.tree_id

    def _report(self, conflicts: Iterable[Conflict]) -> ConflictReport:
        """The conflicts; versions that git made only to merge them are left out, because nobody can read them."""
        report = make_report(list(conflicts))
        sides = [side for one in report.conflicts for side in (one.base, one.ours, one.theirs) if side is not None]
        wanted = list({side.object_id for side in sides})
        found = zip(wanted, self._batch.headers(wanted), strict=True)
        stored = {object_id for object_id, header in found if header is not None}

        def kept(side: Version | None) -> Version | None:
            return side if side is not None and side.object_id in stored else None

        conflicts = (
            replace(one, base=kept(one.base), ours=kept(one.ours), theirs=kept(one.theirs)) for one in report.conflicts
        )
        return ConflictReport(tuple(conflicts), report.hidden)
