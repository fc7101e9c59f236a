"""Journals: what happened in which repositories, newest first."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.journal import Scope
from kallithea.web.context import RepositoryContext, SiteContext
from kallithea.web.feed_answers import FeedLink
from kallithea.web.ids import OF_EVENTS, parse_id
from kallithea.web.journal.feeds import make_feed_links
from kallithea.web.journal.filter import CHOICES, FilterForm, read_filter
from kallithea.web.request import Request
from kallithea.web.ui.events import EventLine, make_event

#: Events on one page.
PAGE_SIZE = 50

OWN, PUBLIC, SITE = "_admin/journal", "_admin/public_journal", "_admin/site_journal"


@dataclass(frozen=True, slots=True)
class JournalTab:
    """A journal that leads to the others."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of a journal. Addresses of neighbours are None where there are none.

    ``path`` is that of the repository whose journal this is, empty for one of many repositories.
    """

    title: str
    path: str
    tabs: tuple[JournalTab, ...]
    form: FilterForm
    choices: tuple[tuple[str, str], ...]
    rows: tuple[EventLine, ...]
    action_address: str
    first_address: str | None
    older_address: str | None
    empty_words: str
    feeds: tuple[FeedLink, ...] = ()


def show_own(context: SiteContext, request: Request) -> JournalPage:
    """What concerns the visitor; with ``show=all`` everything that they may read."""
    everything = request.query.get("show") == "all"
    scope, show = (Scope.READABLE, "all") if everything else (Scope.OWN, None)
    words = _("What happens in repositories that you follow or own is shown here.")
    return _make_page(request, OWN, scope, _("Journal"), words, show=show)


def show_public(context: SiteContext, request: Request) -> JournalPage:
    """What happens where everybody may read."""
    words = _("What happens in repositories that everybody may read is shown here.")
    return _make_page(request, PUBLIC, Scope.PUBLIC, _("Public journal"), words)


def show_site(context: SiteContext, request: Request) -> JournalPage:
    """Everything that happened, for administrators of the site."""
    words = _("What happens in repositories of this site is shown here.")
    return _make_page(request, SITE, Scope.SITE, _("Journal of all repositories"), words)


def show_repository(context: RepositoryContext, request: Request) -> JournalPage:
    """What happened in one repository."""
    words = _("What is pushed, and how settings change, is shown here.")

    def address(**query: str | int | None) -> str:
        return request.links.repository(context.path, "journal", **query)

    repository_id = context.repository.repository_id
    page = _list(request, Scope.READABLE, address, repository_id=repository_id)
    return dataclasses.replace(page, title=_("Journal"), path=context.path, empty_words=words)


def _make_page(
    request: Request, name: str, scope: Scope, title: str, words: str, show: str | None = None
) -> JournalPage:
    def address(**query: str | int | None) -> str:
        return request.links.page(name, show=show, **query)

    page = _list(request, scope, address)
    if scope is Scope.SITE:
        return dataclasses.replace(page, title=title, empty_words=words)
    tabs, feeds = _make_tabs(request, name, show), make_feed_links(request, name, show=show, **page.form.query)
    return dataclasses.replace(page, title=title, empty_words=words, tabs=tabs, feeds=feeds)


def _make_tabs(request: Request, name: str, show: str | None) -> tuple[JournalTab, ...]:
    """Visitors have the public journal alone."""
    if not request.visitor.signed_in:
        return ()
    links = request.links
    return (
        JournalTab(_("Followed and own"), links.page(OWN), name == OWN and show is None),
        JournalTab(_("All that I may read"), links.page(OWN, show="all"), name == OWN and show == "all"),
        JournalTab(_("Public"), links.page(PUBLIC), name == PUBLIC),
    )


def _list(request: Request, scope: Scope, address: Callable[..., str], repository_id: int | None = None) -> JournalPage:
    form, older_than = read_filter(request), parse_id(request.query.get("older", ""), OF_EVENTS)
    chosen = form.chosen(request.reader.zone, repository_id)
    viewer, encodings = request.visitor.viewer, request.application.settings.default_encoding
    found = request.services.journal.list_(viewer, chosen, scope=scope, older_than=older_than, limit=PAGE_SIZE + 1)
    rows = tuple(make_event(row, request.links, encodings) for row in found[:PAGE_SIZE])
    return JournalPage(
        title="",
        path="",
        tabs=(),
        form=form,
        choices=CHOICES,
        rows=rows,
        action_address=address(),
        first_address=address(**form.query) if older_than is not None else None,
        older_address=address(**form.query, older=rows[-1].entry_id) if len(found) > PAGE_SIZE else None,
        empty_words="",
    )
