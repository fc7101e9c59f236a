"""Archives of Git commits, written by ``git archive``.

What lies in the commit counts, its ``.gitattributes`` included: ``export-ignore`` leaves files out and ``export-subst``
replaces ``$Format:...$``. What lies beside it does not: git is given a repository that has the same objects and nothing
else, neither refs (which ``%D`` and ``%(describe)`` would name, so that the next tag changed the archive) nor
configuration nor ``info/attributes``.
"""

import contextlib
from collections.abc import Iterator

from kallithea.core.words import _
from kallithea.vcs.archive import HARMFUL_NAME, ArchiveFormat, ArchiveOrder, Sink, open_compressed, require_count
from kallithea.vcs.git.objects_alone import objects_alone
from kallithea.vcs.git.process import GitLimits, stream_git
from kallithea.vcs.git.slots import Weight
from kallithea.vcs.git.trees import GitTree
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


class GitArchives(GitTree):
    """Implements ``archive.Archives``."""

    def write_archive(self, order: ArchiveOrder, target: Sink, *, seconds: float) -> None:
        """See ``archive.Archives``."""
        folder = self.entry(order.commit_id, order.path)
        if folder.kind is not EntryKind.FOLDER or folder.object_id is None:
            raise PathNotFoundError(_("This is not a folder."))
        self._require_count(folder.object_id)
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
        limits = GitLimits(seconds, output=1 << 62, weight=Weight.HEAVY, patience=_PATIENCE)
        with (
            objects_alone(self._folder, self._objects.format_name) as alone,
            open_compressed(order.format, target) as sink,
            _naming_the_cause(),
        ):
            for chunk in stream_git(self._options, alone, *arguments, limits=limits, extra_config=_CONFIG):
                sink.write(chunk)

    def _require_count(self, tree_id: str) -> None:
        """Git archive holds the names of all files in memory, so they are counted before. Raises TooLargeError."""
        count = 0
        for chunk in stream_git(self._options, self.path, "ls-tree", "-r", "-z", "--name-only", tree_id):
            count += chunk.count(b"\0")
            require_count(count)


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
