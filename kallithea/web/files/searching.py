"""Looking through the lines of a commit's files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _, _n
from kallithea.render.text import character_start, decode, field_value, one_line
from kallithea.search.snippets import Line, Piece, cut_line
from kallithea.services.revisions import Revision
from kallithea.vcs.line_patterns import PatternError
from kallithea.vcs.line_search import (
    LONGEST_LINE,
    MOST_BYTES,
    FoundFile,
    FoundLine,
    FoundLines,
    LineQuery,
    Stopped,
)
from kallithea.vcs.types import BusyError, PathNotFoundError, TooLargeError
from kallithea.web.contents import find
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.files.position import Position, make_position
from kallithea.web.request import Request
from kallithea.web.ui.hit_lines import HitLine, HitPainter

#: Lines that are shown, and seconds until what was found by then is shown.
MOST_LINES, SECONDS = 1_000, 10.0

# Bytes of a line that are shown, and of these, before what was found.
_SHOWN, _BEFORE = 1_200, 200


@dataclass(frozen=True, slots=True)
class FileHits:
    """The lines of a file in which something was found."""

    path: str
    address: str
    lines: tuple[HitLine, ...]


_UNREAD = _(
    "Of each line the first %(size)s KiB are looked through, and files in UTF-16 are not.", size=LONGEST_LINE >> 10
)


@dataclass(frozen=True, slots=True)
class LineSearchPage:
    """The form as it was sent, and what was found.

    ``problem`` says why nothing was looked for; ``limits`` say what is missing in what was found, and why.
    ``index_address`` is the search of the repository's index. ``unread`` says what of files is
    never looked through.
    """

    position: Position
    address: str
    at: str
    text: str
    path: str
    query: LineQuery
    index_address: str
    problem: str = ""
    words: str = ""
    limits: tuple[str, ...] = ()
    files: tuple[FileHits, ...] = ()
    unread: str = _UNREAD


def show_line_search(context: RepositoryContext, request: Request) -> LineSearchPage:
    """The form and what it finds."""
    query = _read_query(request)
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        if found.path:
            raise NotFoundError(_("There is no such page."))
        links = request.links
        page = LineSearchPage(
            make_position(context, request, repository, found),
            links.files_search(context.path, found.commit_id),
            field_value(found.at or b""),
            query.text,
            field_value(query.path),
            query,
            links.repository(context.path, "search", q=query.text),
        )
        if not query.text.strip():
            return page
        try:
            lines = repository.search_lines(found.commit_id, query, limit=MOST_LINES, seconds=SECONDS)
        except (PatternError, PathNotFoundError, BusyError, TooLargeError) as problem:
            return replace(page, problem=str(problem))
    return _fill(context, request, page, found, lines)


def _read_query(request: Request) -> LineQuery:
    def chosen(name: str) -> bool:
        return request.query.get(name) == "1"

    # blanks at its ends are looked for as well
    text = request.query.get("q", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    path = (request.query_bytes("path") or b"").strip(b"/")
    return LineQuery(text, chosen("regex"), chosen("nocase"), chosen("words"), path)


def _fill(
    context: RepositoryContext, request: Request, page: LineSearchPage, found: Revision, lines: FoundLines
) -> LineSearchPage:
    encodings = request.application.settings.default_encoding
    address = request.links.maker("files", context.path, found.commit_id, found.at, {"view": "source"})
    count = sum(len(file.lines) for file in lines.files)
    words = _(
        "%(lines)s in %(files)s",
        lines=_n("%(count)s line", "%(count)s lines", count),
        files=_n("%(count)s file", "%(count)s files", len(lines.files)),
    )
    painter = HitPainter()
    files = tuple(_hits(file, address(file.path), encodings, painter) for file in lines.files)
    return replace(page, words=words, limits=tuple(_limits(lines)), files=files)


def _limits(lines: FoundLines) -> list[str]:
    said = list[str]()
    match lines.stopped:
        case Stopped.LINES:
            said.append(_n("Stopped after %(count)s line.", "Stopped after %(count)s lines.", MOST_LINES))
        case Stopped.BYTES:
            said.append(_("Stopped after %(size)s MiB of lines.", size=MOST_BYTES >> 20))
        case Stopped.TIME:
            said.append(_n("Stopped after %(count)s second.", "Stopped after %(count)s seconds.", int(SECONDS)))
    if said:
        said.append(_("There may be more: name a folder, or write more of what you look for."))
    if lines.left_out:
        said.append(
            _n(
                "%(count)s large file was not looked through.",
                "%(count)s large files were not looked through.",
                lines.left_out,
            )
        )
    return said


def _hits(file: FoundFile, address: str, encodings: Sequence[str], painter: HitPainter) -> FileHits:
    numbers = [line.number for line in file.lines]
    gaps = [before + 1 < number for before, number in zip([numbers[0], *numbers], numbers, strict=False)]
    lines = [Line(line.number, _pieces(line, encodings), gap) for line, gap in zip(file.lines, gaps, strict=True)]
    path = one_line(file.path, encodings)
    return FileHits(path, address, painter.paint(lines, path, address))


def _pieces(line: FoundLine, encodings: Sequence[str]) -> tuple[Piece, ...]:
    """What is shown of a line: all of it, or what is around the first place."""
    first = character_start(line.text, max(0, line.spans[0][0] - _BEFORE)) if len(line.text) > _SHOWN else 0
    last = character_start(line.text, first + _SHOWN)
    shown = line.text[first:last]

    def place(at: int) -> int:
        return len(decode(shown[: max(0, at - first)], encodings))

    spans = [(place(start), place(end)) for start, end in line.spans if start < last]
    pieces = cut_line(decode(shown, encodings).rstrip("\r"), spans)
    cut = (Piece("…"),) * bool(first), (Piece("…"),) * (last < len(line.text))
    return (*cut[0], *pieces, *cut[1])
