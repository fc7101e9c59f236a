"""Lines of the files of one commit: what is looked for and what was found, the same for both kinds of repository.

RE2 decides which lines are found, and where in them. What ``git grep`` says only spares reading all the others.
"""

import enum
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import re2

from kallithea.core.words import _
from kallithea.vcs.line_patterns import PatternError, write_common

#: Characters of a pattern.
LONGEST_PATTERN = 1_000
#: Bytes of a line that are looked at.
LONGEST_LINE = 1 << 16
#: Bytes of lines that are found.
MOST_BYTES = 16 << 20

# What RE2 compiles into this takes less than some seconds for a block, whatever is in it.
_MEMORY = 1 << 18
_BLOCK = 1 << 15
_MOST_SPANS = 100
_MOST_TRIES = 200
_WORD = frozenset(b"0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class LineQuery:
    """A text, or if ``regular`` a pattern as ``line_patterns`` describes it, and where it is looked for.

    ``ignore_case``: upper and lower case are the same. ``whole_words``: before and behind it stands no ASCII letter,
    digit or underscore. ``path`` is a file, or a folder with all below it; the empty path means all files.
    """

    text: str
    regular: bool = False
    ignore_case: bool = False
    whole_words: bool = False
    path: bytes = b""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line by its number from 1, without its LF, and where in its bytes something was found."""

    number: int
    text: bytes
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """The found lines of a file."""

    path: bytes
    lines: tuple[FoundLine, ...]


class Stopped(enum.Enum):
    """Why not all files were looked through."""

    LINES = "lines"
    BYTES = "bytes"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class FoundLines:
    """Files in the order of their paths. ``stopped`` is None where all was looked through.

    ``left_out`` counts text files that are too large to be read at once.
    """

    files: tuple[FoundFile, ...]
    stopped: Stopped | None = None
    left_out: int = 0


class LineMatcher:
    """A query that was read. ``pattern`` is what git is told."""

    def __init__(self, query: LineQuery) -> None:
        """Raises PatternError."""
        self.pattern = _check(query.text)
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        options.longest_match = True
        options.never_capture = True
        options.case_sensitive = not query.ignore_case
        options.literal = not query.regular
        if query.regular:
            self.pattern = write_common(query.text)
        self._whole_words = query.whole_words
        self._compiled = _compile(self.pattern, options)
        if self._compiled.search(b"") is not None:
            raise PatternError(_("This fits every line: write something that has to be there."))
        # in a text of many lines, anchors stand for the begin and end of each
        self._anywhere = _compile(f"(?m:{self.pattern})", options) if query.regular else self._compiled

    def may_be_in(self, data: bytes) -> bool:
        """Whether any line of the data could have what is looked for."""
        return self._anywhere.search(data) is not None

    def spans(self, line: bytes, deadline: float = math.inf) -> tuple[tuple[int, int], ...]:
        """Where a line has it, from left to right; of very many places, the first, found until the deadline."""
        found, at, begin = list[tuple[int, int]](), 0, line[:LONGEST_LINE]
        for _try in range(_MOST_TRIES):
            match = self._compiled.search(begin, at)
            if match is None or len(found) == _MOST_SPANS or time.monotonic() > deadline:
                break
            start, end = match.span()
            if not self._whole_words or _is_whole(begin, start, end):
                found.append((start, end))
                at = end
                continue
            # as git does: on from where the next word may begin
            at = start + 1
            while at < len(begin) and begin[at - 1] in _WORD:
                at += 1
        return tuple(found)


class LineCollector:
    """Takes what is found until it is enough, or time is up."""

    def __init__(self, matcher: LineMatcher, *, limit: int, seconds: float) -> None:
        self._matcher = matcher
        self._lines_left = limit
        self._bytes_left = MOST_BYTES
        self._deadline = time.monotonic() + seconds
        self._files: dict[bytes, list[FoundLine]] = {}
        self.stopped: Stopped | None = None
        self.left_out = 0

    @property
    def seconds_left(self) -> float:
        """How long the search may still take."""
        return self._deadline - time.monotonic()

    def take(self, path: bytes, number: int, line: bytes) -> bool:
        """Look at a line; the answer is whether to go on."""
        if self.seconds_left <= 0:
            self.stopped = Stopped.TIME
            return False
        spans = self._matcher.spans(line, self._deadline)
        if not spans:
            return True
        if not self._lines_left:
            self.stopped = Stopped.LINES
            return False
        self._bytes_left -= len(line)
        if self._bytes_left < 0:
            self.stopped = Stopped.BYTES
            return False
        self._lines_left -= 1
        self._files.setdefault(path, []).append(FoundLine(number, line, spans))
        return True

    def take_file(self, path: bytes, data: bytes) -> bool:
        """Look through a file; the answer is whether to go on."""
        for first, block in _blocks(data):
            if self.seconds_left <= 0:
                self.stopped = Stopped.TIME
                return False
            if self._matcher.may_be_in(block) and not all(
                self.take(path, number, line) for number, line in _lines(block, first)
            ):
                return False
        return True

    def found(self) -> FoundLines:
        """What was taken."""
        files = tuple(FoundFile(path, tuple(lines)) for path, lines in self._files.items())
        return FoundLines(files, self.stopped, self.left_out)


def _check(text: str) -> str:
    if not text:
        raise PatternError(_("Write what you look for."))
    if len(text) > LONGEST_PATTERN:
        raise PatternError(_("This is too long: write at most %(most)s characters.", most=LONGEST_PATTERN))
    if "\n" in text or "\0" in text:
        raise PatternError(_("Only one line is looked for: leave out line ends and NUL."))
    return text


def _compile(pattern: str, options: "re2.Options") -> "re2._Regexp":
    try:
        return re2.compile(pattern, options)
    except re2.error as problem:
        said = problem.args[0] if problem.args else ""
        said = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise PatternError(_("This is no regular expression: %(problem)s.", problem=said)) from problem


def _is_whole(line: bytes, start: int, end: int) -> bool:
    return (start == 0 or line[start - 1] not in _WORD) and (end == len(line) or line[end] not in _WORD)


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Some lines together, with the number of their first one; of a very long line its begin."""
    at, number = 0, 1
    while at < len(data):
        end = data.rfind(b"\n", at, at + _BLOCK) + 1 or data.find(b"\n", at) + 1 or len(data)
        block = data[at:end]
        yield number, block if len(block) <= _BLOCK else block[:LONGEST_LINE]
        number += block.count(b"\n")
        at = end


def _lines(data: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    at, number = 0, first - 1
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        number += 1
        yield number, data[at:end]
        at = end + 1
