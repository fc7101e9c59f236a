"""What lies between two changesets of a Mercurial repository."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kallithea.core.errors import message_of
from kallithea.vcs.combined import CombinedDiff
from kallithea.vcs.diff import ChangeList, ContentKind, Diff, DiffLimits, DiffOptions, FileChange, FileDiff, Sides
from kallithea.vcs.hg.alike import leave_out_alike, may_be_alike
from kallithea.vcs.hg.changed_files import ChangedFiles, find_copies, list_changed_files
from kallithea.vcs.hg.handle import HgHandle, naming
from kallithea.vcs.hg.merges import combine_parents
from kallithea.vcs.hg.patches import are_too_large, compare_options, file_sides, keep_hunks, patch_text, stored_sizes
from kallithea.vcs.hunks import HunkKeeper, KeptHunks
from kallithea.vcs.types import CorruptObjectError, LimitExceededError, utf8_of

# What a page waits for, and a diff as text, which is longer: as for git's.
_PAGE_SECONDS = 10.0
_RAW_SECONDS = 30.0
_NOTHING_KEPT = DiffLimits(files=0)


class HgDiffs(HgHandle):
    """Implements ``backend.Diffs``."""

    def changes(
        self,
        sides: Sides,
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
        *,
        offset: int = 0,
        limit: int = 1000,
        counted: bool = True,
    ) -> ChangeList:
        """See ``backend.Diffs``."""
        if counted:
            limits = replace(_NOTHING_KEPT, listed=offset + limit)
            found = self.diff(sides, options=options, limits=limits).changes
            return replace(found, files=found.files[offset:], offset=offset)
        with naming(sides.new), self._working(_PAGE_SECONDS) as check:
            old, new = self._contexts(sides)
            changed = list_changed_files(old, new, self._find_copies)
            files = leave_out_alike(old, new, changed.files, check)
        return ChangeList(files[offset : offset + limit], len(files), None, None, offset, changed.copies_limited)

    def diff(
        self,
        sides: Sides,
        *,
        paths: Sequence[bytes] = (),
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
        limits: DiffLimits = DiffLimits(),  # noqa: B008 - frozen
    ) -> Diff:
        """See ``backend.Diffs``."""
        with self._working(_PAGE_SECONDS) as check:
            return self._diff_within(sides, paths, options, limits, check)

    def _diff_within(
        self,
        sides: Sides,
        paths: Sequence[bytes],
        options: DiffOptions,
        limits: DiffLimits,
        check: Callable[[], None],
    ) -> Diff:
        started = time.monotonic()
        old, new = self._contexts(sides)
        with naming(sides.new):
            changed = _only(list_changed_files(old, new, self._find_copies), paths)
        keeper = HunkKeeper(limits)
        compared: list[FileDiff] = []
        rest = changed.files
        try:
            for number, change in enumerate(changed.files, 1):
                check()
                if keeper.full and time.monotonic() - started > limits.counting_seconds:
                    break
                found = _compare_readable(old, new, change, options, keeper)
                compared += [found] if found is not None else []
                rest = changed.files[number:]
            rest = leave_out_alike(old, new, rest, check)
        except LimitExceededError:
            if not keeper.full:
                raise
        return _diff(compared, rest, limits, copies_limited=changed.copies_limited)

    def combined_diff(
        self,
        commit_id: str,
        *,
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
        limits: DiffLimits = DiffLimits(),  # noqa: B008 - frozen
    ) -> CombinedDiff:
        """See ``backend.Diffs``."""
        merge = self._repository[self._node(commit_id)]
        parents = [parent for parent in merge.parents() if parent.rev() >= 0]
        if len(parents) < 2:
            return CombinedDiff((), 0)
        with naming(commit_id), self._working(_PAGE_SECONDS) as check:
            return combine_parents(parents, merge, options, limits, check)

    def raw_diff(
        self,
        sides: Sides,
        *,
        paths: Sequence[bytes] = (),
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
    ) -> Iterator[bytes]:
        """See ``backend.Diffs``."""
        old, new = self._contexts(sides)

        def chunks() -> Iterator[bytes]:
            with naming(sides.new), self._working(_RAW_SECONDS) as check:
                files = _only(list_changed_files(old, new, self._find_copies), paths).files
                differing = leave_out_alike(old, new, files, check)
                stored = [file for file in differing if file.content is not ContentKind.SUBREPOSITORY]
                for chunk in patch_text(old, new, stored, compare_options(options, binary=True)):
                    check()
                    yield chunk

        return chunks()

    def _find_copies(self, old: Any, new: Any) -> Mapping[bytes, bytes]:
        """See ``changed_files.FindCopies``."""
        return find_copies(old, new)

    def _contexts(self, sides: Sides) -> tuple[Any, Any]:
        """The contexts of both sides. Raises RevisionNotFoundError."""
        nothing = self._repository.nodeconstants.nullid
        old = self._repository[self._node(sides.old) if sides.old is not None else nothing]
        return old, self._repository[self._node(sides.new)]


def _only(changed: ChangedFiles, paths: Sequence[bytes]) -> ChangedFiles:
    """The files that have one of these new paths; all of them where no path is given."""
    if not paths:
        return changed
    return replace(changed, files=tuple(file for file in changed.files if file.path in paths))


def _compare_readable(
    old: Any, new: Any, change: FileChange, options: DiffOptions, keeper: HunkKeeper
) -> FileDiff | None:
    """The lines that differ, or that they cannot be read; None where nothing does."""
    try:
        with naming(change.new_id or change.old_id or ""):
            return _compare(old, new, change, options, keeper)
    except CorruptObjectError as problem:
        return FileDiff(change, (), damage=message_of(problem))


def _compare(old: Any, new: Any, change: FileChange, options: DiffOptions, keeper: HunkKeeper) -> FileDiff | None:
    """The lines that differ; None where nothing does."""
    keeper.start_file()
    if change.content is ContentKind.SUBREPOSITORY:
        return _file_diff(change, keeper.end_file())
    sides = file_sides(old, new, change)
    old_size, new_size = stored_sizes(sides)
    if are_too_large((old_size, new_size)):
        return _binary(change, old_size, new_size, too_large=True)
    before, after = (side.data() if side is not None else b"" for side in sides)
    if before == after and may_be_alike(change):
        return None
    sizes = len(before), len(after)
    before, after = utf8_of(before), utf8_of(after)
    if b"\0" in before or b"\0" in after:
        return _binary(change, *sizes)
    if before != after:
        keep_hunks(keeper, before, after, compare_options(options))
    return _file_diff(change, keeper.end_file())


def _file_diff(change: FileChange, kept: KeptHunks) -> FileDiff:
    counted = replace(change, added=kept.added, deleted=kept.deleted)
    counts = kept.hidden_lines, kept.next_line, kept.overlong_lines, kept.overlong_removed
    return FileDiff(counted, kept.hunks, *counts)


def _binary(change: FileChange, old_size: int, new_size: int, *, too_large: bool = False) -> FileDiff:
    counted = replace(change, content=ContentKind.BINARY, added=0, deleted=0)
    sizes = (old_size if change.old_id is not None else None, new_size if change.new_id is not None else None)
    return FileDiff(counted, (), old_size=sizes[0], new_size=sizes[1], too_large=too_large)


def _diff(
    compared: Sequence[FileDiff], rest: Sequence[FileChange], limits: DiffLimits, *, copies_limited: bool
) -> Diff:
    """The list with the counts of those files that were compared, and the lines of the first of them."""
    files = [*(file.change for file in compared), *rest]
    counted = not rest and not any(file.damage for file in compared)
    added = sum(file.added or 0 for file in files) if counted else None
    deleted = sum(file.deleted or 0 for file in files) if counted else None
    listed = ChangeList(tuple(files[: limits.listed]), len(files), added, deleted, 0, copies_limited)
    return Diff(listed, tuple(compared[: min(limits.files, limits.listed)]))
