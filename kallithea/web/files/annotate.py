"""A file with the commits that wrote its lines."""

import functools
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from kallithea.core.words import Say, Text, _, _n
from kallithea.render.annotation_html import AnnotatedLines, AnnotationSigns, render_annotation
from kallithea.render.code_html import code_rows
from kallithea.render.highlight import HIGHLIGHT_LIMIT, HIGHLIGHT_LINES, highlight_lines
from kallithea.render.pictures import SVG, find_picture_type
from kallithea.render.text import decode, visible_lines
from kallithea.services.blame import MOST_LINES, PAGE_LINES, BlameQuestion, Ignored, read_blame, read_ignored
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import LARGEST_FILE, Blame, BlameOptions, FileVersion, count_lines
from kallithea.vcs.diff import Whitespace
from kallithea.vcs.types import Blob, EntryKind, Kind
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.files.code import NO_COLOURS, render_code
from kallithea.web.files.line_authors import annotated_lines, describe_commits, line_authors
from kallithea.web.files.position import Position, make_position
from kallithea.web.files.shown import SOURCE, find_form_of
from kallithea.web.reader import size
from kallithea.web.request import Request
from kallithea.web.ui.diff_options import Query
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.switch import Choice

#: How many bytes of a page's lines are shown.
PAGE_BYTES = 1 << 20

