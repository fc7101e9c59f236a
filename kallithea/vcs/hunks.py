"""Keeping as many lines of a diff as limits allow, and counting the rest."""

import re
from dataclasses import dataclass, field

from kallithea.vcs.diff import DiffLimits, Hunk

_RANGES = re.compile(rb"-(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@ ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeptHunks:
    """What was kept of one file, and the counts of all its changed lines. ``next_line``: see ``diff.FileDiff``."""

    hunks: tuple[Hunk, ...] = ()
    added: int = 0
    deleted: int = 0
    hidden_lines: int = 0
    next_line: int = 0


class _HunkText:
    """A hunk and the pieces of its text."""

    __slots__ = ("_ranges", "new_passed", "old_passed", "pieces")

    def __init__(self, ranges: re.Match[bytes]) -> None:
        self._ranges = ranges
        self.pieces: list[bytes] = []
        self.old_passed = 0
        self.new_passed = 0

    def value(self) -> Hunk:
        old_start, old_lines, new_start, new_lines, section = self._ranges.groups()
        return Hunk(
            int(old_start) + self.old_passed,
            int(old_lines or b"1") - self.old_passed,
            int(new_start) + self.new_passed,
            int(new_lines or b"1") - self.new_passed,
            section,
            self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces),
        )


@dataclass
class _File:
    """What is known so far of the file that is being read."""

    full: bool = False
    added: int = 0
    deleted: int = 0
    hidden: int = 0
    passed: int = 0
    shown: int = 0
    hunks: list[_HunkText] = field(default_factory=list)

    def value(self) -> KeptHunks:
        hunks = tuple(hunk.value() for hunk in self.hunks if hunk.pieces)
        next_line = self.passed + self.shown if self.hidden else 0
        return KeptHunks(hunks, self.added, self.deleted, self.hidden, next_line)


class HunkKeeper:
    """Takes the hunks of file after file. ``full``: a limit of the whole has left something out."""

    def __init__(self, limits: DiffLimits) -> None:
        self._limits = limits
        self._files_left = limits.files
        self._lines_left = limits.lines
        self._bytes_left = limits.bytes
        self._file = _File()
        self.full = False

    def start_file(self) -> None:
        """Go on with another file."""
        self._file = _File(full=self._files_left <= 0)
        self.full = self.full or self._file.full
        self._files_left -= 1

    def start_hunk(self, header: bytes) -> bool:
        """Go on with another hunk, from what follows ``@@ `` on its first line; False for what is no such line."""
        ranges = _RANGES.match(header)
        if ranges is None:
            return False
        self._file.hunks.append(_HunkText(ranges))
        return True

    def take_lines(self, text: bytes) -> None:
        """More lines of the hunk: each with LF *before* it, and none after the last."""
        file = self._file
        added, deleted = text.count(b"\n+"), text.count(b"\n-")
        file.added += added
        file.deleted += deleted
        if file.full:
            file.hidden += added + deleted
            return
        limits = self._limits
        if file.passed < limits.skipped_lines:
            text = self._pass_over(text)
        rows = _count_rows(text)
        if rows > limits.lines_per_file - file.shown or rows > self._lines_left or len(text) > self._bytes_left:
            self._keep_some(text)
        elif text:
            self._keep(text, rows)

    def take_overlong_line(self, mark: bytes) -> None:
        """A line of which only the mark was held: it is counted, and ends what is kept of the file."""
        self._file.full = True
        self.take_lines(b"\n" + mark)

    def end_file(self) -> KeptHunks:
        """The file as far as it was taken."""
        return self._file.value()

    def _pass_over(self, text: bytes) -> bytes:
        """What is left of the text after the lines that are to be skipped."""
        seen = _first_rows(text, self._limits.skipped_lines - self._file.passed)
        removed, added, rows = seen.count(b"\n-"), seen.count(b"\n+"), _count_rows(seen)
        hunk = self._file.hunks[-1]
        hunk.old_passed += rows - added
        hunk.new_passed += rows - removed
        self._file.passed += rows
        return text[len(seen) :]

    def _keep(self, text: bytes, rows: int) -> None:
        file = self._file
        file.hunks[-1].pieces.append(text[1:] + b"\n")
        file.shown += rows
        self._lines_left -= rows
        self._bytes_left -= len(text)

    def _keep_some(self, text: bytes) -> None:
        """Keep the lines that fit; none after them in this file are."""
        kept = _first_rows(text, min(self._limits.lines_per_file - self._file.shown, self._lines_left))
        self.full = self.full or _count_rows(kept) == self._lines_left
        if len(kept) > self._bytes_left:
            kept = kept[: kept.rfind(b"\n", 0, self._bytes_left + 1)]
            self.full = True
        rest = text[len(kept) :]
        if kept:
            self._keep(kept, _count_rows(kept))
        self._file.full = True
        self._file.hidden += rest.count(b"\n+") + rest.count(b"\n-")


def _count_rows(text: bytes) -> int:
    """Lines of hunks, each with LF before it; the notes about a missing end of line are none."""
    return text.count(b"\n") - text.count(b"\n\\")


def _first_rows(text: bytes, count: int) -> bytes:
    """The first ``count`` lines, each with LF before it, with the note that may follow the last."""
    end = 0
    for line in text.split(b"\n")[1:]:
        if not line.startswith(b"\\"):
            if count <= 0:
                break
            count -= 1
        end += len(line) + 1
    return text[:end]
