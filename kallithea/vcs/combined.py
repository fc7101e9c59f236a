"""A merge against all its parents at once: what it holds that no single parent explains.

The view is that of ``git diff-tree --cc``. Every line has one mark for each parent: ``+`` where the merge has the line
and that parent has not, ``-`` where that parent has it and the merge has not, a blank else. A stretch in which the
merge agrees with one of its parents is left out.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kallithea.vcs.diff import ChangeKind, Hunk


@dataclass(frozen=True, slots=True)
class CombinedLine:
    """One line without its end of line. ``numbers`` are those in the parents, None where a parent has not the line."""

    marks: str
    numbers: tuple[int | None, ...]
    new_number: int | None
    text: bytes


@dataclass(frozen=True, slots=True)
class CombinedHunk:
    """Neighbouring lines. ``old_ranges`` are start and count in each parent; ``text``: every line after its marks."""

    old_ranges: tuple[tuple[int, int], ...]
    new_start: int
    new_lines: int
    section: bytes
    text: bytes

    @property
    def lines(self) -> tuple[CombinedLine, ...]:
        """The lines with their numbers."""
        count = len(self.old_ranges)
        old, new = [start for start, _ in self.old_ranges], self.new_start
        found = []
        for text in self.text.split(b"\n")[:-1]:
            if text.startswith(b"\\"):
                continue
            marks = text[:count].decode("latin-1").ljust(count)
            lost = "-" in marks
            there = [mark == "-" if lost else mark == " " for mark in marks]
            numbers = tuple(number if is_there else None for number, is_there in zip(old, there, strict=True))
            found.append(CombinedLine(marks, numbers, None if lost else new, text[count:]))
            old = [number + is_there for number, is_there in zip(old, there, strict=True)]
            new += not lost
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CombinedFile:
    """A file that differs from every parent's. Of the tuples, each item tells about one parent.

    ``hunks`` is empty where each change is one side's. ``cut``: a limit left out the rest of them.
    """

    path: bytes
    old_paths: tuple[bytes, ...]
    kinds: tuple[ChangeKind, ...]
    old_modes: tuple[str | None, ...]
    new_mode: str | None
    binary: bool
    hunks: tuple[CombinedHunk, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class CombinedDiff:
    """The files that differ from every parent's; ``total`` counts also those that a limit left out."""

    files: tuple[CombinedFile, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the whole file: which parents have it, and whether the merge has it."""

    marks: str
    text: bytes

    @property
    def changed(self) -> bool:
        return bool(self.marks.strip())


def combine(new: Sequence[bytes], diffs: Sequence[Sequence[Hunk]], context: int) -> tuple[CombinedHunk, ...]:
    """The combined view of a file, from the merge's lines and the hunks, without context, against each parent."""
    rows = list(_rows(new, diffs))
    stretches = [stretch for stretch in _stretches(rows, context) if _is_interesting(rows[slice(*stretch)])]
    return tuple(_hunk(rows, first, last, len(diffs)) for first, last in _widened(rows, stretches, context))


def _rows(new: Sequence[bytes], diffs: Sequence[Sequence[Hunk]]) -> Iterator[_Row]:
    """All lines of the merge, and before each the lines that parents had there."""
    added: list[set[int]] = [set() for _ in diffs]
    lost: list[dict[int, list[bytes]]] = [{} for _ in diffs]
    for number, hunks in enumerate(diffs):
        for hunk in hunks:
            # a hunk without new lines names the line before it
            position = hunk.new_start - 1 if hunk.new_lines else hunk.new_start
            for line in hunk.lines:
                if line.mark == "+":
                    added[number].add(position)
                    position += 1
                else:
                    lost[number].setdefault(position, []).append(line.text)
    for position in range(len(new) + 1):
        yield from _lost_rows([by_position.get(position, []) for by_position in lost])
        if position < len(new):
            marks = "".join("+" if position in numbers else " " for numbers in added)
            yield _Row(marks, new[position])


def _lost_rows(lost: Sequence[Sequence[bytes]]) -> list[_Row]:
    """Lines that parents had in one place, those that several had only once."""
    rows = [_Row("-", text) for text in lost[0]]
    for number, lines in enumerate(lost[1:], 1):
        matcher = difflib.SequenceMatcher(None, [row.text for row in rows], lines, autojunk=False)
        merged: list[_Row] = []
        for tag, first, last, other_first, other_last in matcher.get_opcodes():
            common = "-" if tag == "equal" else " "
            merged += [_Row(row.marks + common, row.text) for row in rows[first:last]]
            if tag != "equal":
                merged += [_Row(" " * number + "-", text) for text in lines[other_first:other_last]]
        rows = merged
    return rows


def _stretches(rows: Sequence[_Row], context: int) -> list[tuple[int, int]]:
    """First and last (exclusive) of the rows that changed, joined where at most ``context`` lines lie between."""
    found: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        if not row.changed:
            continue
        if found and index - found[-1][1] <= context:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def _is_interesting(rows: Sequence[_Row]) -> bool:
    """Whether not one and the same set of parents differs in all lines; or all of them do."""
    differing = {row.marks.replace("+", "-") for row in rows if row.changed}
    return len(differing) > 1 or " " not in differing.pop()


def _widened(rows: Sequence[_Row], stretches: Sequence[tuple[int, int]], context: int) -> list[tuple[int, int]]:
    """The stretches with lines around them, joined where these meet."""
    found: list[tuple[int, int]] = []
    for first, last in stretches:
        start, end = max(first - context, 0), min(last + context, len(rows))
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _hunk(rows: Sequence[_Row], first: int, last: int, parents: int) -> CombinedHunk:
    before, inside = rows[:first], rows[first:last]
    old_ranges = tuple(
        (sum(_has(row, parent) for row in before) + 1, sum(_has(row, parent) for row in inside))
        for parent in range(parents)
    )
    new_start = sum("-" not in row.marks for row in before) + 1
    new_lines = sum("-" not in row.marks for row in inside)
    text = b"".join(row.marks.encode() + row.text + b"\n" for row in inside)
    return CombinedHunk(old_ranges, new_start, new_lines, b"", text)


def _has(row: _Row, parent: int) -> bool:
    """Whether a parent has the line."""
    return row.marks[parent] == ("-" if "-" in row.marks else " ")
