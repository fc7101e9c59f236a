"""Where a new repository's files go: below the repository folder, at its path or beside what lies there already."""

import hashlib
import itertools
import os
import pathlib
from collections.abc import Callable, Iterator

from kallithea.vcs.opener import find_kind

# file systems allow 255 bytes; some are left for "~2" and for what the backends put beside a folder while they make it
_LONGEST_NAME = 160


def free_folder(base: pathlib.Path, path: str, is_recorded: Callable[[str], bool]) -> str:
    """A folder relative to ``base`` in which nothing is; its parents are plain folders or do not exist.

    A part of the path that is a link, a file or a repository on the disk, or that is taken, gets ``~2`` or a higher
    number; taken is also what ``is_recorded`` as a repository's folder.
    """
    segments = [_short(segment) for segment in path.split("/")]
    chosen = pathlib.PurePosixPath()
    for segment in segments[:-1]:
        chosen = next(one for one in _candidates(chosen, segment) if _can_hold(base / one))
    free = (one for one in _candidates(chosen, segments[-1]) if not os.path.lexists(base / one))
    return next(str(one) for one in free if not is_recorded(str(one)))


def _candidates(parent: pathlib.PurePosixPath, segment: str) -> Iterator[pathlib.PurePosixPath]:
    further = (parent / f"{segment}~{number}" for number in itertools.count(2))
    return itertools.chain([parent / segment], further)


def _short(segment: str) -> str:
    """The segment, or where its bytes are too many for a file's name, the begin of it and a digest."""
    encoded = segment.encode()
    if len(encoded) <= _LONGEST_NAME:
        return segment
    return f"{encoded[: _LONGEST_NAME - 17].decode(errors='ignore')}~{hashlib.sha256(encoded).hexdigest()[:16]}"


def _can_hold(folder: pathlib.Path) -> bool:
    if not os.path.lexists(folder):
        return True
    return folder.is_dir() and not folder.is_symlink() and find_kind(folder) is None
