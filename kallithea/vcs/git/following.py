"""The history of one file of a Git repository under all the names that it had.

git's own ``--follow`` compares the whole trees of all commits. Here the walk is limited to one name at a time, so that
the commit-graph's filters help, and git is asked where a file came from only for the commits that added it. On a linear
history the answer is that of ``git log --follow``. Where branches were merged, sides that changed nothing in the end
are left out, as ``git log`` does for paths; and what came with a merge alone is followed no further.
"""

import math
import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kallithea.vcs.blame import FileVersion, LineRange
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.process import GitLimits, run_git, stream_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight

# A file that was renamed more often has an attacker's history.
_MOST_NAMES = 50
# A search for an origin that takes longer needs a slot of its own: the walk's may be given back already.
_LIGHT_SECONDS = 2.0
_RAW = ("-z", "--raw", "--no-abbrev", "--no-color")


@dataclass(frozen=True, slots=True)
class _Change:
    """A commit that changed a path; ``added`` tells whether it made a file there. Of a merge, that is not known."""

    commit_id: str
    parent_id: str | None
    added: bool


def follow(
    options: VcsOptions,
    repository_path: pathlib.Path,
    start: str,
    path: bytes,
    limits: GitLimits,
    along: Sequence[str] = (),
) -> Iterator[str]:
    """Ids of the ancestors of ``start`` that changed the file, newest first; ``along`` are further options of the walk.

    ``limits`` are those of each process, and their seconds those of the whole walk with all that is done between its
    steps. Raises LimitExceededError, BusyError.
    """
    seen: set[str] = set()
    deadline = Deadline(limits.seconds)

    def left() -> GitLimits:
        # a message may name the seconds
        return replace(limits, seconds=math.ceil(10 * deadline.left()) / 10)

    for _number in range(_MOST_NAMES):
        origin = None
        for change in _changes(options, repository_path, start, path, left(), along):
            if change.commit_id not in seen:
                seen.add(change.commit_id)
                yield change.commit_id
            if change.added and change.parent_id is not None:
                light = replace(left(), weight=Weight.LIGHT, light_seconds=_LIGHT_SECONDS)
                origin = _find_origin(options, repository_path, change.commit_id, path, light)
            if origin is not None and change.parent_id is not None:
                start, path = change.parent_id, origin
                break
        if origin is None:
            return


def follow_lines(
    options: VcsOptions,
    repository_path: pathlib.Path,
    file: FileVersion,
    wanted: LineRange,
    limits: GitLimits,
    along: Sequence[str] = (),
) -> Iterator[str]:
    """Ids of the ancestors of a file's commit that changed these lines of it, newest first, as ``git log -L`` has them.

    ``along`` are further options of the walk. The file must have the lines. Each id comes as soon as git has found it.
    Raises LimitExceededError, BusyError.
    """
    # all that follows the first colon is the path
    option = b"-L%d,%d:%s" % (*wanted, file.path)
    command: list[str | bytes] = ["log", option, *along, "--no-patch", "--format=%H"]
    command += ["--end-of-options", file.commit_id]
    for line in lines(stream_git(options, repository_path, *command, limits=limits)):
        yield line.decode("ascii")


def _changes(
    options: VcsOptions,
    repository_path: pathlib.Path,
    start: str,
    path: bytes,
    limits: GitLimits,
    along: Sequence[str],
) -> Iterator[_Change]:
    """Commits that changed the path, by its present name."""
    how = [*_RAW, *along, "--no-renames", "--format=%H %P"]
    command: list[str | bytes] = ["log", *how, "--end-of-options", start, "--", path]
    tokens = lines(stream_git(options, repository_path, *command, limits=limits), b"\0")
    ids: list[str] = []
    added = False
    for token in tokens:
        # A commit's line is followed by pairs: modes, ids and status of a path, and the path itself.
        if token.startswith((b":", b"\n:")):
            added = (next(tokens) == path and token.endswith(b" A")) or added
            continue
        if ids:
            yield _Change(ids[0], ids[1] if len(ids) > 1 else None, added)
        ids, added = token.decode("ascii").split(), False
    if ids:
        yield _Change(ids[0], ids[1] if len(ids) > 1 else None, added)


def _find_origin(
    options: VcsOptions, repository_path: pathlib.Path, commit_id: str, path: bytes, limits: GitLimits
) -> bytes | None:
    """The path in its first parent from which the commit made the file at ``path``, or None."""
    command: list[str | bytes] = [
        "log",
        *_RAW,
        "--follow",
        "--no-walk",
        "--format=",
        "--end-of-options",
        commit_id,
        "--",
        path,
    ]
    fields = run_git(options, repository_path, *command, limits=limits).split(b"\0")
    if len(fields) > 2 and fields[2] == path and fields[0].rpartition(b" ")[2].startswith((b"R", b"C")):
        return fields[1]
    return None
