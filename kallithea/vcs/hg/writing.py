"""Commits to Mercurial repositories without a working copy: made in memory, stored under the repository's lock."""

from collections.abc import Sequence
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.file_changes import ChangePlan, Written, content_size, plan_changes, read_chunks
from kallithea.vcs.hg.changing import changing
from kallithea.vcs.hg.memory_commit import MemoryFile, MemoryFiles, commit_in_memory
from kallithea.vcs.hg.mercurial_setup import node
from kallithea.vcs.hg.refs import HgRefs
from kallithea.vcs.hg.targets import branch_of, move_bookmark, require_unmoved
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.writing import (
    Announce,
    CommitRequest,
    CommitText,
    FileMode,
    NothingChangedError,
    RefTarget,
    RefusedPathError,
)

# Mercurial holds a file in memory, more than once, while it stores it. In bytes.
LARGEST_FILE = 64 << 20
_FLAGS = {FileMode.REGULAR: b"", FileMode.EXECUTABLE: b"x", FileMode.SYMLINK: b"l"}
_CHUNK = 1 << 20


class HgWriting(HgRefs, HgTree):
    """Implements ``backend.Writing``."""

    def commit_files(self, request: CommitRequest, announce: Announce) -> str:
        """See ``backend.Writing``."""
        target = request.target
        require_unmoved(self._repository, target)
        parent = self._node(request.base) if request.base else None
        files = self._files(plan_changes(self, request.base, request.changes), parent)
        if not files:
            raise NothingChangedError(_("The files would be the same as before."))
        return self._store(target, request.text, [parent], files, announce)

    def _store(
        self,
        target: RefTarget,
        text: CommitText,
        parents: Sequence[bytes | None],
        files: MemoryFiles,
        announce: Announce,
    ) -> str:
        """Store a changeset if the target is still where it is expected, and return its id."""
        with changing(self.path, announce, publishing=self._publishing) as (repository, transaction):
            require_unmoved(repository.filtered(b"served"), target)
            branch = branch_of(repository, target, parents[0])
            made = commit_in_memory(repository, text, branch, parents, files)
            move_bookmark(repository, transaction, target, made)
        self._reopen()
        return made.hex()

    def _files(self, plan: ChangePlan, parent: bytes | None) -> dict[bytes, MemoryFile | None]:
        """What differs from the parent, by path; None takes a file away."""
        old = self._repository[parent or node.nullrev]
        files: dict[bytes, MemoryFile | None] = dict.fromkeys(plan.removed)
        for written in plan.written:
            file = _memory_file(old, written)
            is_same = file.source is None and written.path in old and _holds(old[written.path], file)
            if not is_same:
                files[written.path] = file
        return files


def _memory_file(old: Any, written: Written) -> MemoryFile:
    flags = _FLAGS[written.mode]
    source = written.source.path if written.source and written.moved else None
    if written.content is not None:
        if content_size(written.content) > LARGEST_FILE:
            words = _("a Mercurial repository takes files of at most %(number)s MiB here", number=LARGEST_FILE >> 20)
            raise RefusedPathError(written.path, words)
        return MemoryFile(b"".join(read_chunks(written.content, _CHUNK)), flags, source)
    if written.source is None:
        raise ValueError("a new file needs a content")
    return MemoryFile(old[written.source.path].data(), flags, source)


def _holds(old: Any, file: MemoryFile) -> bool:
    return bool(old.flags() == file.flags and old.data() == file.data)
