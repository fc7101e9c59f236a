"""What lies between two commits, as values: the list of changed files, and the changed lines of some of them.

Paths, lines and sections are bytes as the repository holds them. A mode is octal text as Git writes it, such as
``100644`` or ``120000``; Mercurial's flags are told in the same way. An object id is that of the blob in Git, of the
file's version in Mercurial, and the pinned commit of a sub-repository.
"""

import enum
from dataclasses import dataclass, replace

from kallithea.vcs.types import Commit


@dataclass(frozen=True, slots=True)
class Sides:
    """The two commits that are compared, by full id. ``old`` is None for nothing, the empty tree."""

    old: str | None
    new: str


def against_parent(commit: Commit, number: int = 1) -> Sides:
    """A commit against its parent of this number, from 1, or against nothing where it has none. Raises IndexError."""
    return Sides(commit.parent_ids[number - 1] if commit.parent_ids or number != 1 else None, commit.commit_id)


class Whitespace(enum.StrEnum):
    """Which differences in white space are no changes: none, those in its amount, all, or whole blank lines."""

    NONE = "none"
    AMOUNT = "amount"
    ALL = "all"
    BLANK_LINES = "blank-lines"


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """How lines are compared: unchanged lines around each change, and differences that are ignored."""

    context: int = 3
    ignored: Whitespace = Whitespace.NONE


@dataclass(frozen=True, slots=True)
class DiffLimits:
    """Bounds of a diff; what exceeds them is counted in the answer instead of kept.

    ``files`` bounds the files with lines, ``listed`` all that are named. ``bytes`` bounds the text of all lines
    together, with their marks and ends; a longer line is shown by no portion of its file. Of every file the first
    ``skipped_lines`` are passed over. Once a bound of the whole has left something out, counting ends
    ``counting_seconds`` after the start.
    """

    files: int = 300
    lines_per_file: int = 2000
    lines: int = 20000
    bytes: int = 4_000_000
    listed: int = 1000
    skipped_lines: int = 0
    counting_seconds: float = 30.0


class ChangeKind(enum.StrEnum):
    """What happened to a file. RETYPED: a file became a link or a sub-repository, or the reverse."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"
    RETYPED = "retyped"


class ContentKind(enum.StrEnum):
    """What a changed file is, after the change where it still exists.

    A file of Git that kept its content, and is no link, is TEXT, whatever that is: nobody looks at it.
    """

    TEXT = "text"
    BINARY = "binary"
    SYMLINK = "symlink"
    SUBREPOSITORY = "subrepository"


@dataclass(frozen=True, slots=True)
class FileChange:
    """What happened to one file.

    ``old_path`` differs from ``path`` for renames and copies. Modes and ids are None where the file does not exist on
    that side. ``similarity`` is the percentage of a rename or copy that stayed, None where it was not measured.
    ``added`` and ``deleted`` count lines; None: not counted. A content that no line was read of counts as text.
    """

    path: bytes
    old_path: bytes
    kind: ChangeKind
    content: ContentKind
    old_mode: str | None
    new_mode: str | None
    old_id: str | None
    new_id: str | None
    similarity: int | None = None
    added: int | None = None
    deleted: int | None = None

    @property
    def mode_only(self) -> bool:
        """Whether nothing but the mode changed."""
        return self.old_id == self.new_id and self.old_mode != self.new_mode and self.path == self.old_path


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Changed files in the repository's order, from the one with number ``offset``; ``total`` counts all of them.

    ``added`` and ``deleted`` count the lines of all files, listed or not; None: not all were counted.
    ``renames_limited``: so many files were added and deleted that renames among them were not looked for.
    """

    files: tuple[FileChange, ...]
    total: int
    added: int | None
    deleted: int | None
    offset: int = 0
    renames_limited: bool = False


_MARKS = {b"+": "+", b"-": "-"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk, without its end of line. ``mark`` is ``" "``, ``"+"`` or ``"-"``.

    ``old_number`` and ``new_number`` count from 1; None on the side where the line does not exist.
    ``no_newline`` is true for a last line of a file that has no end of line.
    """

    mark: str
    old_number: int | None
    new_number: int | None
    text: bytes
    no_newline: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring changed lines with context. ``section`` is the line above that names what it is in, or empty.

    ``text`` is as in a patch: every line after its mark and before LF, and a line that begins with a backslash after
    one that has no end of line in the file. Starts and counts are those of the whole hunk; a limit may have cut the
    text.
    """

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    section: bytes
    text: bytes

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines with their numbers."""
        found: list[Line] = []
        old, new = self.old_start, self.new_start
        for text in self.text.split(b"\n")[:-1]:
            if text.startswith(b"\\"):
                found[-1:] = [replace(line, no_newline=True) for line in found[-1:]]
                continue
            mark = _MARKS.get(text[:1], " ")
            found.append(Line(mark, old if mark != "+" else None, new if mark != "-" else None, text[1:]))
            old += mark != "+"
            new += mark != "-"
        return tuple(found)


@dataclass(frozen=True, slots=True)
class FileDiff:
    """The changed lines of one file.

    ``hidden_lines`` is the number of changed lines left out by a limit (0: none, None: not counted); ``next_line`` is
    then what ``DiffLimits.skipped_lines`` goes on with. ``overlong_lines``, changed or not, stood before what is shown,
    and are longer than ``DiffLimits.bytes``; ``overlong_removed`` of them were removed. Of a binary file, ``old_size``
    and ``new_size`` are in bytes; ``too_large``: it was not looked into, whatever it holds. ``damage`` says in words
    why no lines are known.
    """

    change: FileChange
    hunks: tuple[Hunk, ...]
    hidden_lines: int | None = 0
    next_line: int = 0
    overlong_lines: int = 0
    overlong_removed: int = 0
    old_size: int | None = None
    new_size: int | None = None
    too_large: bool = False
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """The list of changed files, and the lines of the first of them: as many as the limits allow, in the same order."""

    changes: ChangeList
    files: tuple[FileDiff, ...]
