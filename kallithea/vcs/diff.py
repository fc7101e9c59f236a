"""From unified text in Git's extended format to values, bounded while it streams in.

The format is that of ``git diff``, which Mercurial's git-style patches share: a ``diff --git`` line, extended headers,
``---`` and ``+++``, hunks. Binary files are told by ``Binary file...`` or ``GIT binary patch``. A hunk is followed by
the line counts of its own header, so lines of a file that look like headers are never taken for them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kallithea.vcs.types import ChangeKind, Diff, DiffLimits, FileDiff, Hunk, Line

_HUNK = re.compile(rb"@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@ ?(.*)", re.DOTALL)
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_ESCAPED = {
    b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r", b'"': b'"', b"\\": b"\\",
}  # fmt: skip
_HEADER = re.compile(
    rb"(new file mode|deleted file mode|old mode|new mode|rename from|rename to|copy from|copy to|index|Binary files?"
    rb"|GIT binary patch)(?: |$)"
)
_CHANGES = {
    "new file mode": ChangeKind.ADDED,
    "deleted file mode": ChangeKind.DELETED,
    "rename from": ChangeKind.RENAMED,
    "copy from": ChangeKind.COPIED,
}
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')


def parse_diff(chunks: Iterable[bytes], limits: DiffLimits) -> Diff:
    """All files of a patch. What exceeds ``limits`` is counted, not kept; what is no patch is passed over."""
    parser = _Parser(limits)
    for line, cut in _lines(chunks, limits.bytes):
        parser.take(line, cut)
    return parser.finish()


def unquote(text: bytes) -> bytes:
    """A path from Git's C-style quotes, or ``text`` itself where it is not quoted."""
    if len(text) < 2 or not (text.startswith(b'"') and text.endswith(b'"')):
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1]) or bytes([int(found[1], 8)]), text[1:-1])


@dataclass
class _File:
    """What is known so far of one file of the patch."""

    old_path: bytes
    path: bytes
    change: ChangeKind = ChangeKind.MODIFIED
    old_mode: str | None = None
    new_mode: str | None = None
    binary: bool = False
    added: int = 0
    deleted: int = 0
    hidden: int = 0
    shown: int = 0
    full: bool = False
    hunks: list[Hunk] = field(default_factory=list)

    def value(self) -> FileDiff:
        return FileDiff(
            path=self.path,
            old_path=self.old_path,
            change=self.change,
            old_mode=self.old_mode,
            new_mode=self.new_mode,
            binary=self.binary,
            added=self.added,
            deleted=self.deleted,
            hunks=tuple(self.hunks),
            hidden_lines=self.hidden,
        )


class _HunkReader:
    """The lines of the hunk that is being read, and how many are still to come on both sides."""

    def __init__(self, header: re.Match[bytes]) -> None:
        self.old_start, self.new_start = int(header[1]), int(header[3])
        self.old_lines, self.new_lines = int(header[2] or b"1"), int(header[4] or b"1")
        self._section = header[5]
        self._old_left, self._new_left = self.old_lines, self.new_lines
        self._lines: list[Line] = []

    @property
    def complete(self) -> bool:
        return self._old_left <= 0 and self._new_left <= 0

    def take(self, mark: str, text: bytes, keep: bool) -> None:
        old = self.old_start + self.old_lines - self._old_left if mark != "+" else None
        new = self.new_start + self.new_lines - self._new_left if mark != "-" else None
        self._old_left -= old is not None
        self._new_left -= new is not None
        if keep:
            self._lines.append(Line(mark, old, new, text))

    def mark_no_newline(self) -> None:
        if self._lines:
            last = self._lines[-1]
            self._lines[-1] = Line(last.mark, last.old_number, last.new_number, last.text, no_newline=True)

    def value(self) -> Hunk | None:
        """The hunk, or None where no line of it was kept."""
        if not self._lines:
            return None
        return Hunk(self.old_start, self.old_lines, self.new_start, self.new_lines, self._section, tuple(self._lines))


