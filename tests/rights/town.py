"""A site with somebody of each kind, and what each may do there."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyramid.config import Configurator

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.app import add_features
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.pages import Pages
from tests.rights.needs import Method, Need, find_need
from tests.web.harbour import PAGES, Harbour, make_harbour
from tests.web.site import Browser, Site, get


@dataclass(frozen=True)
class Person:
    """Levels on all repositories, on the groups around them, and on the site. ``name`` is None without an account.

    ``user_groups`` is the level on the groups of users, which counts for who has an account.
    ``allowed``: may make everything that can be allowed.
    """

    name: str | None
    repositories: Level
    groups: Level
    site: Level = Level.READ
    refused: bool = False
    allowed: bool = False
    user_groups: Level = Level.READ

    @property
    def member(self) -> bool:
        return self.name is not None and not self.refused

    def level(self, context: type) -> Level:
        return {RepositoryContext: self.repositories, GroupContext: self.groups}.get(context, self.site)


PEOPLE = {
    "anonymous": Person(None, Level.NONE, Level.NONE),
    "nobody": Person("nobody", Level.NONE, Level.NONE, user_groups=Level.NONE),
    "reader": Person("reader", Level.READ, Level.READ),
    "writer": Person("writer", Level.WRITE, Level.WRITE, user_groups=Level.WRITE),
    "administrator": Person("administrator", Level.ADMIN, Level.READ, user_groups=Level.ADMIN),
    "group-administrator": Person("group-administrator", Level.ADMIN, Level.ADMIN),
    "maker": Person("maker", Level.NONE, Level.NONE, allowed=True),
    "super-administrator": Person("root", Level.ADMIN, Level.ADMIN, Level.ADMIN, user_groups=Level.ADMIN),
    "disabled": Person("disabled", Level.NONE, Level.NONE, refused=True),
    "from another network": Person("elsewhere", Level.NONE, Level.NONE, refused=True),
}
#: Somebody without an account where visitors may read everything.
VISITOR = Person(None, Level.READ, Level.READ)

_BEFORE = {SiteContext: "/", GroupContext: "/_admin/repo_groups/a/b/", RepositoryContext: "/a/b/{kind}/"}


@dataclass(frozen=True)
class Route:
    """One method of one page, an address of it, and what it needs."""

    context: type
    name: str
    method: Method
    pattern: str
    need: Need | None


def find_routes() -> list[Route]:
    """Every method of every page of the site, each with an address."""
    config = Configurator()
    add_features(config)
    pages: Pages = config.registry.pages
    known = [((context, name), address) for context, name, address, _most in PAGES]
    routes = [Route(*page, Method.GET, address, find_need(*page, Method.GET)) for page, address in known]
    first = dict(reversed(known))
    for context, name in sorted(pages.names("POST"), key=str):
        # of what has ids there is a first
        rest = ("/1" if context is SiteContext else "/x") if pages.rule(context, name, "POST").rest else ""
        pattern = first.get((context, name), f"{_BEFORE[context]}{name}{rest}")
        routes.append(Route(context, name, Method.POST, pattern, find_need(context, name, Method.POST)))
    return routes


ROUTES = find_routes()


@dataclass
class Town:
    """A site, and a browser for everybody who has one."""

    site: Site
    harbour: Harbour = field(init=False)

    def __post_init__(self) -> None:
        application = self.site.application
        # what they tell is of the whole site, and goes on
        application.settings = dataclasses.replace(application.settings, metrics_networks=())
        self.harbour = make_harbour(self.site)
        for person in PEOPLE.values():
            if person.name is not None and person.name != "root":
                self.site.user(person.name)
        for name in ("reader", "administrator"):
            self.site.grant(name, Level.READ, "a")
        self.site.grant("writer", Level.WRITE, "a")
        self.site.grant("group-administrator", Level.ADMIN, "a")
        for kind in Kind:
            for tail in ("", "-own", "-fork"):
                self.site.grant("administrator", Level.ADMIN, f"a/b/{kind}{tail}")
        for name in ("disabled", "elsewhere"):
            self.site.grant(name, Level.ADMIN, "a")
        self._grant_on_user_groups()
        for name in ("maker", "disabled", "elsewhere"):
            self.site.allow(name, *Allowance)
        # what is noted in the background would be among the statements of whatever is asked at that moment
        self.site.application.later.close()
        # the sessions stay: even so they must not count
        self.refused = {name: self.site.browser(name) for name in ("disabled", "elsewhere")}
        with writing(self.site.application) as services:
            services.users.get("disabled").active = False
            services.allow_lists.set_for_user(COMMAND_LINE, services.users.get("elsewhere"), "198.51.100.0/24")

    def _grant_on_user_groups(self) -> None:
        with writing(self.site.application) as services:
            crew = services.user_groups.get("crew")
            services.permissions.set_(COMMAND_LINE, crew, SIGNED_IN, Level.NONE)
            for person in PEOPLE.values():
                if person.name is not None:
                    subject = Subject(SubjectKind.USER, services.users.get(person.name).user_id)
                    services.permissions.set_(COMMAND_LINE, crew, subject, person.user_groups)

    @cached_property
    def absent(self) -> dict[str, str]:
        """For the beginnings of paths of what there is, others to which nothing leads."""
        return {"/a/b/git-own": "/a/b/zzz-own", "/a/b/git": "/a/b/zzz", "/a/b": "/a/z", "/a": "/z"}

    def address(self, route: Route, kind: Kind = Kind.GIT) -> str:
        return self.harbour.address(route.pattern, kind)

    def browser(self, person: Person) -> Browser:
        """A browser with a session of its own, as a form may end it."""
        if person.name is not None and person.refused:
            return self.refused[person.name]
        return self.site.browser(person.name)

    def ask(self, browser: Browser, method: Method, address: str) -> tuple[int, str]:
        """The status, and where a redirection leads; forms are sent empty."""
        if method is Method.GET:
            answer = get(browser, address)
        else:
            if not browser.cookies:
                get(browser, "/_admin/login")
            answer = self.site.post(browser, address, {})
        return answer.status_int, answer.headers.get("Location", "")


def find_fault(person: Person, route: Route, status: int, location: str) -> str:
    """What is wrong with an answer, empty if nothing is."""
    need = route.need
    assert need is not None
    level = person.user_groups if need.user_group and person.member else person.level(route.context)
    to_sign_in = location.partition("?")[0] == "/_admin/login"
    if level < Level.READ:
        return "" if status == 404 else f"{status}, but it is hidden"
    if need.member and not person.member:
        refused = to_sign_in if route.method is Method.GET else status == 403
        return "" if refused else f"{status} without an account"
    if need.own and not (person.site is Level.ADMIN and status < 500):
        return "" if status == 404 else f"{status}, but it belongs to somebody else"
    if need.optional and status == 403:
        return ""
    if level < need.level and not (need.allowance and person.allowed):
        return "" if status == 403 or to_sign_in else f"{status}, but {need.level.word} is needed"
    refused = status == 403 or status >= 500 or (to_sign_in and route.name != "_admin/login")
    if route.method is Method.GET and not need.own:
        refused = refused or status not in (200, 303)
    return f"{status}, but it is allowed" if refused else ""


def faults(town: Town, person: Person, kind: Kind = Kind.GIT) -> Iterator[str]:
    """All that is wrong with what somebody is answered."""
    browser = town.browser(person)
    for route in ROUTES:
        if route.need is None or (kind is not Kind.GIT and "{kind}" not in route.pattern):
            continue
        asking = browser if route.method is Method.GET else town.browser(person)
        status, location = town.ask(asking, route.method, town.address(route, kind))
        fault = find_fault(person, route, status, location)
        if fault:
            yield f"{route.method} {town.address(route, kind)}: {fault}"
