"""Archives of Git commits, written by ``git archive``.

What lies in the commit counts, its ``.gitattributes`` included: ``export-ignore`` leaves files out and ``export-subst``
replaces ``$Format:...$``. What lies beside it does not: git is given a repository that has the same objects and nothing
else, neither refs (which ``%D`` and ``%(describe)`` would name, so that the next tag changed the archive) nor
configuration nor ``info/attributes``.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from kallithea.core.words import _
from kallithea.vcs.archive import (
    HARMFUL_NAME,
    ArchiveFormat,
    ArchiveOrder,
    Sink,
    open_compressed,
    require_count,
    require_folder_count,
)
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.objects_alone import objects_alone
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, stream_git
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import EntryKind, PathNotFoundError, VcsError

_CONFIG = {
    # What git itself does where nothing is configured, so that everybody can compare.
    "tar.umask": "0002",
    # Names that another operating system would take for .git are refused, too.
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
}
_INVALID_NAME = "invalid path"
_INVALID_DATE = "timestamp too large"
# Seconds to wait until other heavy work is done.
_PATIENCE = 20.0
# The end of one entry that ``git ls-tree -z`` writes, and the beginning of the next if that is a folder.
_FOLDER = b"\0" + b"040000 "


class GitArchives(GitTree):
    """Implements ``archive.Archives``."""

    def write_archive(self, order: ArchiveOrder, target: Sink, *, seconds: float) -> None:
        """See ``archive.Archives``."""
        folder = self.entry(order.commit_id, order.path)
        if folder.kind is not EntryKind.FOLDER or folder.object_id is None:
            raise PathNotFoundError(_("This is not a folder."))
        deadline = Deadline(seconds)
        self._require_count(folder.object_id, replace(_limits(deadline), total_memory=TREE_MEMORY))
        kind = ArchiveFormat.ZIP if order.format is ArchiveFormat.ZIP else ArchiveFormat.TAR
        arguments = (
            "archive",
            f"--format={kind}",
            b"--prefix=" + order.prefix + b"/",
            # All that follows names something, a folder called "--output=x" included.
            "--",
            order.commit_id,
            *((order.path,) if order.path else ()),
        )
        limits = _limits(deadline)
        with (
            objects_alone(self._folder, self._objects.format_name) as alone,
            open_compressed(order.format, target) as sink,
            _naming_the_cause(),
        ):
            for chunk in stream_git(self._options, alone, *arguments, limits=limits, extra_config=_CONFIG):
                sink.write(chunk)

    def _require_count(self, tree_id: str, limits: GitLimits) -> None:
        """Git archive holds all names in memory, so they are counted before. Raises TooLargeError, LimitExceededError.

        Folders count by themselves: few objects make any number of empty ones.
        """
        entries = folders = 0
        # what the first entry follows as well
        before = b"\0"
        for chunk in stream_git(self._options, self.path, "ls-tree", "-r", "-t", "-z", tree_id, limits=limits):
            data = before + chunk
            entries += chunk.count(b"\0")
            folders += data.count(_FOLDER)
            # too short for a folder that was counted
            before = data[1 - len(_FOLDER) :]
            require_count(entries - folders)
            require_folder_count(folders)


def _limits(deadline: Deadline) -> GitLimits:
    """Those of a process that waits and runs until then at most. Raises LimitExceededError."""
    left = round(deadline.left(), 1)
    patience = min(_PATIENCE, left)
    return GitLimits(left, output=1 << 62, weight=Weight.HEAVY, patience=patience, patience_counts=True)


@contextlib.contextmanager
def _naming_the_cause() -> Iterator[None]:
    """Git refuses names that must not be unpacked, and dates that a zip archive cannot tell; say so."""
    try:
        yield
    except VcsError as problem:
        notes = "".join(getattr(problem, "__notes__", ()))
        if _INVALID_NAME in notes:
            raise VcsError(HARMFUL_NAME) from problem
        if _INVALID_DATE in notes:
            raise VcsError(_("A zip archive cannot tell the date of this commit. Take another format.")) from problem
        raise
