"""The history up to a commit: of everything, or of what the form above it asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.words import Text, _, _n
from kallithea.render.graph_svg import NodeShape, render_row, width_of
from kallithea.render.text import one_line
from kallithea.services.changelog import PAGE_SIZE, find_count, place_of, read_count, read_history
from kallithea.services.refs import NO_LABELS, read_labels
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import LineRange
from kallithea.vcs.graph import GraphRow
from kallithea.vcs.history import LogPage
from kallithea.vcs.types import Commit, Kind, RevisionNotFoundError, VcsError
from kallithea.web.changelog.forms import Form, Question, address_of, make_form, read_question
from kallithea.web.contents import find_at, note_outside_changes, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import LABELS_OF, CommitLine, commit_line, count_words
from kallithea.web.ui.paging import Pager

_NARROW_COLUMNS = 4
# As it stands in lists; Mercurial's have the local number before it.
_HASH = re.compile(r"(?:[0-9]+:)?([0-9a-fA-F]{4,64})")


@dataclass(frozen=True, slots=True)
class Line:
    """A commit, and the picture of the lines beside it."""

    commit: CommitLine
    graph: Markup


@dataclass(frozen=True, slots=True)
class Beyond:
    """A page behind the last one: what there is, and where; ``last_address`` is empty where that is not known."""

    words: str
    first_address: str
    last_address: str


@dataclass(frozen=True, slots=True)
class ChangelogPage:
    """A page of the history. ``form`` is None and there are no lines in an empty repository.

    ``file_path`` is what it is the history of, and ``file_lines`` the first and the last line if it is that of lines.
    ``changeset_address`` is the beginning of the commits' addresses, which end with their ids. ``columns`` is the width
    of the pictures, 0 where there are none. ``count`` is the number of all commits where it is known, else
    ``count_address`` tells it later. ``named`` is the commit whose hash begins with what is looked for. ``beyond`` is
    there behind the last page. ``unfinished`` says how far a search has come that took too long, ``damage`` what cannot
    be read behind the lines.
    """

    path: str
    mercurial: bool
    form: Form | None
    caption: str
    file_path: str
    file_lines: LineRange | None
    lines: tuple[Line, ...]
    changeset_address: str
    columns: int
    count: str
    count_address: str
    named: CommitLine | None
    beyond: Beyond | None
    unfinished: str
    damage: str
    pager: Pager | None

    @property
    def graph_class(self) -> str:
        """On a narrow screen, a wide graph would leave no room for words."""
        return "k-hide-s" if self.columns > _NARROW_COLUMNS else ""


@dataclass(frozen=True, slots=True)
class CountPart:
    """The number of commits, in words."""

    words: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one request asks for; no ``revision`` means all heads. ``offset`` is that of ``Log.log``."""

    context: RepositoryContext
    request: Request
    repository: Repository
    revision: Revision | None
    question: Question
    offset: int

    @property
    def start(self) -> str | None:
        """The commit up to which history is asked for, None for all heads."""
        return self.revision.commit_id if self.revision is not None else None


def show_changelog(context: RepositoryContext, request: Request) -> ChangelogPage:
    """A page of the history, newest first."""
    with open_contents(context, request) as repository:
        note_outside_changes(context, request, repository)
        try:
            revision = _find(context, request, repository)
        except RevisionNotFoundError:
            if repository.is_empty():
                return _empty_page(context)
            raise
        question = read_question(request, revision.path if revision is not None else b"")
        return _make_page(_Asked(context, request, repository, revision, question, _read_offset(request)))


def show_count(context: RepositoryContext, request: Request) -> CountPart:
    """How many commits there are up to one: counting takes longer than showing a page of them."""
    with open_contents(context, request) as repository:
        revision = _find(context, request, repository)
        start = revision.commit_id if revision is not None else None
        count = read_count(request.application.caches.small, context.repository.repository_id, repository, start)
        return CountPart(count_words(count, context.repository.kind))


def _find(context: RepositoryContext, request: Request, repository: Repository) -> Revision | None:
    """What the address names: ``?branch=`` for the form of old, else the path, else the default ref.

    With ``?all=1`` in place of a path, all heads: None.
    """
    if request.query_text("all") and not context.rest and not repository.is_empty():
        return None
    at = request.query_bytes("at") or request.query_bytes("branch")
    return find_at(context, repository, at)


def _read_offset(request: Request) -> int:
    """Addresses have numbers of pages, or where a search goes on."""
    return request.page_number("offset") if request.query_text("offset") else (request.page_number() - 1) * PAGE_SIZE


def _empty_page(context: RepositoryContext) -> ChangelogPage:
    return ChangelogPage(
        context.path, _is_mercurial(context), None, "", "", None, (), "", 0, "", "", None, None, "", "", None
    )


def _make_page(asked: _Asked) -> ChangelogPage:
    context, wanted, encodings = asked.context, asked.question.wanted, _encodings(asked.request)
    store, repository_id = asked.request.application.caches.small, context.repository.repository_id
    found, rows = read_history(store, repository_id, asked.repository, asked.start, wanted, offset=asked.offset)
    # another time, it may get further
    asked.request.incomplete |= found.searched is not None or bool(found.damage)
    lines = _make_lines(asked, found, rows)
    count, count_address = _find_count(asked)
    start = asked.repository.commit(asked.start) if asked.start is not None else None
    is_beyond = asked.offset > 0 and not found.commits and found.searched is None
    return ChangelogPage(
        context.path,
        _is_mercurial(context),
        make_form(context, asked.request, asked.revision, asked.question, start),
        _caption(asked),
        one_line(wanted.path, encodings),
        wanted.lines,
        lines,
        asked.request.links.changeset(context.path, ""),
        width_of(rows) if rows else 0,
        count,
        count_address,
        _find_named(asked),
        _find_beyond(asked) if is_beyond else None,
        _tell_searched(found.searched, context) if found.searched is not None else "",
        _("%(problem)s What lies behind it cannot be shown.", problem=found.damage) if found.damage else "",
        _make_pager(asked, found) if not is_beyond else None,
    )