class _Parser:
    """Takes a patch line by line."""

    def __init__(self, limits: DiffLimits) -> None:
        self._limits = limits
        self._files: list[FileDiff] = []
        self._hidden_files = 0
        self._lines_left = limits.lines
        self._bytes_left = limits.bytes
        self._file: _File | None = None
        self._hunk: _HunkReader | None = None
        self._last_kept = False

    def take(self, line: bytes, cut: bool) -> None:
        """One line without its newline; ``cut`` tells that only its beginning is here."""
        if self._hunk is not None and not self._hunk.complete and line[:1] in (b" ", b"+", b"-", b""):
            self._take_content(self._hunk, line, cut)
        elif line.startswith(b"diff --git "):
            self._start_file(line[len(b"diff --git ") :])
        elif line.startswith(b"\\ "):
            if self._hunk is not None and self._last_kept:
                self._hunk.mark_no_newline()
        elif self._file is not None:
            if line.startswith(b"@@ ") and (header := _HUNK.match(line)):
                self._end_hunk()
                self._hunk = _HunkReader(header)
            elif self._hunk is None:
                _take_header(self._file, line)

    def finish(self) -> Diff:
        """The whole diff, after the last line."""
        self._end_file()
        return Diff(tuple(self._files), self._hidden_files)

    def _start_file(self, names: bytes) -> None:
        self._end_file()
        self._file = _File(*_both_names(names))

    def _take_content(self, hunk: _HunkReader, line: bytes, cut: bool) -> None:
        file = self._file
        if file is None:
            return
        mark = (line[:1] or b" ").decode("ascii")
        file.added += mark == "+"
        file.deleted += mark == "-"
        keep = self._fits(file, line, cut)
        hunk.take(mark, line[1:], keep)
        self._last_kept = keep
        if not keep:
            file.full = True
            file.hidden += mark != " "

    def _fits(self, file: _File, line: bytes, cut: bool) -> bool:
        """Whether the line is kept; once one is not, none after it in this file is."""
        if file.full or cut or len(self._files) >= self._limits.files:
            return False
        if file.shown >= self._limits.lines_per_file or self._lines_left <= 0 or len(line) > self._bytes_left:
            return False
        file.shown += 1
        self._lines_left -= 1
        self._bytes_left -= len(line)
        return True

    def _end_hunk(self) -> None:
        if self._hunk is not None and self._file is not None and (hunk := self._hunk.value()):
            self._file.hunks.append(hunk)
        self._hunk = None

    def _end_file(self) -> None:
        self._end_hunk()
        if self._file is not None:
            if len(self._files) < self._limits.files:
                self._files.append(self._file.value())
            else:
                self._hidden_files += 1
        self._file = None


def _take_header(file: _File, line: bytes) -> None:
    """An extended header line of a file."""
    found = _HEADER.match(line)
    if found is None:
        return
    word, value = found[1].decode("ascii"), line[found.end() :]
    if word in _CHANGES:
        file.change = _CHANGES[word]
    match word:
        case "new file mode" | "new mode":
            file.new_mode = _mode(value)
        case "deleted file mode" | "old mode":
            file.old_mode = _mode(value)
        case "rename from" | "copy from":
            file.old_path = unquote(value)
        case "rename to" | "copy to":
            file.path = unquote(value)
        case "index":
            _take_index(file, value)
        case _:
            file.binary = True


def _take_index(file: _File, value: bytes) -> None:
    """``OLD..NEW MODE``: the mode tells of both sides, and is there only where it is the same on both."""
    _, _, mode = value.partition(b" ")
    if mode and file.change not in (ChangeKind.ADDED, ChangeKind.DELETED):
        file.old_mode = file.old_mode or _mode(mode)
        file.new_mode = file.new_mode or _mode(mode)


def _mode(value: bytes) -> str:
    return value.decode("ascii", "replace").strip()


def _both_names(text: bytes) -> tuple[bytes, bytes]:
    """Old and new path of a ``diff --git`` line.

    Unquoted names with spaces are told apart by being the same; where they differ, ``rename`` lines follow that say
    both anew.
    """
    if text.startswith(b'"') and (quoted := _QUOTED.match(text)):
        old, new = quoted[0], text[quoted.end() + 1 :]
    elif text.endswith(b'"') and b' "' in text:
        old, _, new = text.partition(b' "')
        new = b'"' + new
    elif text[: len(text) // 2][2:] == text[len(text) // 2 + 1 :][2:]:
        old, new = text[: len(text) // 2], text[len(text) // 2 + 1 :]
    else:
        old, _, new = text.partition(b" b/")
        new = b"b/" + new
    return unquote(old)[2:], unquote(new)[2:]


def _lines(chunks: Iterable[bytes], longest: int) -> Iterator[tuple[bytes, bool]]:
    """Lines without their newline, whatever the chunks are; of one over ``longest`` bytes a beginning, with True."""
    held = b""
    cut = False
    for chunk in chunks:
        lines = (held + chunk).split(b"\n")
        held = lines.pop()
        for line in lines:
            yield line[:longest], cut or len(line) > longest
            cut = False
        if len(held) > longest:
            held, cut = held[:1], True
    if held:
        yield held, cut
