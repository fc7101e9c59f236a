"""From unified text in Git's extended format to hunks, bounded while it streams in.

The format is that of ``git diff``: a ``diff --git`` line, extended headers, ``---`` and ``+++``, hunks. Binary files
are told by a line ``Binary files``. Every line of a hunk begins with a blank, a sign or a backslash, so that what a
file holds is never taken for a header.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kallithea.vcs.diff import DiffLimits
from kallithea.vcs.hunks import HunkKeeper, KeptHunks

# Of binary patches, which stand where other files have hunks, only the beginning is held.
_LONGEST_HEADER = 65_536

_FILE = b"\ndiff --git "
_HUNK = b"\n@@ "
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_ESCAPED = {
    b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r", b'"': b'"', b"\\": b"\\",
}  # fmt: skip
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NEW_NAME = re.compile(rb"\n(?:rename|copy) to ([^\n]*)")
_BINARY = re.compile(rb"\n(?:Binary files? |GIT binary patch)")


@dataclass(frozen=True, slots=True)
class FilePatch:
    """One file of a patch, by its new path."""

    path: bytes
    binary: bool
    lines: KeptHunks


class PatchReader:
    """Reads a patch that comes in chunks. What exceeds the limits is counted; what is no patch is passed over."""

    def __init__(self, limits: DiffLimits) -> None:
        self._longest = limits.bytes
        self._keeper = HunkKeeper(limits)
        self._files: list[FilePatch] = []
        self._header: bytes | None = None
        self._in_hunk = False

    def read(self, chunks: Iterable[bytes]) -> Iterator[bool]:
        """Read on; after each chunk, tells whether a limit of the whole has left something out."""
        for block, mark in _blocks(chunks, self._longest):
            if mark and self._in_hunk:
                self._keeper.take_overlong_line(mark)
            self._take(block)
            yield self._keeper.full

    def finish(self) -> list[FilePatch]:
        """The files read so far."""
        self._end_file()
        return self._files

    def _take(self, block: bytes) -> None:
        """Whole lines, each with LF before it and none after the last."""
        going_on, *others = block.split(_FILE)
        self._take_part(going_on)
        for part in others:
            self._end_file()
            self._header, separator, rest = part.partition(b"\n")
            self._keeper.start_file()
            self._take_part(separator + rest)

    def _take_part(self, text: bytes) -> None:
        if self._header is None:
            return
        going_on, *hunks = text.split(_HUNK)
        if self._in_hunk:
            self._keeper.take_lines(going_on)
        elif len(self._header) < _LONGEST_HEADER:
            self._header += going_on
        for part in hunks:
            head, separator, rest = part.partition(b"\n")
            if self._keeper.start_hunk(head):
                self._in_hunk = True
                self._keeper.take_lines(separator + rest)

    def _end_file(self) -> None:
        if self._header is not None:
            binary = not self._in_hunk and _BINARY.search(self._header) is not None
            self._files.append(FilePatch(_path(self._header), binary, self._keeper.end_file()))
        self._header, self._in_hunk = None, False


def parse_patch(chunks: Iterable[bytes], limits: DiffLimits) -> list[FilePatch]:
    """All files of a patch, each with what the limits allow of its lines."""
    reader = PatchReader(limits)
    for _ in reader.read(chunks):
        pass
    return reader.finish()


def unquote(text: bytes) -> bytes:
    """A path from Git's C-style quotes, or ``text`` itself where it is not quoted."""
    if len(text) < 2 or not (text.startswith(b'"') and text.endswith(b'"')):
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1]) or bytes([int(found[1], 8)]), text[1:-1])


def _path(header: bytes) -> bytes:
    """The new path of a file from its header, which begins with what follows ``diff --git ``.

    Unquoted names with blanks are told apart by being the same; where they differ, a line follows that says the new
    one anew.
    """
    named = _NEW_NAME.search(header)
    if named is not None:
        return unquote(named[1])
    text = header.partition(b"\n")[0]
    if text.startswith(b'"') and (quoted := _QUOTED.match(text)):
        new = text[quoted.end() + 1 :]
    elif text.endswith(b'"') and b' "' in text:
        new = b'"' + text.partition(b' "')[2]
    else:
        new = text[len(text) // 2 + 1 :]
    return unquote(new)[2:]


def _blocks(chunks: Iterable[bytes], longest: int) -> Iterator[tuple[bytes, bytes]]:
    """Whole lines, each with LF before it; and the mark of a line over ``longest`` bytes that stood before them."""
    held, mark = b"", b""
    for chunk in chunks:
        if mark:
            # the rest of the line that was too long
            _, separator, chunk = chunk.partition(b"\n")
            if not separator:
                continue
        whole, separator, rest = chunk.rpartition(b"\n")
        if separator or mark:
            yield (b"\n" + held + whole if separator else b""), mark
            held, mark = rest, b""
        else:
            held += rest
        if len(held) > longest:
            held, mark = b"", held[:1]
    if held or mark:
        yield (b"\n" + held if held else b""), mark
