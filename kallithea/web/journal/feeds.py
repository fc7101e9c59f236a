"""Journals as feeds."""

import datetime
from collections.abc import Callable, Iterator

from kallithea.core.words import _, _n
from kallithea.render.feed_xml import Feed, FeedEntry, FeedFormat
from kallithea.services.journal import Scope
from kallithea.web.answers import Response
from kallithea.web.context import SiteContext
from kallithea.web.feed_answers import MOST_ENTRIES, FeedLink, send_feed
from kallithea.web.journal.filter import read_filter
from kallithea.web.request import Request
from kallithea.web.ui.events import EventLine, make_event

# When a feed without entries was changed.
_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def show_own(form: FeedFormat) -> Callable[[SiteContext, Request], Response]:
    """The view of what concerns the reader, in one form; with ``show=all`` of everything that they may read."""

    def show(context: SiteContext, request: Request) -> Response:
        everything = request.query.get("show") == "all"
        scope = Scope.READABLE if everything else Scope.OWN
        title = _("Journal of %(name)s at %(site)s", name=request.visitor.name, site=request.site_title)
        return _send(request, form, "_admin/journal", scope, title, "all" if everything else None)

    return show


def show_public(form: FeedFormat) -> Callable[[SiteContext, Request], Response]:
    """The view of what happens where everybody may read, in one form."""

    def show(context: SiteContext, request: Request) -> Response:
        title = _("Public journal of %(site)s", site=request.site_title)
        return _send(request, form, "_admin/public_journal", Scope.PUBLIC, title)

    return show


def make_feed_links(request: Request, name: str, **query: str | None) -> tuple[FeedLink, ...]:
    """The feeds of a journal, for its page."""
    return tuple(
        FeedLink(word, form.content_type, request.links.page(f"{name}/{form}", **query))
        for form, word in ((FeedFormat.ATOM, "Atom"), (FeedFormat.RSS, "RSS"))
    )


def _send(request: Request, form: FeedFormat, name: str, scope: Scope, title: str, show: str | None = None) -> Response:
    chosen, links = read_filter(request), request.links
    encodings = request.application.settings.default_encoding
    rows = request.services.journal.list_(
        request.visitor.viewer, chosen.chosen(request.reader.zone), scope=scope, limit=MOST_ENTRIES
    )
    entries = tuple(_make_entry(request, make_event(row, links, encodings)) for row in rows)
    feed = Feed(
        links.absolute(links.page(name, show=show)),
        request.reader.say(title),
        links.absolute(links.page(name, show=show, **chosen.query)),
        links.absolute(links.page(f"{name}/{form}", show=show, **chosen.query)),
        max((entry.when for entry in entries), default=_LONG_AGO),
        entries,
    )
    return send_feed(request, feed, form)


def _make_entry(request: Request, event: EventLine) -> FeedEntry:
    links, say = request.links, request.reader.say
    title = _("%(what)s in %(repository)s", what=event.what, repository=event.path)
    return FeedEntry(
        links.absolute(links.page(f"_events/{event.entry_id}")),
        say(title),
        links.absolute(event.address or links.home()),
        say(event.who),
        event.at,
        "\n".join(_lines(request, event)),
    )


def _lines(request: Request, event: EventLine) -> Iterator[str]:
    for ref in event.refs:
        yield " ".join(filter(None, (ref.name, request.reader.say(ref.what), ref.span.words)))
    if event.more_refs:
        yield request.reader.say(_n("and %(count)s further ref", "and %(count)s further refs", event.more_refs))
    for commit in event.commits:
        yield f"{commit.short} {request.reader.say(commit.subject)} ({commit.author})"
    if event.more_commits:
        yield request.reader.say(_n("and %(count)s more", "and %(count)s more", event.more_commits))