#: Seconds that a page takes to find out who wrote the lines, and those that one takes which was asked to take more: by
#: a script of the first one, or by hand. What is not finished in time is begun anew then, so the first try has time
#: enough for nearly all files, and one of more lines is left to the second at once.
SECONDS = 2.0
MORE_SECONDS = 30.0
LINES_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not known, in words, and the address of a page that takes more time for it, if this one did not."""

    words: str
    more_address: str | None


@dataclass(frozen=True, slots=True)
class AnnotationPage:
    """Lines as rows of HTML, in groups. Where there are none, ``words`` say why.

    ``options_on`` is how many of the choices and switches are not as they are at first.
    """

    position: Position
    source_address: str
    raw_address: str
    words: str = ""
    rows: tuple[str, ...] = ()
    groups: tuple[AnnotatedLines, ...] = ()
    facts: str = ""
    note: str = ""
    unknown: Unknown | None = None
    choices: tuple[Choice, ...] = ()
    switches: tuple[Choice, ...] = ()
    options_on: int = 0
    pager: Pager | None = None
    own_address: str = ""
    at_once: int = PAGE_LINES

    def bodies(self, before: Markup, passed_over: Markup, say: Say) -> Markup:
        """The rows as bodies of a table, with these icons."""
        return render_annotation(self.groups, self.rows, AnnotationSigns(before, passed_over, say))


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one page as rows, the number of the first one and of all, and what is to be said of them."""

    first: int
    total: int
    rows: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the query says: which page of the lines, whether commits are ignored, what is no writing of a line."""

    page: int
    ignoring: bool
    options: BlameOptions

    @property
    def query(self) -> Query:
        """What addresses of the same way to look carry."""
        return {
            "ignore": None if self.ignoring else "none",
            "whitespace": Whitespace.ALL if self.options.skip_spaces else None,
            "moves": "follow" if self.options.follow_moves else None,
        }


def _read_asked(request: Request, kind: Kind) -> _Asked:
    """What is no choice of ours, or not of this kind of repository, counts as none."""
    options = BlameOptions(
        skip_spaces=request.query.get("whitespace") == Whitespace.ALL,
        follow_moves=kind is Kind.GIT and request.query.get("moves") == "follow",
    )
    return _Asked(request.page_number(), request.query.get("ignore") != "none", options)


def show_annotation(context: RepositoryContext, request: Request) -> AnnotationPage | Response:
    """Lines of a file and who wrote them. What has no lines is shown as without annotation."""
    links = request.links
    with open_contents(context, request) as repository:
        found = find(context, request, repository)
        entry = repository.entry(found.commit_id, found.path)
        if entry.kind in (EntryKind.FOLDER, EntryKind.SUBREPOSITORY):
            return redirect(links.files(context.path, found.commit_id, found.path, found.at))
        blob = repository.blob(found.commit_id, found.path, limit=LARGEST_FILE)
        form = find_form_of(entry, request.application.settings.default_encoding)
        view = SOURCE if form is not None or find_picture_type(blob.data, entry.name) == SVG else None
        source = links.files(context.path, found.commit_id, found.path, found.at, view=view)
        asked = _read_asked(request, repository.kind)
        position = make_position(context, request, repository, found, asked.query)
        page = AnnotationPage(
            position, source, links.raw(context.path, found.commit_id, found.path), words=_refusal(blob)
        )
        if page.words:
            return page
        lines = _read_lines(request, blob, asked.page)
        # which may be large, and is read anew to find out who wrote it
        del blob
        return _annotate(page, context, request, repository, found, lines, asked)


def _refusal(blob: Blob) -> str:
    """Why a file is not annotated; empty if it is."""
    if blob.truncated:
        return _(
            "This file has %(size)s. Files of more than %(limit)s are not annotated.",
            size=size(blob.size),
            limit=size(LARGEST_FILE),
        )
    if blob.binary:
        return _("Binary files have no lines to annotate.")
    return "" if blob.data else _("The file is empty.")


def _annotate(
    page: AnnotationPage,
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    found: Revision,
    lines: _Lines,
    asked: _Asked,
) -> AnnotationPage:
    links, encodings = request.links, request.application.settings.default_encoding
    patient = request.query.get("time") == "more"
    first, total, rows = lines.first, lines.total, lines.rows
    listed = read_ignored(repository, found.commit_id)
    ignored = listed.ids if asked.ignoring else ()
    seconds = SECONDS if total <= LINES_AT_ONCE else 0.0
    blame = read_blame(
        request.application.caches,
        context.repository.repository_id,
        repository,
        BlameQuestion(found.commit_id, found.path, asked.page, ignored, asked.options),
        seconds=MORE_SECONDS if patient else seconds,
        whole=patient and total <= MOST_LINES,
    ).part(first, first + len(rows) - 1)
    request.incomplete = request.incomplete or not blame.complete
    authors = line_authors(blame.commits, repository.kind, links, context.path, encodings, request.reader)

    def address(page: int = asked.page, query: Query = asked.query) -> str:
        return links.annotate(context.path, found.commit_id, found.path, found.at, page, query)

    @functools.cache
    def address_of(version: FileVersion, page: int) -> str:
        return links.annotate(context.path, version.commit_id, version.path, page=page, query=asked.query)

    def address_before(version: FileVersion, line: int) -> str:
        return f"{address_of(version, (line - 1) // PAGE_LINES + 1)}#L{line}"

    return replace(
        page,
        rows=rows,
        groups=tuple(annotated_lines(blame, authors, address_before)),
        facts=describe_commits(blame.commits, repository.kind),
        note=lines.note,
        unknown=_describe_unknown(blame, None if patient else address(query={**asked.query, "time": "more"})),
        choices=(
            Choice(
                _describe_ignored(listed),
                address(query=replace(asked, ignoring=True).query),
                asked.ignoring,
            ),
            Choice(_("Show all"), address(query=replace(asked, ignoring=False).query), not asked.ignoring),
        )
        if listed.ids
        else (),
        switches=tuple(
            Choice(words, address(query=replace(asked, options=options).query), current)
            for words, options, current in _switches(asked.options, repository.kind)
        ),
        options_on=[
            bool(listed.ids) and not asked.ignoring,
            asked.options.skip_spaces,
            asked.options.follow_moves,
        ].count(True),
        pager=make_pager(asked.page, PAGE_LINES, total, address),
        own_address=address(),
    )


def _describe_ignored(listed: Ignored) -> Text:
    count = len(listed.ids)
    if listed.limited:
        return _n("Ignore the first %(count)s commit", "Ignore the first %(count)s commits", count)
    return _n("Ignore %(count)s commit", "Ignore %(count)s commits", count)


def _switches(options: BlameOptions, kind: Kind) -> Iterator[tuple[Text, BlameOptions, bool]]:
    """What a click changes: its name, the options after it, and whether it is on."""
    spaces, moves = options.skip_spaces, options.follow_moves
    yield _("Skip whitespace changes"), replace(options, skip_spaces=not spaces), spaces
    if kind is Kind.GIT:
        yield _("Follow moved lines"), replace(options, follow_moves=not moves), moves


def _describe_unknown(blame: Blame, more_address: str | None) -> Unknown | None:
    if blame.complete:
        return None
    known, total = sum(group.count for group in blame.groups), blame.last - blame.first + 1
    words = (
        _("So far it is known of %(known)s of these %(total)s lines who wrote them.", known=known, total=total)
        if known
        else _("It takes a while to find out who wrote these lines.")
    )
    return Unknown(words, more_address)


def _read_lines(request: Request, blob: Blob, page: int) -> _Lines:
    """The lines of a page of the file.

    Colours depend on all lines before, so only files that are short enough to be coloured as a whole have them.
    """
    encodings = request.application.settings.default_encoding
    first, total = (page - 1) * PAGE_LINES + 1, count_lines(blob.data)
    if len(blob.data) <= HIGHLIGHT_LIMIT and total <= HIGHLIGHT_LINES:
        code = render_code(request.application.caches, blob, encodings)
        request.incomplete = not code.final
        return _Lines(first, total, _split(code.rows)[first - 1 : first - 1 + PAGE_LINES], code.note)
    data = b"".join(itertools.islice(io.BytesIO(blob.data), first - 1, first - 1 + PAGE_LINES))
    shown, note = data, NO_COLOURS
    if len(data) > PAGE_BYTES:
        whole, end, part = data[:PAGE_BYTES].rpartition(b"\n")
        shown = whole + end or part
        note = _("Only the first %(size)s of these lines are shown here.", size=size(len(shown)))
    rows = code_rows(highlight_lines(visible_lines(decode(shown, encodings)), ""), first)
    return _Lines(first, total, _split(rows), note)


def _split(rows: Markup) -> tuple[str, ...]:
    return tuple(str.split(rows, "\n")[:-1])
