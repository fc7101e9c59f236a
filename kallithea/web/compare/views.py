"""What one side of a history has that the other has not: commits, and the changes of their files."""

from dataclasses import dataclass

from kallithea.core.words import _, _n
from kallithea.services.changelog import PAGE_SIZE
from kallithea.services.compare import SideName, Span, find_typed, parse_typed
from kallithea.services.diffs import read_page
from kallithea.services.refs import NO_LABELS, read_labels
from kallithea.vcs.history import LogPage
from kallithea.web.answers import Response, redirect
from kallithea.web.compare.chooser import ChooserPage, show_chooser
from kallithea.web.compare.ends import Ends, Opened, open_ends, other_query, place_of, read_span
from kallithea.web.compare.panel import Panel, make_panel
from kallithea.web.contents import all_refs, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line, count_words
from kallithea.web.ui.diff_block import make_block
from kallithea.web.ui.diff_options import Query, read_view
from kallithea.web.ui.diff_tools import ShownDiff, make_tools, viewed_address
from kallithea.web.ui.paging import Pager


@dataclass(frozen=True, slots=True)
class ComparePage:
    """A comparison. ``words`` say why there is no diff; ``direct_address`` is then that of one with two dots.

    ``changeset_address`` is the beginning of the commits' addresses, which end with their ids.
    """

    path: str
    title: str
    panel: Panel
    commits_words: str
    commits: tuple[CommitLine, ...]
    changeset_address: str
    pager: Pager | None
    diff: ShownDiff | None
    words: str
    direct_address: str


def show_compare(context: RepositoryContext, request: Request) -> ComparePage | ChooserPage | Response:
    """What lies between two sides; without sides in the address, the form to choose them."""
    if not context.rest:
        return show_chooser(context, request)
    span = read_span(context.rest)
    typed = parse_typed(span)
    if typed is not None:
        return redirect(_address_of_old(context, request, span, typed))
    with open_ends(context, request, span) as opened:
        return _make_page(request, opened)


def _address_of_old(context: RepositoryContext, request: Request, span: Span, typed: tuple[SideName, SideName]) -> str:
    """Ours for one of old, which names types, always has three dots, and means them only with ``merge``."""
    names = []
    for one, side in zip((context, context.other or context), typed, strict=True):
        with open_contents(one, request) as repository:
            names.append(find_typed(all_refs(one, request, repository), side))
    direct = span.direct or not request.query.get("merge")
    base, tip = names
    return request.links.compare(context.path, base, tip, direct=direct, **other_query(context))


def _make_page(request: Request, opened: Opened) -> ComparePage:
    ends, apart, links = opened.ends, opened.apart, request.links
    page = request.page_number("commits")
    found = opened.comparison.added(
        ends.base.commit_id, ends.tip.commit_id, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    encodings = request.application.settings.default_encoding
    store = request.application.caches.small
    landing = ends.second.repository.landing_ref
    labels = read_labels(store, ends.repository_ids[1], opened.tree, found.commits, landing=landing)
    panel = make_panel(request, ends, apart)
    diff = _make_diff(request, opened)
    span = ends.span
    return ComparePage(
        ends.first.path,
        f"{panel.base.name}{'..' if span.direct else '...'}{panel.tip.name}",
        panel,
        count_words(apart.ahead, ends.first.repository.kind),
        tuple(commit_line(commit, encodings, labels.get(commit.commit_id, NO_LABELS)) for commit in found.commits),
        links.changeset(ends.second.path, ""),
        _make_pager(request, ends, found, page, apart.ahead),
        diff,
        "" if diff is not None else _("The two have no commit in common, so nothing tells what one of them changed."),
        "" if diff is not None else links.compare(ends.first.path, span.base, span.tip, direct=True, **ends.query),
    )


def _make_diff(request: Request, opened: Opened) -> ShownDiff | None:
    ends, sides = opened.ends, opened.find_sides()
    if sides is None:
        return None
    links, view, page = request.links, read_view(request), request.page_number()
    limit = request.application.settings.cut_off_limit
    block = make_block(
        request,
        place_of(request, ends, sides),
        ("compare", ends.repository_ids, ends.first.path, ends.second.path, ends.fixed, sides, limit),
        page,
        lambda: read_page(opened.comparison, sides, view.options, page=page, limit=limit),
    )
    raw: Query = {**ends.query, **view.query}
    tools = make_tools(
        view,
        block,
        page,
        lambda query: _address(request, ends, query),
        raw_address=links.maker("compare-diff", ends.first.path, ends.fixed, query=raw)(b""),
        empty_words=_empty_words(opened),
        viewed_address=viewed_address(ends.first, request, sides),
    )
    return ShownDiff(block, tools)


def _empty_words(opened: Opened) -> str:
    ends, apart = opened.ends, opened.apart
    if ends.base.commit_id == ends.tip.commit_id:
        return _("Both sides are the same commit.")
    if not apart.ahead and not ends.span.direct:
        return _("The base has all commits of the other side already.")
    return _("Both sides hold the same files.") if ends.span.direct else _("The commits change nothing in the end.")


def _make_pager(request: Request, ends: Ends, found: LogPage, page: int, total: int) -> Pager | None:
    if page == 1 and found.next is None:
        return None
    left = max(total - page * PAGE_SIZE, 0)
    newer = _address(request, ends, {"commits": page - 1 if page > 2 else None}) if page > 1 else None
    more = _address(request, ends, {"commits": page + 1}) if found.next is not None else None
    first = (page - 1) * PAGE_SIZE + 1
    words = _("%(first)s to %(last)s, newest first", first=first, last=first + len(found.commits) - 1)
    # Translators: none of the commits
    none = _("None")
    further = _n("%(count)s more: show", "%(count)s more: show", left) if left else _("Older")
    return Pager(words if found.commits else none, newer, more, _("Newer"), further)


def _address(request: Request, ends: Ends, query: Query) -> str:
    """The same comparison, by the same names, with another query."""
    span = ends.span
    return request.links.compare(ends.first.path, span.base, span.tip, direct=span.direct, **{**ends.query, **query})
