"""Files as text that somebody changes, and back to bytes: encoding, byte order mark and line ends stay as they were."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.render.text import encoding_of
from kallithea.vcs.path_rules import find_path_problem
from kallithea.vcs.pointers import parse_largefile, parse_lfs_pointer
from kallithea.vcs.types import Blob, EntryKind

#: Bytes of the largest file that is changed as text.
EDIT_LIMIT = 1 << 20

_MARK = "\ufeff"
_LINE_END = re.compile(r"(\r\n|\n|\r)")


class NoTextError(KallitheaError):
    """The file cannot be changed as text; the message says why."""


class UnfitCharacterError(KallitheaError):
    """A character has no place in the encoding of the file; the message names both."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file as it is stored, without its byte order mark."""

    stored: str = ""
    encoding: str = "utf-8"
    mark: str = ""

    @property
    def shown(self) -> str:
        """The text with LF as the only line end."""
        return normalize(self.stored)

    def encode(self, text: str) -> bytes:
        """The bytes of a new text, which has any line ends. Raises UnfitCharacterError."""
        try:
            return (self.mark + keep_line_ends(self.stored, normalize(text))).encode(self.encoding)
        except UnicodeEncodeError as problem:
            wrong = str(problem.object)[problem.start]
            raise UnfitCharacterError(
                _(
                    "The file is written in %(encoding)s, which has no “%(character)s” (U+%(code)s). Take another "
                    "character, or change the encoding of the file in a clone.",
                    encoding=self.encoding,
                    character=wrong,
                    code=f"{ord(wrong):04X}",
                )
            ) from problem


def find_edit_problem(blob: Blob) -> str | None:
    """Why a file cannot be changed as text, as far as its begin and its path tell; None if it can."""
    words = find_path_problem(blob.path)
    if words is not None:
        return _("This file is not edited here: %(problem)s.", problem=words)
    if blob.kind is EntryKind.SYMLINK:
        return _("Symbolic links are not edited here.")
    if blob.size > EDIT_LIMIT:
        return _("Files of more than %(number)s MiB are not edited here.", number=EDIT_LIMIT >> 20)
    if blob.utf16:
        return _("Files in UTF-16 are not edited here.")
    if blob.binary or b"\0" in blob.data:
        return _("Binary files are not edited here.")
    if parse_lfs_pointer(blob.data) is not None or parse_largefile(blob.path, blob.data) is not None:
        return _("The content of this file is stored elsewhere.")
    return None


def read_text(blob: Blob, encodings: Sequence[str]) -> FileText:
    """The text of a whole file. Raises NoTextError."""
    problem = find_edit_problem(blob)
    if problem is not None:
        raise NoTextError(problem)
    encoding = encoding_of(blob.data, encodings)
    text = blob.data.decode(encoding)
    if text.encode(encoding) != blob.data:
        raise NoTextError(
            _("Saving this file as %(encoding)s would change more of it than what is edited.", encoding=encoding)
        )
    stored = text.removeprefix(_MARK)
    return FileText(stored, encoding, _MARK if stored != text else "")


def normalize(text: str) -> str:
    """The text with LF as the only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def keep_line_ends(old: str, new: str) -> str:
    """``new``, whose line ends are LF, with those of ``old``.

    Where a file mixes them, the lines before and after what was changed keep theirs, and the changed ones get what
    most lines of the file have.
    """
    if "\r" not in old:
        return new
    parts = _LINE_END.split(old)
    old_lines, old_ends = parts[::2], parts[1::2]
    lines = new.split("\n")
    most = min(len(old_ends), len(lines) - 1)
    begin = _count_common(old_lines, lines, most)
    end = _count_common(old_lines[::-1], lines[::-1], most - begin + 1) - 1 if begin < most else 0
    end = max(end, 0)
    usual = Counter(old_ends).most_common(1)[0][0]
    ends = old_ends[:begin] + [usual] * (len(lines) - 1 - begin - end) + old_ends[len(old_ends) - end :]
    ends = [_apart(*one) for one in zip(ends, lines[1:], [*ends, ""][1:], strict=True)]
    return "".join(line + line_end for line, line_end in zip(lines, [*ends, ""], strict=True))


def _apart(line_end: str, next_line: str, next_end: str) -> str:
    """The line end, or one that does not become a single one with the next where the line between them is empty."""
    return "\r\n" if (line_end, next_line, next_end) == ("\r", "", "\n") else line_end


def _count_common(one: Sequence[str], other: Sequence[str], most: int) -> int:
    """How many lines both begin with."""
    count = 0
    for a, b in zip(one[:most], other[:most], strict=False):
        if a != b:
            break
        count += 1
    return count
