"""Merges in Mercurial repositories without a working copy."""

from typing import Any

from kallithea.core.words import _
from kallithea.vcs.hg.changing import changing
from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.merge_files import MergedFiles, merge_files
from kallithea.vcs.hg.targets import move_bookmark, require_unmoved
from kallithea.vcs.hg.writing import HgWriting
from kallithea.vcs.merging import (
    ConflictReport,
    MergeConflictError,
    MergeRequest,
    MergeStyle,
    NoFastForwardError,
    NothingToMergeError,
    make_report,
)
from kallithea.vcs.types import RefKind
from kallithea.vcs.writing import Announce, NothingChangedError, RefusedWriteError

# What a merge may take, and how long it waits for its turn: as for git's.
_SECONDS = 300.0
_PATIENCE = 5.0


class HgMerging(HgWriting):
    """Implements ``backend.Merging``."""

    def find_conflicts(self, ours: str, theirs: str) -> ConflictReport:
        """See ``backend.Merging``."""
        return make_report(self._merged(self._node(ours), self._node(theirs)).conflicts)

    def merge(self, request: MergeRequest, announce: Announce) -> str:
        """See ``backend.Merging``. A merge is on the branch that it is merged into, whatever the other side's is."""
        require_unmoved(self._repository, request.target)
        ours, theirs = self._node(request.ours), self._node(request.theirs)
        if self._is_ancestor(theirs, ours):
            raise NothingToMergeError
        if request.style is MergeStyle.FAST_FORWARD:
            return self._move_forward(request, theirs, announce)
        if self._is_ancestor(ours, theirs) and self._branch(ours) == self._branch(theirs):
            raise RefusedWriteError(
                _(
                    "Mercurial merges no changeset with a later one of its own branch: "
                    "move the bookmark forward instead."
                )
            )
        files = self._files_of_merge(ours, theirs)
        parents = [ours, None if request.style is MergeStyle.SQUASH else theirs]
        if request.style is MergeStyle.SQUASH and not files:
            raise NothingChangedError(_("The branch holds all of these changes already."))
        return self._store(request.target, request.text, parents, files, announce)

    def _move_forward(self, request: MergeRequest, theirs: bytes, announce: Announce) -> str:
        if request.target.kind is not RefKind.BOOKMARK:
            raise RefusedWriteError(_("A named branch is where its changesets are, so it cannot be moved forward."))
        if not self._is_ancestor(self._node(request.ours), theirs):
            raise NoFastForwardError
        with changing(self.path, announce, publishing=self._publishing) as (repository, transaction):
            require_unmoved(repository.filtered(b"served"), request.target)
            move_bookmark(repository, transaction, request.target, theirs)
        self._reopen()
        return theirs.hex()

    def _files_of_merge(self, ours: bytes, theirs: bytes) -> dict[bytes, Any]:
        """What the merge makes of ours. Raises MergeConflictError."""
        merged = self._merged(ours, theirs)
        if merged.conflicts:
            raise MergeConflictError(make_report(merged.conflicts))
        return merged.files

    def _merged(self, ours: bytes, theirs: bytes) -> MergedFiles:
        turn = self._working(_SECONDS, light_seconds=0, patience=_PATIENCE)
        with naming(theirs.hex()), turn as check:
            check()
            return merge_files(self._repository, self._repository[ours], self._repository[theirs], check)

    def _is_ancestor(self, old: bytes, new: bytes) -> bool:
        changelog = self._repository.changelog
        return bool(changelog.isancestorrev(changelog.rev(old), changelog.rev(new)))

    def _branch(self, at: bytes) -> bytes:
        return bytes(self._repository[at].branch())
