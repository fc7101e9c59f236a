"""The lines of a file as rows of a table, each with its number: one text, because a page may have thousands."""

from collections.abc import Iterable

from markupsafe import Markup


def code_rows(lines: Iterable[str], first: int = 1) -> Markup:
    """One row for each line of HTML, numbered from ``first``; ``#L12`` is the address of the 12th. All end with LF."""
    rows = [
        f'<tr id="L{number}"><td class="ln"><a href="#L{number}" tabindex="-1">{number}</a></td>'
        f'<td class="src">{line}</td></tr>\n'
        for number, line in enumerate(lines, first)
    ]
    return Markup("".join(rows))  # noqa: S704 - the lines are HTML already
