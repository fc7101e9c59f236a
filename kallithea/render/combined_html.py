"""Hunks of a merge's combined diff as rows of HTML: one number for each parent, one for the merge, and all marks."""

import html
from collections.abc import Iterable, Sequence
from typing import Protocol

from markupsafe import Markup

from kallithea.render.text import decode, visible

_MINUS = "&minus;"


class Line(Protocol):
    """A line of a hunk: see ``vcs.combined.CombinedLine``."""

    @property
    def marks(self) -> str: ...  # noqa: D102
    @property
    def numbers(self) -> Sequence[int | None]: ...  # noqa: D102
    @property
    def new_number(self) -> int | None: ...  # noqa: D102
    @property
    def text(self) -> bytes: ...  # noqa: D102


class Hunk(Protocol):
    """Neighbouring lines: see ``vcs.combined.CombinedHunk``."""

    @property
    def old_ranges(self) -> Sequence[tuple[int, int]]: ...  # noqa: D102
    @property
    def new_start(self) -> int: ...  # noqa: D102
    @property
    def new_lines(self) -> int: ...  # noqa: D102
    @property
    def section(self) -> bytes: ...  # noqa: D102
    @property
    def lines(self) -> Sequence[Line]: ...  # noqa: D102


def render_combined(hunks: Iterable[Hunk], anchor: str, encodings: Sequence[str]) -> Markup:
    """The rows of one file; ``#f3-n18`` is the merge's line 18 of the file with the anchor ``f3``."""
    rows: list[str] = []
    for hunk in hunks:
        rows.append(_head(hunk, encodings))
        rows += [_row(line, anchor, encodings) for line in hunk.lines]
    return Markup("".join(rows))  # noqa: S704 - escaped


def _head(hunk: Hunk, encodings: Sequence[str]) -> str:
    ranges = [f"-{start},{count}" for start, count in hunk.old_ranges]
    section = html.escape(visible(decode(hunk.section, encodings)))
    cells = '<td class="ln"></td>' * (len(ranges) + 1)
    return (
        f'<tr class="hunk">{cells}<td class="mk"></td><td class="src"><span class="muted">@@ {" ".join(ranges)} '
        f'+{hunk.new_start},{hunk.new_lines} @@</span> <span class="fnx">{section}</span></td></tr>\n'
    )


def _row(line: Line, anchor: str, encodings: Sequence[str]) -> str:
    kind = ' class="del"' if "-" in line.marks else ' class="add"' if "+" in line.marks else ""
    address = f' id="{anchor}-n{line.new_number}"' if line.new_number is not None else ""
    numbers = "".join([f'<td class="ln">{number or ""}</td>' for number in (*line.numbers, line.new_number)])
    code = html.escape(visible(decode(line.text.removesuffix(b"\r"), encodings)), quote=False)
    marks = line.marks.replace("-", _MINUS)
    return f'<tr{kind}{address}>{numbers}<td class="mk">{marks}</td><td class="src">{code}</td></tr>\n'
