"""Keeping as many lines of a diff as limits allow, and counting the rest."""

import re
from dataclasses import dataclass, field

from kallithea.vcs.diff import DiffLimits, Hunk

_RANGES = re.compile(rb"-(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@ ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeptHunks:
    """What was kept of one file, and the counts of all its changed lines; the last four: see ``diff.FileDiff``."""

    hunks: tuple[Hunk, ...] = ()
    added: int = 0
    deleted: int = 0
    hidden_lines: int = 0
    next_line: int = 0
    overlong_lines: int = 0
    overlong_removed: int = 0


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
    overlong: int = 0
    overlong_removed: int = 0
    hunks: list[_HunkText] = field(default_factory=list)

    def value(self) -> KeptHunks:
        hunks = tuple(hunk.value() for hunk in self.hunks if hunk.pieces)
        next_line = self.passed + self.shown if self.hidden else 0
        return KeptHunks(hunks, self.added, self.deleted, self.hidden, next_line, self.overlong, self.overlong_removed)


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
        if file.passed < limits.skipped_lines or (not file.shown and text.startswith(b"\n\\")):
            text = self._pass_over(text, limits.skipped_lines - file.passed)
        while not file.shown and len(text) > limits.bytes and _line_end(text, 0) > limits.bytes:
            text = self._leave_out(text)
        rows = _count_rows(text)
        if rows > limits.lines_per_file - file.shown or rows > self._lines_left or len(text) > self._bytes_left:
            self._keep_some(text)
        elif text:
            self._keep(text, rows)

    def take_overlong_line(self, mark: bytes) -> None:
        """A line of which only the mark was held: it is left out, or ends the portion if lines before it are kept."""
        file = self._file
        if file.shown:
            file.full = True
        elif not file.full and file.passed >= self._limits.skipped_lines:
            file.added += mark == b"+"
            file.deleted += mark == b"-"
            self._leave_out(b"\n" + mark)
            return
        self.take_lines(b"\n" + mark)

    def end_file(self) -> KeptHunks:
        """The file as far as it was taken."""
        return self._file.value()

    def _leave_out(self, text: bytes) -> bytes:
        """What is left of the text after its first line, which no portion shows."""
        file = self._file
        self.full = True
        file.overlong += 1
        file.overlong_removed += text.startswith(b"\n-")
        return self._pass_over(text, 1)

    def _pass_over(self, text: bytes, count: int) -> bytes:
        """What is left of the text after its first lines, and the note that may follow them."""
        seen = _first_rows(text, count)
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
        self._bytes_left = max(self._bytes_left - len(text), 0)

    def _keep_some(self, text: bytes) -> None:
        """Keep the lines that fit, the last with its note; none after them in this file are."""
        kept = _first_rows(text, min(self._limits.lines_per_file - self._file.shown, self._lines_left))
        self.full = self.full or _count_rows(kept) == self._lines_left
        if len(kept) > self._bytes_left:
            kept = kept[: kept.rfind(b"\n", 0, self._bytes_left + 1)]
            self.full = True
        if text.startswith(b"\n\\", len(kept)):
            kept = text[: _line_end(text, len(kept))]
        rest = text[len(kept) :]
        if kept:
            self._keep(kept, _count_rows(kept))
        self._file.full = True
        self._file.hidden += rest.count(b"\n+") + rest.count(b"\n-")


def _count_rows(text: bytes) -> int:
    """Lines of hunks, each with LF before it; the notes about a missing end of line are none."""
    return text.count(b"\n") - text.count(b"\n\\")


def _line_end(text: bytes, start: int) -> int:
    """Where the line ends that begins, with its LF, at ``start``."""
    end = text.find(b"\n", start + 1)
    return end if end >= 0 else len(text)


def _first_rows(text: bytes, count: int) -> bytes:
    """The first ``count`` lines, each with LF before it, with the note that may follow the last."""
    end = 0
    while end < len(text):
        if not text.startswith(b"\n\\", end):
            if count <= 0:
                break
            count -= 1
        end = _line_end(text, end)
    return text[:end]
