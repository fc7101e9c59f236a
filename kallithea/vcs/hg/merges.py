"""The combined diff of a merge, made from its diffs against both parents."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from kallithea.vcs.combined import CombinedDiff, CombinedFile, combine
from kallithea.vcs.diff import ContentKind, DiffLimits, DiffOptions, FileChange
from kallithea.vcs.hg.alike import leave_out_alike
from kallithea.vcs.hg.changed_files import list_changed_files
from kallithea.vcs.hg.patches import are_too_large, compare_options, file_sides, keep_hunks, stored_sizes
from kallithea.vcs.hunks import HunkKeeper

_EVERYTHING = DiffLimits(files=1, lines_per_file=1 << 40, lines=1 << 40, bytes=1 << 40)


def combine_parents(
    parents: Sequence[Any], merge: Any, options: DiffOptions, limits: DiffLimits, check: Callable[[], None]
) -> CombinedDiff:
    """The files that differ from every parent's, each with the lines that no parent alone explains.

    ``check`` is called between files, and may raise.
    """
    lists = [leave_out_alike(parent, merge, list_changed_files(parent, merge).files, check) for parent in parents]
    changed = [{file.path: file for file in files} for files in lists]
    paths = sorted(path for path in changed[0] if all(path in other for other in changed))
    bytes_left = limits.bytes
    found = []
    for path in paths[: limits.files]:
        check()
        file = _combine_file(parents, merge, [side[path] for side in changed], options)
        bytes_left -= sum(len(hunk.text) for hunk in file.hunks)
        found.append(file if bytes_left >= 0 else replace(file, hunks=(), cut=True))
    return CombinedDiff(tuple(found), len(paths))


def _combine_file(
    parents: Sequence[Any], merge: Any, changes: Sequence[FileChange], options: DiffOptions
) -> CombinedFile:
    first = changes[0]
    file = CombinedFile(
        first.path,
        tuple(change.old_path for change in changes),
        tuple(change.kind for change in changes),
        tuple(change.old_mode for change in changes),
        first.new_mode,
        False,
        (),
    )
    if first.content is ContentKind.SUBREPOSITORY:
        return file
    sides = [file_sides(side, merge, change) for side, change in zip(parents, changes, strict=True)]
    if any(are_too_large(stored_sizes(both)) for both in sides):
        return replace(file, cut=True)
    new = _content(sides[0][1])
    olds = [_content(old) for old, _ in sides]
    if any(b"\0" in data for data in (new, *olds)):
        return replace(file, binary=True)
    diffs = [_hunks(old, new, replace(options, context=0)) for old in olds]
    lines = new.removesuffix(b"\n").split(b"\n") if new else []
    return replace(file, hunks=combine(lines, diffs, options.context))


def _content(side: Any) -> bytes:
    """What a file has in a context, nothing where it is None."""
    return bytes(side.data()) if side is not None else b""


def _hunks(old: bytes, new: bytes, options: DiffOptions) -> Sequence[Any]:
    keeper = HunkKeeper(_EVERYTHING)
    keeper.start_file()
    if old != new:
        keep_hunks(keeper, old, new, compare_options(options))
    return keeper.end_file().hunks
