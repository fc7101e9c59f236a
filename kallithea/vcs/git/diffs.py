"""What lies between two commits of a Git repository, told by ``git diff-tree``."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kallithea.core.words import _
from kallithea.vcs.combined import CombinedDiff
from kallithea.vcs.diff import (
    ChangeList,
    ContentKind,
    Diff,
    DiffLimits,
    DiffOptions,
    FileChange,
    FileDiff,
    Sides,
    Whitespace,
)
from kallithea.vcs.git.commits import parse_commit
from kallithea.vcs.git.handle import GitHandle
from kallithea.vcs.git.merges import parse_combined
from kallithea.vcs.git.objects_alone import objects_alone
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess, stream_git
from kallithea.vcs.git.raw_changes import Counts, RawChanges, read_changes, read_counts
from kallithea.vcs.git.utf16 import compare_texts, read_texts
from kallithea.vcs.patch import FilePatch, PatchReader
from kallithea.vcs.path_rules import is_plain
from kallithea.vcs.types import LimitExceededError, PathNotFoundError, RevisionNotFoundError, TooLargeError

#: Renames among more added and deleted files than this are looked for by identical contents and equal names only.
RENAME_LIMIT = 400

#: Larger files, in bytes, are compared as binary ones; git would hold both sides in memory.
LARGEST = 32 << 20

# Git reads a file that was added or deleted whole, binary or not. Where it cannot, so many are left out at most, and no
# others are held against each other to find out which were renamed.
_MOST_LARGE = 100
_IDENTICAL = "--find-renames=100%"

#: Bounds of what a page waits for. Few objects can make a tree of any size, and nothing is printed before all of it
#: has been compared; so what takes longer than a usual commit needs a heavy slot.
PAGE_PROCESS = GitLimits(seconds=10, total_memory=TREE_MEMORY, light_seconds=2, patience=2)

#: Bounds of a diff as text, which is longer.
RAW_PROCESS = replace(PAGE_PROCESS, seconds=30)

_OPTIONS = (
    "-r",
    "--full-index",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-commit-id",
    "--submodule=short",
    "--ignore-submodules=none",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--indent-heuristic",
    "--find-renames",
    f"-l{RENAME_LIMIT}",
)
_CONFIG = {"core.bigFileThreshold": str(LARGEST), "diff.suppressBlankEmpty": "false"}
_IGNORED = {
    Whitespace.NONE: (),
    Whitespace.AMOUNT: ("--ignore-space-change",),
    Whitespace.ALL: ("--ignore-all-space",),
    Whitespace.BLANK_LINES: ("--ignore-blank-lines",),
}
_ID = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
# The object that Git knows without storing it, by the length of ids.
_EMPTY_TREES = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


class GitDiffs(GitHandle):
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
        changes = RawChanges(offset, limit, RENAME_LIMIT)
        formats = ("--raw", "-z", "--numstat", *_IGNORED[options.ignored]) if counted else ("--raw", "-z")
        with self._start(sides, (), formats) as process:
            rest = read_changes(changes, iter(process.read, b""))
            counts = dict(read_counts(rest)) if counted else {}
            process.finish()
        return changes.to_list(counts, whole=counted)

    def diff(
        self,
        sides: Sides,
        *,
        paths: Sequence[bytes] = (),
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
        limits: DiffLimits = DiffLimits(),  # noqa: B008 - frozen
    ) -> Diff:
        """See ``backend.Diffs``."""
        changes = RawChanges(0, limits.listed, RENAME_LIMIT)
        reader = PatchReader(limits)
        counts: dict[bytes, Counts] = {}
        formats = ("--raw", "-z", *_patch_options(options))
        try:
            with self._start(sides, paths, formats) as process:
                whole = _read_patch(process, changes, reader, limits)
        except TooLargeError:
            changes, large = self._list_incomparable(sides, paths, limits.listed)
            if not 0 < len(large) <= _MOST_LARGE:
                raise
            counts = dict.fromkeys(large, Counts(0, 0, binary=True))
            reader = PatchReader(limits)
            with self._started(self._command(sides, paths, (*formats, _IDENTICAL), without=large)) as process:
                whole = _read_patch(process, RawChanges(0, 0, RENAME_LIMIT), reader, limits)
        patches = self._with_utf16(reader.finish(), changes, options, limits)
        for patch in patches if whole else patches[:-1]:
            # a file that became a link or the like comes twice: what went and what came
            before = counts.get(patch.path)
            lines = patch.lines
            counts[patch.path] = Counts(
                lines.added + (before.added if before else 0),
                lines.deleted + (before.deleted if before else 0),
                patch.binary,
            )
        listed = changes.to_list(counts, whole=whole)
        return Diff(listed, self._bodies(listed, patches, whole, limits))

    def _with_utf16(
        self, patches: list[FilePatch], changes: RawChanges, options: DiffOptions, limits: DiffLimits
    ) -> list[FilePatch]:
        """The same, with the lines of what git takes for binary and is text in UTF-16."""
        binary = {patch.path for patch in patches if patch.binary}
        if not binary:
            return patches
        files = changes.to_list({}, whole=False).files
        texts = read_texts(self._batch, (file for file in files if file.path in binary))
        if not texts:
            return patches
        with objects_alone(self._folder, self._objects.format_name) as alone:
            compared = compare_texts(self._options, alone, texts, _patch_options(options), (limits, PAGE_PROCESS))
            found = {patch.path: patch for patch in compared}
        return [found.get(patch.path, patch) for patch in patches]

    def _list_incomparable(self, sides: Sides, paths: Sequence[bytes], limit: int) -> tuple[RawChanges, list[bytes]]:
        """What has changed, without a look at any content, and which files are too large to be compared."""
        changes = RawChanges(0, limit, RENAME_LIMIT)
        with self._start(sides, paths, ("--raw", "-z", _IDENTICAL)) as process:
            for _nothing in read_changes(changes, iter(process.read, b"")):
                continue
            process.finish()
        files = changes.to_list({}, whole=False).files
        sizes = self._sizes_of({at for file in files for at in (file.old_id, file.new_id) if at is not None})
        large = (
            file for file in files if max(sizes.get(file.old_id or "", 0), sizes.get(file.new_id or "", 0)) > LARGEST
        )
        return changes, [path for file in large for path in dict.fromkeys((file.path, file.old_path))]

    def raw_diff(
        self,
        sides: Sides,
        *,
        paths: Sequence[bytes] = (),
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
    ) -> Iterator[bytes]:
        """See ``backend.Diffs``."""
        command = self._command(sides, paths, ("--binary", *_patch_options(options)))
        return stream_git(self._options, self.path, *command, limits=RAW_PROCESS, extra_config=_CONFIG)

    def combined_diff(
        self,
        commit_id: str,
        *,
        options: DiffOptions = DiffOptions(),  # noqa: B008 - frozen
        limits: DiffLimits = DiffLimits(),  # noqa: B008 - frozen
    ) -> CombinedDiff:
        """See ``backend.Diffs``."""
        if len(parse_commit(commit_id, self._require_commit(commit_id)).parent_ids) < 2:
            return CombinedDiff((), 0)
        formats = ("--cc", "--combined-all-paths", "--raw", "-z", *_patch_options(options))
        command = ["diff-tree", *_OPTIONS, *formats, "--end-of-options", commit_id, "--"]
        output = b""
        with self._started(command) as process:
            while len(output) <= limits.bytes and (chunk := process.read()):
                output += chunk
            cut = len(output) > limits.bytes
            if not cut:
                process.finish()
        return parse_combined(output[: output.rfind(b"\n") + 1] if cut else output, limits, cut=cut)

    def _start(self, sides: Sides, paths: Sequence[bytes], formats: Sequence[str]) -> GitProcess:
        return self._started(self._command(sides, paths, formats))

    def _started(self, command: Sequence[str | bytes]) -> GitProcess:
        return GitProcess(self._options, self.path, *command, limits=PAGE_PROCESS, extra_config=_CONFIG)

    def _command(
        self, sides: Sides, paths: Sequence[bytes], formats: Sequence[str], *, without: Sequence[bytes] = ()
    ) -> list[str | bytes]:
        self._require_commit(sides.new)
        old = sides.old if sides.old is not None else _EMPTY_TREES[self._objects.id_length]
        # An old side is the parent that some commit names; git tells which one it is if it is missing or damaged.
        if not _ID.fullmatch(old):
            raise RevisionNotFoundError(_("There is no such commit."))
        command = ["diff-tree", *_OPTIONS, *formats, "--end-of-options", old, sides.new, "--"]
        if not without:
            return [*command, *_checked(paths)]
        places = [b":(literal)" + path for path in _checked(paths)]
        return ["--no-literal-pathspecs", *command, *places, *(b":(exclude,literal)" + path for path in without)]

    def _require_commit(self, commit_id: str) -> bytes:
        found = self._objects.find(commit_id)
        if found is None or found[0] != "commit":
            raise RevisionNotFoundError(_("There is no such commit."))
        return found[1]

    def _bodies(
        self, listed: ChangeList, patches: Sequence[FilePatch], whole: bool, limits: DiffLimits
    ) -> tuple[FileDiff, ...]:
        """The lines of the first files. Of files from the one on at which reading ended nothing is known."""
        files = listed.files[: limits.files]
        if not whole:
            last = next((index for index, file in enumerate(files) if file.path == patches[-1].path), len(files))
            files = files[:last]
        sections: dict[bytes, list[FilePatch]] = {}
        for patch in patches:
            sections.setdefault(patch.path, []).append(patch)
        bodies = [_body(file, sections.get(file.path, [])) for file in files]
        if any(file.content is ContentKind.BINARY for file in files):
            bodies = list(self._with_sizes(bodies))
        return tuple(bodies)

    def _with_sizes(self, files: Sequence[FileDiff]) -> Iterator[FileDiff]:
        binary = [file.change for file in files if file.change.content is ContentKind.BINARY]
        sizes = self._sizes_of({at for change in binary for at in (change.old_id, change.new_id) if at is not None})
        for file in files:
            if file.change.content is ContentKind.BINARY:
                old, new = (sizes.get(at or "") for at in (file.change.old_id, file.change.new_id))
                yield replace(file, old_size=old, new_size=new, too_large=max(old or 0, new or 0) > LARGEST)
            else:
                yield file

    def _sizes_of(self, object_ids: Iterable[str]) -> dict[str, int]:
        """Sizes of those objects that are there."""
        wanted = list(object_ids)
        return {at: header.size for at, header in zip(wanted, self._batch.headers(wanted), strict=True) if header}


def _patch_options(options: DiffOptions) -> tuple[str, ...]:
    return ("--patch", f"--unified={options.context}", *_IGNORED[options.ignored])


def _checked(paths: Sequence[bytes]) -> Sequence[bytes]:
    """The paths, if all can be of files. Raises PathNotFoundError."""
    if not all(map(is_plain, paths)):
        raise PathNotFoundError(_("There is no file at this path."))
    return paths


def _read_patch(process: GitProcess, changes: RawChanges, reader: PatchReader, limits: DiffLimits) -> bool:
    """Read what ``--raw --patch`` prints; False where counting ended before the end."""
    started, full = time.monotonic(), False
    try:
        for full in reader.read(read_changes(changes, iter(process.read, b""))):
            if full and time.monotonic() - started > limits.counting_seconds:
                return False
        process.finish()
    except LimitExceededError:
        if not full:
            raise
        return False
    return True


def _body(change: FileChange, patches: Sequence[FilePatch]) -> FileDiff:
    hunks = tuple(hunk for patch in patches for hunk in patch.lines.hunks)
    hidden = sum(patch.lines.hidden_lines for patch in patches)
    next_line = max((patch.lines.next_line for patch in patches), default=0)
    overlong_lines = sum(patch.lines.overlong_lines for patch in patches)
    overlong_removed = sum(patch.lines.overlong_removed for patch in patches)
    return FileDiff(change, hunks, hidden, next_line, overlong_lines, overlong_removed)
