"""The tween that opens one unit of work for a request and finds what its path leads to."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kallithea.core.access import Level
from kallithea.core.actor import Way
from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.vouched_users import ensure_account, find_vouched
from kallithea.services.work import reading, writing
from kallithea.vcs.types import PathNotFoundError, RevisionNotFoundError
from kallithea.web.budget import charge
from kallithea.web.context import (
    GroupContext,
    RepositoryContext,
    SiteContext,
    load_context,
    require_writer,
    with_network,
    with_other,
    with_rest,
)
from kallithea.web.csrf import require_own_form
from kallithea.web.freshness import find_tag, has_page, mark, unchanged
from kallithea.web.headers import FEED_VARY, PAGE_VARY
from kallithea.web.identity import NOBODY
from kallithea.web.nearby import find_nearby
from kallithea.web.pages import Cost, NoSuchPageError, Pages, SignInNeededError, UnitOfPage
from kallithea.web.paths import Segments, read_path, split_path
from kallithea.web.place import Place
from kallithea.web.request import Request
from kallithea.web.security import load_feed_reader, load_identity

SAFE_METHODS = frozenset({"GET", "HEAD"})

# How the addresses of feeds end.
_FEEDS = (b"rss", b"atom")


# What requests for pages are called where they are counted.
_KINDS = {Cost.CHEAP: "page", Cost.HISTORY: "history-page", Cost.HEAVY: "heavy-page"}


class Traverser:
    """Tells Pyramid what the tween has found."""

    def __init__(self, root: object) -> None:
        self.root = root

    def __call__(self, request: Request) -> dict[str, Any]:
        """The context and the name of the view, in the terms of Pyramid's traversal."""
        return {
            "context": request.place.context,
            "view_name": request.place.name,
            "subpath": (),
            "traversed": (),
            "root": self.root,
            "virtual_root": self.root,
            "virtual_root_path": (),
        }


def unit_tween(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """Open the unit that a page asks for around its view and its rendering.

    Who asks and what for is found in a reading unit. A page that writes then gets a writing unit, in which both are
    found again: what a reader saw may have changed meanwhile.
    """
    pages: Pages = registry.pages

    def answer(request: Request) -> Any:
        segments = split_path(read_path(request.environ))
        site_place = _find_site_place(request, pages, segments)
        # whatever fails from here on
        request.watched.hidden = site_place is not None and site_place.rule.secret_address
        if site_place is not None and site_place.rule.unit is UnitOfPage.NONE:
            request.found_place = site_place
            return handler(request)
        vouched = find_vouched(request.application, request.environ)
        if vouched is not None:
            ensure_account(request.application, vouched, Way.WEB, request.address)
        with reading(request.application) as services:
            _enter(request, services, site_place, segments)
            if request.place.rule.unit is UnitOfPage.READING:
                return _run(handler, request)
        request.opened_services = None
        if request.place.rule.unit is UnitOfPage.OWN:
            return _run(handler, request)
        with writing(request.application) as services:
            _enter(request, services, site_place, segments)
            return _run(handler, request)

    return answer


def _find_site_place(request: Request, pages: Pages, segments: Segments) -> Place | None:
    """The page of the site itself that has this path, or None: then only the database can tell."""
    found = pages.find_name(SiteContext, segments)
    if found is None:
        return None
    name, rest = found
    return Place(SiteContext(rest), name, pages.rule(SiteContext, name, request.method))


def _enter(request: Request, services: Services, site_place: Place | None, segments: Segments) -> None:
    request.opened_services = services
    if _names_feed(segments) and _enter_with_token(request, services, site_place, segments):
        return
    request.identity_of_request = load_identity(request, services)
    request.found_place = _for_visitor(request, site_place) if site_place else _find_place(request, services, segments)


def _names_feed(segments: Segments) -> bool:
    return bool(segments) and segments[-1].endswith(_FEEDS)


def _enter_with_token(request: Request, services: Services, site_place: Place | None, segments: Segments) -> bool:
    """Let a token for feeds say who asks, and return whether it does. It counts on the pages of feeds alone."""
    reader = load_feed_reader(request, services)
    if reader is None:
        return False
    place = site_place
    if place is None:
        request.identity_of_request = reader
        place = _find_place(request, services, segments)
    request.identity_of_request = reader if place.rule.feed else NOBODY
    request.found_place = place if place.rule.feed else None
    return place.rule.feed


def _for_visitor(request: Request, place: Place) -> Place:
    """The same page of the site; who administers the site has that level on it."""
    is_administrator = request.visitor.viewer.super_administrator
    return replace(place, context=replace(place.context, level=Level.ADMIN)) if is_administrator else place


def _find_place(request: Request, services: Services, segments: Segments) -> Place:
    group_page = request.registry.pages.find_group_page(segments)
    if group_page is not None:
        return _find_group_place(request, services, *group_page)
    context = load_context(services, request.visitor.viewer, segments)
    found = request.registry.pages.find_name(type(context), context.rest)
    if found is None:
        raise NoSuchPageError(context.path)
    name, rest = found
    rule = request.registry.pages.rule(type(context), name, request.method)
    other = request.query_bytes("other_repo") if rule.pair else None
    if other is not None and isinstance(context, RepositoryContext):
        context = with_other(services, request.visitor.viewer, context, other)
    if rule.tab and isinstance(context, RepositoryContext):
        context = with_network(services, request.visitor.viewer, context, source=rule.tab == "summary")
    return Place(with_rest(context, rest), name, rule)


def _find_group_place(request: Request, services: Services, name: str, segments: Segments) -> Place:
    context = load_context(services, request.visitor.viewer, segments)
    if not isinstance(context, GroupContext):
        raise NotFoundError(_("There is no such page."))
    return Place(context, name, request.registry.pages.rule(GroupContext, name, request.method))


def _run(handler: Callable[[Request], Any], request: Request) -> Any:
    cost = request.place.rule.cost_with(request.query)
    request.watched.kind = _KINDS[cost]
    if request.place.rule.members and not request.visitor.signed_in:
        raise SignInNeededError
    if request.method not in SAFE_METHODS:
        try:
            _require_upload_right(request)
            if not request.place.rule.secret_address:
                require_own_form(request)
            return handler(request)
        finally:
            request.close_uploads()
    tag = find_tag(request)
    varying = {"Vary": FEED_VARY if request.place.rule.feed else PAGE_VARY}
    if tag is not None and has_page(request, tag):
        return unchanged(tag, varying)
    _charge(request, cost)
    response = _show(handler, request)
    if tag is not None:
        mark(response, request, tag)
        if response.headers.get("ETag") == tag and has_page(request, tag, exists=True):
            return unchanged(tag, varying)
    if cost > Cost.CHEAP:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _show(handler: Callable[[Request], Any], request: Request) -> Any:
    """The page; what lies near to what it does not find is looked for while the unit is open."""
    try:
        return handler(request)
    except (PathNotFoundError, RevisionNotFoundError) as problem:
        if isinstance(request.place.context, RepositoryContext):
            request.nearby = find_nearby(problem, request.place.context, request)
        raise


def _require_upload_right(request: Request) -> None:
    """Ask for the right before a form with files is read: to read one takes room and time."""
    context = request.place.context
    if request.place.rule.upload and request.visitor.signed_in and isinstance(context, RepositoryContext):
        require_writer(context)


def _charge(request: Request, cost: Cost) -> None:
    """Strangers have a budget for repositories and dear pages. Raises ThrottledError."""
    # the way in, and what is asked for often on it, stay open
    if cost is not Cost.CHEAP or isinstance(request.place.context, RepositoryContext):
        charge(request, cost)
