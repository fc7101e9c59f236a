"""One file of a comparison: a page of its own, or a part of the comparison's page."""

from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.web.compare.ends import Ends, open_ends, place_of, read_span
from kallithea.web.contents import open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import short_id
from kallithea.web.ui.diff_files import FileView
from kallithea.web.ui.diff_options import Query, read_view
from kallithea.web.ui.diff_parts import FilePart, LinesPart, read_file_view, read_lines_part, wants_part
from kallithea.web.ui.diff_tools import layout_choices, whitespace_choices
from kallithea.web.ui.switch import Choice


@dataclass(frozen=True, slots=True)
class CompareFilePage:
    """What lies between two sides in one file. ``words`` name the sides."""

    path: str
    words: str
    address: str
    file: FileView
    whitespace: tuple[Choice, ...]
    layouts: tuple[Choice, ...]
    raw_address: str


def show_file(context: RepositoryContext, request: Request) -> CompareFilePage | FilePart:
    """One file's changes, or the part of them that a script asks for. Names in its address have no slashes."""
    span, path = read_span(context.rest[:1]), b"/".join(context.rest[1:])
    if not path:
        raise NotFoundError(_("There is no such file."))
    with open_ends(context, request, span) as opened:
        sides = opened.sides()
        file = read_file_view(request, opened.comparison, place_of(request, opened.ends, sides), sides, path)
    if wants_part(request):
        request.override_renderer = "ui/diff_part.mako"
        return FilePart(file)
    return _make_page(request, opened.ends, path, file)


def show_lines(context: RepositoryContext, request: Request) -> LinesPart:
    """Unchanged lines of a file of the tip."""
    tip = read_span(context.rest[:1]).tip.decode("ascii", "replace")
    with open_contents(context.other or context, request) as repository:
        return read_lines_part(request, repository, read_view(request), tip, b"/".join(context.rest[1:]))


def _make_page(request: Request, ends: Ends, path: bytes, file: FileView) -> CompareFilePage:
    links, view = request.links, read_view(request)
    carried: Query = {**ends.query, "from": request.query_bytes("from")}

    def address(query: Query) -> str:
        return links.maker("compare-file", ends.first.path, ends.fixed, query={**carried, **query})(path)

    dots = ".." if ends.span.direct else "..."
    return CompareFilePage(
        ends.first.path,
        dots.join(short_id(end.commit_id, ends.first.kind) for end in (ends.base, ends.tip)),
        links.compare(
            ends.first.path,
            ends.base.commit_id.encode(),
            ends.tip.commit_id.encode(),
            direct=ends.span.direct,
            **ends.query,
        ),
        file,
        whitespace_choices(view, address),
        layout_choices(view, address),
        links.maker("compare-diff", ends.first.path, ends.fixed, query={**ends.query, **view.query})(path),
    )
