"""Files that have other versions on two sides and yet the same content: a version of Mercurial is also an ancestry."""

from collections.abc import Callable, Sequence
from typing import Any

from kallithea.vcs.diff import ChangeKind, ContentKind, FileChange
from kallithea.vcs.hg.handle import DAMAGE
from kallithea.vcs.hg.patches import are_too_large, file_sides, stored_sizes


def may_be_alike(change: FileChange) -> bool:
    """Whether only the content tells if anything has changed."""
    stays = change.kind is ChangeKind.MODIFIED and change.old_mode == change.new_mode
    return stays and change.content is not ContentKind.SUBREPOSITORY


def leave_out_alike(
    old: Any, new: Any, files: Sequence[FileChange], check: Callable[[], None]
) -> tuple[FileChange, ...]:
    """The files that differ between two contexts. The content is read only where the sizes are the same.

    ``check`` is called before each of these, and may raise.
    """

    def are_alike(file: FileChange) -> bool:
        check()
        return _are_alike(old, new, file)

    return tuple(file for file in files if not (may_be_alike(file) and are_alike(file)))


def _are_alike(old: Any, new: Any, change: FileChange) -> bool:
    try:
        before, after = file_sides(old, new, change)
        return not are_too_large(stored_sizes((before, after))) and not before.cmp(after)
    except DAMAGE:
        # whoever asks for the lines is told
        return False
