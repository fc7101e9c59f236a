"""What a page shows of a diff: as much as it can bear, and the rest piece by piece."""

from dataclasses import dataclass, replace

from kallithea.vcs.backend import Diffs, Tree
from kallithea.vcs.diff import ChangeList, Diff, DiffLimits, DiffOptions, FileChange, FileDiff, Sides

#: Changed files that one page lists.
FILES_ON_PAGE = 1000

#: What a page shows of a diff: more files, or more lines of one file or of all, are left for further requests.
PAGE_LIMITS = DiffLimits(
    files=800, lines_per_file=2000, lines=20_000, listed=FILES_ON_PAGE, counting_seconds=0.5
)  # fmt: skip

#: A file with more changed lines is folded until the visitor unfolds it.
FOLDED_LINES = 400

#: A file with a longer line, or with more bytes of lines, is not shown among others: browsers take seconds to wrap it.
LONGEST_LINE = 10_000
MOST_BYTES = 500_000

#: Unchanged lines that are shown at once of those between two hunks.
MORE_LINES = 20

# A page shows this many times what a file's page shows.
_FILES_OF_A_PAGE = 4

# The lines of one file are counted to the end: what is read no further has none.
_COUNTING_SECONDS = 30.0

#: Bytes at the beginning of a file among which further lines are shown around its changes.
MOST_EXPANDED = 16 << 20


@dataclass(frozen=True, slots=True)
class UnchangedLines:
    """Lines of a file, without their ends; ``more`` tells whether others follow.

    ``beyond``: some that were asked for are missing, since they lie behind MOST_EXPANDED.
    """

    texts: tuple[bytes, ...]
    more: bool
    beyond: bool = False


def read_page(repository: Diffs, sides: Sides, options: DiffOptions, *, page: int = 1, limit: int) -> Diff:
    """A page of the changed files, and as many of their lines as it bears.

    ``limit`` is what the page of a file shows, in bytes. Raises RevisionNotFoundError, LimitExceededError.
    """
    limits = replace(PAGE_LIMITS, bytes=_FILES_OF_A_PAGE * limit)
    if page == 1:
        return repository.diff(sides, options=options, limits=limits)
    listed = repository.changes(sides, options, offset=(page - 1) * FILES_ON_PAGE, limit=FILES_ON_PAGE, counted=False)
    paths = {path for file in listed.files for path in (file.path, file.old_path)}
    if not paths:
        return Diff(listed, ())
    return _on_page(listed, repository.diff(sides, paths=sorted(paths), options=options, limits=limits))


def find_file(
    repository: Diffs,
    sides: Sides,
    path: bytes,
    old_path: bytes,
    options: DiffOptions,
    *,
    skipped_lines: int = 0,
    limit: int,
) -> FileDiff | None:
    """The changed lines of one file, after those that were seen; None where nothing changed.

    ``old_path`` is another one for a rename. Raises RevisionNotFoundError, PathNotFoundError, LimitExceededError.
    """
    limits = replace(
        PAGE_LIMITS, bytes=_FILES_OF_A_PAGE * limit, skipped_lines=skipped_lines, counting_seconds=_COUNTING_SECONDS
    )
    found = repository.diff(sides, paths=sorted({path, old_path}), options=options, limits=limits)
    return next((file for file in found.files if file.change.path == path), None)


def longest_line(file: FileDiff) -> int:
    """Bytes of the longest of a file's changed lines and those around them."""
    return max((max(map(len, hunk.text.split(b"\n"))) for hunk in file.hunks), default=0)


def read_unchanged_lines(repository: Tree, commit_id: str, path: bytes, first: int, last: int) -> UnchangedLines:
    """The lines ``first`` to ``last`` of a file, counted from 1. Raises PathNotFoundError."""
    blob = repository.blob(commit_id, path, limit=MOST_EXPANDED).in_utf8()
    lines = blob.data.split(b"\n")
    if blob.truncated or lines[-1] == b"":
        # what was cut is no line
        lines.pop()
    shown = tuple(lines[first - 1 : last])
    return UnchangedLines(shown, blob.truncated or len(lines) > last, blob.truncated and len(lines) < last)


def _on_page(listed: ChangeList, found: Diff) -> Diff:
    """The lines of files that are changed in the same way when only they are looked at."""
    read = {(file.change.path, file.change.old_path): file for file in found.files}
    counted = {(file.path, file.old_path): file for file in found.changes.files}
    files: list[FileChange] = []
    bodies: list[FileDiff] = []
    for file in listed.files:
        files.append(counted.get((file.path, file.old_path), file))
        body = read.get((file.path, file.old_path))
        if body is not None:
            bodies.append(body)
    return Diff(replace(listed, files=tuple(files)), tuple(bodies))
