"""What makes git's own writing last when the power fails."""

import contextlib
import os
import pathlib
from collections.abc import Iterable

from kallithea.vcs.durability import sync_file, sync_folder
from kallithea.vcs.git.default_branch import HEAD
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.ref_files import is_possible_name

#: Configuration of a git process: packs, loose objects and refs are on the disk before git goes on.
DURABLE = {"core.fsync": "committed,reference", "core.fsyncMethod": "fsync"}

#: The same of one that moves refs. It waits up to so many milliseconds for whoever holds one: a push, or a clean-up.
MOVING = {**DURABLE, "core.filesRefLockTimeout": "5000"}


def sync_refs(path: pathlib.Path, names: Iterable[bytes]) -> None:
    """Return when it is on the disk where these refs, full names, and all packs are found. Raises OSError.

    Git syncs the files that it writes, but not the folders in which it gives them their names, and not ``HEAD``. Of
    refs that were deleted or packed, that is the repository's folder.
    """
    folder, names = git_folder(path), set(names)
    if HEAD in names:
        sync_file(folder / "HEAD")
    folders = {folder, folder / "objects/pack"}
    for name in filter(is_possible_name, names):
        file = folder / os.fsdecode(name)
        folders.update(parent for parent in file.parents if parent.is_relative_to(folder))
    for one in sorted(folders):
        # those of a deleted ref go with it
        with contextlib.suppress(FileNotFoundError):
            sync_folder(one)
