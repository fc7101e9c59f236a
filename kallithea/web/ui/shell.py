"""What the frame around every page shows: who is signed in, where the visitor is, how the page looks."""

import datetime
import functools
import importlib.metadata
import json
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.access import Level, Visibility
from kallithea.core.meter import Meter
from kallithea.core.words import _
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.csrf import FIELD, make_token, mask_token
from kallithea.web.identity import Identity
from kallithea.web.links import Links
from kallithea.web.place import Place
from kallithea.web.reader import Reader
from kallithea.web.request import Request
from kallithea.web.ui.appearance import MENU, Preference
from kallithea.web.ui.people import avatar_code
from kallithea.web.ui.side_pages import ACCOUNT_PAGES, ADMIN_PAGES, SidePage

VERSION = importlib.metadata.version("kallithea")

#: One small script for each feature; every page works without them.
SCRIPTS = tuple(
    f"js/{name}.js" for name in ("ages", "copy", "filter", "keys", "menus", "names", "refs", "scroll", "tabs", "theme")
)

#: Those that only pages with contents of repositories and with tasks need; forms that load an editor do without.
CONTENT_SCRIPTS = tuple(
    f"js/{name}.js" for name in ("authors", "changes", "diff", "find", "lines", "outline", "parts", "task", "viewed")
)

#: The journals of many repositories.
JOURNALS = ("_admin/journal", "_admin/public_journal")


@dataclass(frozen=True, slots=True)
class Assets:
    """Static files: ``paths`` has for the name of each its path, which holds the hash of its content."""

    paths: Mapping[str, str]

    def address(self, links: Links, name: str) -> str:
        """The address of a file, such as ``css/kallithea.css``."""
        return links.page(self.paths.get(name, name))


def load_assets(public: pathlib.Path) -> Assets:
    """The manifest that the build of the front end wrote; without one, there are no static files."""
    manifest = public / "manifest.json"
    return Assets(json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {})