def _caption(asked: _Asked) -> str:
    if asked.start is not None:
        return _("Changesets, newest first") if _is_mercurial(asked.context) else _("Commits, newest first")
    if _is_mercurial(asked.context):
        return _("Changesets of all heads, newest first")
    return _("Commits of all branches, newest first")


def _make_lines(asked: _Asked, found: LogPage, rows: Sequence[GraphRow]) -> tuple[Line, ...]:
    """The commits, and the pictures beside them where there are rows of a graph."""
    store = asked.request.application.caches.small
    row = asked.context.repository
    kinds = LABELS_OF[Kind(row.kind)]
    labels = read_labels(
        store, row.repository_id, asked.repository, found.commits, landing=row.landing_ref, kinds=kinds
    )
    encodings = _encodings(asked.request)
    lines = [commit_line(commit, encodings, labels.get(commit.commit_id, NO_LABELS)) for commit in found.commits]
    if not rows:
        return tuple(Line(line, Markup()) for line in lines)
    columns = width_of(rows)
    graphs = (
        render_row(row, columns, _shape(commit), merge=len(commit.parent_ids) > 1)
        for row, commit in zip(rows, found.commits, strict=True)
    )
    return tuple(map(Line, lines, graphs))


def _shape(commit: Commit) -> NodeShape:
    if commit.obsolete:
        return NodeShape.OBSOLETE
    return NodeShape.DRAFT if commit.phase == "draft" else NodeShape.ORDINARY


def _find_count(asked: _Asked) -> tuple[str, str]:
    """The number of commits in words, else where to ask for it."""
    if not asked.question.is_open:
        return "", ""
    store, repository_id = asked.request.application.caches.small, asked.context.repository.repository_id
    count = find_count(store, repository_id, place_of(asked.repository, asked.start))
    if count is not None:
        return count_words(count, asked.context.repository.kind), ""
    links, path = asked.request.links, asked.context.path
    if asked.start is None:
        return "", links.repository(path, "changelog-count", all=1)
    return "", links.repository(path, f"changelog-count/{asked.start}")


def _find_named(asked: _Asked) -> CommitLine | None:
    """The commit whose hash begins with the words that are looked for, if they can be a hash."""
    found = _HASH.fullmatch(asked.question.text)
    if found is None:
        return None
    prefix = found[1].lower()
    commit_id = asked.repository.find_commits([prefix]).get(prefix)
    if commit_id is None:
        return None
    try:
        return commit_line(asked.repository.commit(commit_id), _encodings(asked.request))
    except VcsError:
        # One that cannot be read takes nothing from what is found by words.
        return None


def _find_beyond(asked: _Asked) -> Beyond:
    """How much there is instead. All commits have been gone through already, so that counting them adds little."""
    first = _address(asked)
    if not asked.question.is_open:
        return Beyond(_("Here, there is no older page."), first, "")
    store, row = asked.request.application.caches.small, asked.context.repository
    count = read_count(store, row.repository_id, asked.repository, asked.start)
    last = max(1, -(-count // PAGE_SIZE))
    words = _(
        "The history has %(commits)s on %(pages)s; there is no older page.",
        commits=count_words(count, row.kind),
        pages=_n("%(count)s page", "%(count)s pages", last),
    )
    return Beyond(words, first, _address(asked, page=last) if last > 1 else "")


def _make_pager(asked: _Asked, found: LogPage) -> Pager | None:
    if not asked.offset and found.next is None:
        return None
    newest, older = _address(asked), _address(asked, offset=found.next) if found.next is not None else None
    if asked.question.wanted.searches:
        count = len(found.commits)
        words = _n("%(count)s found here", "%(count)s found here", count) if count else _("None found here")
        further = _("Search on") if found.searched is not None else _("Older")
        return Pager(words, newest if asked.offset else None, older, _("Newest"), further)
    first, page = asked.offset + 1, asked.offset // PAGE_SIZE + 1
    words = _("%(first)s to %(last)s, newest first", first=first, last=asked.offset + len(found.commits))
    newer = _address(asked, page=page - 1) if asked.offset else None
    older = _address(asked, page=page + 1) if older else None
    return Pager(words, newer, older, _("Newer"), _("Older"))


def _address(asked: _Asked, *, page: int | None = None, offset: int | None = None) -> str:
    """The address of another part of the same history."""
    links, question = asked.request.links, asked.question
    query = {**question.query, "offset": offset}
    return address_of(asked.context, links, asked.revision, question.wanted.path, page, query)


def _encodings(request: Request) -> Sequence[str]:
    return request.application.settings.default_encoding


def _tell_searched(count: int, context: RepositoryContext) -> Text:
    """How far a search has come that took too long."""
    if _is_mercurial(context):
        return _n(
            "%(count)s changeset was searched before the time was over. The next page searches older ones.",
            "%(count)s changesets were searched before the time was over. The next page searches older ones.",
            count,
        )
    return _n(
        "%(count)s commit was searched before the time was over. The next page searches older ones.",
        "%(count)s commits were searched before the time was over. The next page searches older ones.",
        count,
    )


def _is_mercurial(context: RepositoryContext) -> bool:
    return context.repository.kind == Kind.HG
