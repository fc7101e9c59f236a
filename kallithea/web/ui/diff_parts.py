"""Parts of a diff that are asked for one by one: a file's changes, and unchanged lines between them."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.render.diff_html import DiffRenderer, Layout
from kallithea.render.text import one_line
from kallithea.services.diffs import MORE_LINES, MOST_EXPANDED, find_file, read_unchanged_lines
from kallithea.vcs.backend import Diffs, Tree
from kallithea.vcs.diff import Sides
from kallithea.web.request import Request
from kallithea.web.ui.diff_files import DiffPlace, FileMaker, FileView
from kallithea.web.ui.diff_options import DiffView

_ANCHOR = re.compile("f[0-9]{1,6}")
_LARGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file's changes, as a part of a page."""

    file: FileView


@dataclass(frozen=True, slots=True)
class LinesPart:
    """Unchanged lines as rows. ``before`` and ``after`` are gaps that stay there: see ``render.diff_html``.

    ``beyond`` says that further lines cannot be shown, and why.
    """

    rows: Markup
    before: str
    after: str
    split: bool
    beyond: str


def read_file_view(request: Request, repository: Diffs, place: DiffPlace, sides: Sides, path: bytes) -> FileView:
    """The changes of the file at ``path``, as the query wants them. Raises NotFoundError, PathNotFoundError."""
    settings, skipped = request.application.settings, _number(request, "skip")
    body = find_file(
        repository,
        sides,
        path,
        request.query_bytes("from") or path,
        place.view.options,
        skipped_lines=skipped,
        limit=settings.cut_off_limit,
    )
    if body is None:
        raise NotFoundError(_("Nothing was changed there."))
    return FileMaker(place, settings.default_encoding, request.reader).make(
        body.change, body, _anchor(request), skipped_lines=skipped
    )


def wants_part(request: Request) -> bool:
    """Whether a script asks for a part of a page instead of a visitor for a whole one."""
    return request.query.get("part") == "1"


def read_lines_part(request: Request, repository: Tree, view: DiffView, commit_id: str, path: bytes) -> LinesPart:
    """Some lines of the gap that the query names: those before its end, or without one those at its beginning."""
    old, first, last = (_number(request, name) for name in ("old", "new", "last"))
    if not 0 < first <= (last or first) or old < 1:
        raise NotFoundError(_("There are no such lines."))
    start = max(first, last - MORE_LINES + 1) if last > first + 2 * MORE_LINES else first
    end = last or first + MORE_LINES - 1
    found = read_unchanged_lines(repository, commit_id, path, start, end)
    encodings = request.application.settings.default_encoding
    rows = DiffRenderer(encodings, view.layout, request.reader.say).render_unchanged(
        found.texts, one_line(path, encodings), _anchor(request), old + start - first, start
    )
    before = f"{old} {first} {start - first}" if start > first else ""
    after = f"{old + end + 1 - first} {end + 1} 0" if found.more and not last and not found.beyond else ""
    beyond = _("Lines behind the first %(number)s MiB of a file are not shown here.", number=MOST_EXPANDED >> 20)
    return LinesPart(rows, before, after, view.layout is Layout.SPLIT, beyond if found.beyond else "")


def _number(request: Request, name: str) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _LARGEST_NUMBER else 0


def _anchor(request: Request) -> str:
    asked = request.query.get("anchor", "")
    return asked if _ANCHOR.fullmatch(asked) else "f1"