@dataclass(frozen=True, slots=True)
class Crumb:
    """A part of a path that leads somewhere."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a repository that the bar leads to."""

    label: str
    icon: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class RepositoryBar:
    """The bar below the top of a repository's pages."""

    path: str
    kind: str
    visibility: Visibility
    crumbs: tuple[Crumb, ...]
    tabs: tuple[Tab, ...]
    forks: int
    fork_address: str
    forks_address: str
    followers: int
    followed: bool
    follow_address: str
    followers_address: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything that the layout needs beside the page itself. ``meter`` is for administrators of the site alone.

    ``page_name`` is the page's name below its context, such as ``_admin/my_account``. ``preferences`` are the values
    of the ``menu_preferences`` by their names. ``jobs_wait_since`` is told to administrators of the site on their
    pages: no worker takes jobs.
    """

    links: Links
    assets: Assets
    identity: Identity
    reader: Reader
    site_title: str
    preferences: dict[str, str]
    csrf_token: str
    bar: RepositoryBar | None
    came_from: str
    in_repositories: bool
    in_administration: bool
    in_journal: bool
    page_name: str
    sprite: str
    meter: Meter | None
    jobs_wait_since: datetime.datetime | None = None
    admin_pages: tuple[SidePage, ...] = ADMIN_PAGES
    account_pages: tuple[SidePage, ...] = ACCOUNT_PAGES
    menu_preferences: tuple[Preference, ...] = MENU
    scripts: tuple[str, ...] = SCRIPTS
    content_scripts: tuple[str, ...] = CONTENT_SCRIPTS
    version: str = VERSION
    shows_avatars: bool = True

    def asset(self, name: str) -> str:
        """The address of a static file."""
        return self.assets.address(self.links, name)

    def icon(self, name: str, css_class: str = "") -> Markup:
        """One sign of the sprite; it says nothing to those who listen to the page."""
        return _draw_icon(self.sprite, name, css_class)

    def avatar(self, identity: str, pixels: int = 20) -> Markup:
        """The picture that stands for a person, if the site shows these; their name stands beside it."""
        return _draw_avatar(self.links, identity, pixels) if self.shows_avatars else Markup()

    @property
    def journal_name(self) -> str:
        """The journal that the main menu leads to: one's own, or that of everybody."""
        return "_admin/journal" if self.identity.signed_in else "_admin/public_journal"

    @property
    def csrf_field(self) -> Markup:
        """The hidden field of every form that changes something."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, self.csrf_token)

    @property
    def sign_in_address(self) -> str:
        """The sign-in page, which leads back to here."""
        return self.links.page("_admin/login", came_from=self.came_from or None)


def make_shell(request: Request) -> Shell:
    """The frame of the page that this request gets."""
    context = request.found_place.context if request.found_place is not None else None
    in_administration = isinstance(context, SiteContext) and _is_administration(request)
    session_id = request.browser_session.id
    settings, looks = request.application.settings, request.visitor.looks
    return Shell(
        links=request.links,
        assets=request.registry.assets,
        identity=request.visitor,
        reader=request.reader,
        site_title=request.site_title,
        preferences={one.name: one.chosen(request) for one in MENU},
        csrf_token=mask_token(make_token(settings.session_secret, session_id)) if session_id is not None else "",
        bar=_repository_bar(request.links, request.found_place),
        came_from=_came_from(request) if context is not None else "",
        in_repositories=context is not None and not in_administration and not _is_journal(context, request),
        in_administration=in_administration,
        in_journal=_is_journal(context, request),
        page_name=request.found_place.name if request.found_place is not None else "",
        sprite=request.registry.assets.address(request.links, "icons/icons.svg"),
        version=VERSION if looks.shows_version or request.visitor.viewer.super_administrator else "",
        shows_avatars=looks.shows_avatars,
        meter=request.meter if request.visitor.viewer.super_administrator else None,
        jobs_wait_since=_find_delay(request) if in_administration else None,
    )


def _is_administration(request: Request) -> bool:
    """Whether administrators find this page beside the others of theirs, which some may see who are none."""
    if request.place.rule.level is Level.ADMIN:
        return True
    # the second segment is the one that tells
    area = "/".join(request.place.name.split("/")[:2])
    return request.visitor.viewer.super_administrator and any(one.name == area for one in ADMIN_PAGES)


def _is_journal(context: object, request: Request) -> bool:
    return isinstance(context, SiteContext) and request.place.name in JOURNALS


def _find_delay(request: Request) -> datetime.datetime | None:
    if not request.visitor.viewer.super_administrator or request.place.name == "_admin/jobs":
        return None
    found: datetime.datetime | None = request.registry.job_notice.find(request.application)
    return found


@functools.lru_cache(maxsize=1024)
def _draw_avatar(links: Links, identity: str, pixels: int) -> Markup:
    """A list may show the same few people on every line."""
    return Markup('<img class="k-avatar" src="{}" width="{}" height="{}" alt="" loading="lazy">').format(
        links.avatar(avatar_code(identity)), pixels, pixels
    )


@functools.lru_cache(maxsize=1024)
def _draw_icon(sprite: str, name: str, css_class: str) -> Markup:
    """A page may show the same few signs a thousand times."""
    return Markup('<svg class="ico{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        f" {css_class}" if css_class else "", sprite, name
    )


def _came_from(request: Request) -> str:
    """The address of a page that somebody may want to see again after signing in."""
    context = request.place.context
    if isinstance(context, GroupContext | RepositoryContext) and request.method in ("GET", "HEAD"):
        return request.links.repository(context.path)
    return ""


def _repository_bar(links: Links, place: Place | None) -> RepositoryBar | None:
    if place is None or not isinstance(place.context, RepositoryContext):
        return None
    context, tab = place.context, place.rule.tab
    segments = context.path.split("/")
    paths = ["/".join(segments[: count + 1]) for count in range(len(segments))]
    crumbs = tuple(Crumb(name, links.repository(path)) for name, path in zip(segments, paths, strict=True))
    kind = context.kind
    tabs = tuple(
        Tab(label, icon, links.repository(context.path, verb), tab == (verb or "summary"))
        for label, icon, verb, level in (
            (_("Summary"), "home", "", Level.READ),
            (_("Files"), "code", "files", Level.READ),
            (_("Changelog"), "git-commit", "changelog", Level.READ),
            (_("Branches & bookmarks") if kind == "hg" else _("Branches"), "git-branch", "branches", Level.READ),
            (_("Settings"), "gear", "settings", Level.ADMIN),
        )
        if context.level >= level
    )
    return RepositoryBar(
        context.path,
        kind,
        context.visibility,
        crumbs,
        tabs,
        context.forks,
        links.repository(context.path, "fork"),
        links.repository(context.path, "forks"),
        context.following.count,
        context.following.own,
        links.repository(context.path, "unfollow" if context.following.own else "follow"),
        links.repository(context.path, "followers"),
    )
