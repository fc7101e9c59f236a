"""The page of a search."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from kallithea.core.errors import KallitheaError, UnavailableError, message_of
from kallithea.core.words import _, _n
from kallithea.render.text import visible
from kallithea.search.documents import DocumentKind
from kallithea.search.engine import SearchError, TooCostlyError
from kallithea.search.finding import Hit, Narrowing
from kallithea.search.query import QueryError
from kallithea.search.snippets import Piece, Snippet, make_snippet, mark
from kallithea.services.index_sources import path_of
from kallithea.services.search import Place, SearchResult
from kallithea.vcs.types import Kind
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.request import Request
from kallithea.web.search.choices import Choices, Facet, KindTab, make_choices, make_tabs, read_choices
from kallithea.web.ui.commits import short_id
from kallithea.web.ui.hit_lines import HitLine, HitPainter
from kallithea.web.ui.paging import Pager, make_pager

#: Hits on one page, of code and of what takes a line or two.
CODE_SIZE, LINE_SIZE = 10, 25


@dataclass(frozen=True, slots=True)
class HitBlock:
    """What was found in one place; which fields are filled depends on the kind."""

    repository: str
    repository_address: str
    title: tuple[Piece, ...]
    address: str
    lines: tuple[HitLine, ...] = ()
    matches: int = 0
    more: str = ""
    note: str = ""
    author: str = ""
    when: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was asked, and what was found; ``problem`` says why nothing was searched, ``place`` where was.

    ``revision`` is the address at which files of a repository are looked through at any of its revisions.
    """

    text: str
    place: str
    address: str
    kind: str
    problem: str = ""
    tabs: tuple[KindTab, ...] = ()
    repositories: Facet = Facet()
    languages: Facet = Facet()
    systems: Facet = Facet()
    branches: Facet = Facet()
    words: str = ""
    hits: tuple[HitBlock, ...] = ()
    pager: Pager | None = None
    everywhere: str = ""
    revision: str = ""


def show_search(context: SiteContext | GroupContext | RepositoryContext, request: Request) -> SearchPage:
    """What is found on the site, in a group or in a repository."""
    choices = read_choices(request)
    base, path = _make_base(context, request), "" if isinstance(context, SiteContext) else context.path
    everywhere = request.links.page("_search", q=choices.text or None) if path else ""
    revision = request.links.files_search(path, q=choices.text) if isinstance(context, RepositoryContext) else ""
    kind = choices.kind.name.lower()
    page = SearchPage(choices.text, path, base(), kind, everywhere=everywhere, revision=revision)
    if not choices.text:
        return page
    number = request.page_number()
    size = CODE_SIZE if choices.kind is DocumentKind.CODE else LINE_SIZE
    narrowing = Narrowing(
        choices.kind,
        languages=_chosen(choices.language),
        branches=_chosen(choices.branch),
        systems=_chosen(choices.system),
    )
    try:
        result = request.services.search.find(
            request.visitor.viewer,
            choices.text,
            Place(path),
            narrowing,
            _chosen(choices.repository),
            offset=(number - 1) * size,
            limit=size,
        )
    except (QueryError, TooCostlyError, UnavailableError) as problem:
        return _with_problem(page, problem)
    except SearchError as problem:
        request.response.status_int = HTTPStatus.SERVICE_UNAVAILABLE
        return _with_problem(page, problem)
    return _fill(request, page, choices, base, result, number)


def _with_problem(page: SearchPage, problem: KallitheaError) -> SearchPage:
    return replace(page, problem=message_of(problem))


def _fill(  # what the page is made from
    request: Request, page: SearchPage, choices: Choices, base: Callable[..., str], result: SearchResult, number: int
) -> SearchPage:
    found = result.found
    size = CODE_SIZE if choices.kind is DocumentKind.CODE else LINE_SIZE
    repositories = [(result.paths[one], count) for one, count in found.repositories]
    systems = dict(found.systems)
    if choices.system in list(Kind):
        # also where it leaves nothing, it can be taken back
        systems.setdefault(choices.system, 0)
    painter = HitPainter()
    words = _n("%(count)s hit", "%(count)s hits", found.total)
    return SearchPage(
        page.text,
        page.place,
        page.address,
        page.kind,
        "",
        make_tabs(choices, base, found),
        make_choices(choices, base, "r", choices.repository, repositories),
        make_choices(choices, base, "l", choices.language, list(found.languages)),
        make_choices(choices, base, "k", choices.system, list(systems.items())),
        make_choices(choices, base, "b", choices.branch, list(found.branches)),
        words if found.whole else _("%(hits)s among those that fit best", hits=words),
        tuple(_make_block(request, result, hit, painter) for hit in found.hits),
        make_pager(number, size, found.total, lambda other: choices.address(base, page=other)),
        page.everywhere,
        page.revision,
    )


def _chosen(name: str) -> frozenset[str]:
    return frozenset({name} if name else ())


def _make_base(context: SiteContext | GroupContext | RepositoryContext, request: Request) -> Callable[..., str]:
    links = request.links
    if isinstance(context, RepositoryContext):
        return lambda **query: links.repository(context.path, "search", **query)
    if isinstance(context, GroupContext):
        return lambda **query: links.group_page(context.path, "search", **query)
    return lambda **query: links.page("_search", **query)


def _make_block(request: Request, result: SearchResult, hit: Hit, painter: HitPainter) -> HitBlock:
    links, facts, path = request.links, hit.facts, result.path_of(hit)
    home = links.repository(path)
    match facts.kind:
        case DocumentKind.REPOSITORY:
            _indexed_path, _end, description = hit.text.partition("\n")
            # the present path: the other may name a group that was left, and may not be read
            return HitBlock(path, home, mark(path, result.query), home, note=visible(description))
        case DocumentKind.COMMIT:
            subject, _end, _rest = hit.text.strip().partition("\n")
            return HitBlock(
                path,
                home,
                mark(visible(subject), result.query),
                links.changeset(path, facts.object_id),
                author=facts.author,
                when=datetime.datetime.fromtimestamp(facts.at, datetime.UTC),
                note=short_id(facts.object_id, result.system_of(hit)),
            )
        case _:
            return _make_file(request, result, hit, path, painter)


def _make_file(request: Request, result: SearchResult, hit: Hit, path: str, painter: HitPainter) -> HitBlock:
    facts = hit.facts
    commit_id = result.commit_ids.get((facts.repository_id, facts.branch), facts.branch)
    address = request.links.files(path, commit_id, path_of(facts.address), view="source")
    home = request.links.repository(path)
    if facts.kind is DocumentKind.FILE:
        return HitBlock(path, home, mark(facts.path, result.query), address)
    snippet = make_snippet(hit.text, result.query, deadline=result.found.deadline)
    lines = painter.paint(snippet.lines, facts.path, address)
    return HitBlock(path, home, (Piece(facts.path),), address, lines, snippet.matches, _say_more(snippet))


def _say_more(snippet: Snippet) -> str:
    if not snippet.more_lines:
        return ""
    return _n("%(count)s more line in this file", "%(count)s more lines in this file", snippet.more_lines)
