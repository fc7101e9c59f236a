"""Comma-separated values and their like as a table.

RFC 4180, with any of four separators: which one a file has, its first line tells.
"""

import csv
import html
import io
import itertools

from markupsafe import Markup

from kallithea.core.words import _
from kallithea.render.budget import Budget, UnreadableError

#: Rows and columns that are shown; the others are in the file's source.
MOST_ROWS = 1_000
MOST_COLUMNS = 100

_SEPARATORS = ",;\t|"
_QUOTED = '"'


def render_table(text: str, budget: Budget) -> tuple[Markup, str]:
    """The first rows, the first of them as the head, and in words what is left out.

    Raises TooCostlyError, UnreadableError.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_separator(text))
    rows: list[list[str]] = []
    try:
        for row in itertools.islice(reader, MOST_ROWS + 2):
            budget.check()
            rows.append(row)
    except csv.Error as problem:
        raise UnreadableError from problem
    shown = [row[:MOST_COLUMNS] for row in rows[: MOST_ROWS + 1] if row]
    columns = max(map(len, shown), default=0)
    head, body = shown[:1], shown[1:]
    parts = [_row(row, columns, '<th scope="col">', "</th>") for row in head]
    lines = "\n".join(_row(row, columns, "<td>", "</td>") for row in body)
    table = f'<table class="k-table tight"><thead>{"".join(parts)}</thead><tbody>\n{lines}\n</tbody></table>'
    return Markup(table), _note(rows)  # noqa: S704 - every cell is escaped


def _note(rows: list[list[str]]) -> str:
    wide = any(len(row) > MOST_COLUMNS for row in rows)
    if len(rows) <= MOST_ROWS + 1:
        return _("Only the first %(columns)s columns are shown.", columns=MOST_COLUMNS) if wide else ""
    if not wide:
        return _("Only the first %(rows)s rows are shown.", rows=MOST_ROWS)
    return _("Only the first %(rows)s rows and %(columns)s columns are shown.", rows=MOST_ROWS, columns=MOST_COLUMNS)


def _find_separator(text: str) -> str:
    """The one that stands most often in the first line, outside of quotes; a comma where none does."""
    line = text.partition("\n")[0]
    unquoted = "".join(line.split(_QUOTED)[::2])
    return max(_SEPARATORS, key=unquoted.count)


def _row(cells: list[str], columns: int, before: str, after: str) -> str:
    """One row; where its file has fewer cells than others, it ends with empty ones."""
    texts = (html.escape(cell, quote=False).replace("\n", "<br>\n") for cell in cells)
    filled = [*texts, *[""] * (columns - len(cells))]
    return f"<tr>{''.join([f'{before}{text}{after}' for text in filled])}</tr>"
