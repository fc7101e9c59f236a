"""Which pages there are: the directive ``config.add_page`` that features use, and finding a page's rule again."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kallithea.core.access import Level
from kallithea.core.errors import KallitheaError, NotFoundError
from kallithea.core.words import _
from kallithea.web.context import GroupContext
from kallithea.web.paths import Segments


class SignInNeededError(KallitheaError):
    """The page is for people with an account, and nobody is signed in."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed. Sign in and try again."))


class NoSuchPageError(NotFoundError):
    """A repository or group has no page of this name. ``path`` is that of it, and who asks may see it."""

    def __init__(self, path: str) -> None:
        super().__init__(_("There is no such page."))
        self.path = path


class MethodNotAllowedError(KallitheaError):
    """The page exists, but not for this method. ``allowed`` are the methods that it has."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(_("This address can be asked by %(methods)s only.", methods=", ".join(allowed)))
        self.allowed = allowed


class UnitOfPage(enum.Enum):
    """What surrounds a page's view: a reading unit, a writing unit, or none; OWN opens what it needs itself.

    OWN and NONE differ in that OWN knows who asks, and NONE touches neither database nor session.
    """

    READING = enum.auto()
    WRITING = enum.auto()
    OWN = enum.auto()
    NONE = enum.auto()


class Cost(enum.IntEnum):
    """Points that a page costs a visitor who is not signed in: see ``services.visitor_budget``."""

    CHEAP = 1
    HISTORY = 4
    HEAVY = 20


@dataclass(frozen=True, slots=True)
class PageRule:
    """One method of one page. ``rest``: further segments may follow its name; ``tab``: the tab that is current.

    ``tagged``: the page gets an ETag of all that it is made from; search engines leave alone what is not CHEAP.
    ``pair``: the page may show a second repository, which the field ``other_repo`` of the query names.
    ``upload``: the page takes forms with files; ``members``: it is for those who are signed in; ``level``: who may ask.
    ``feed``: programs read it, who may come with a token for feeds. ``secret_address``: whoever knows the address may
    send its form, from wherever; without a session it needs no token. ``dear_with``: the field of the query with which
    the page is HEAVY.
    """

    unit: UnitOfPage
    rest: bool
    tab: str
    tagged: bool = False
    cost: Cost = Cost.CHEAP
    pair: bool = False
    upload: bool = False
    members: bool = False
    level: Level = Level.READ
    feed: bool = False
    secret_address: bool = False
    dear_with: str = ""

    def cost_with(self, query: Mapping[str, str]) -> Cost:
        """What the page costs for this query."""
        return Cost.HEAVY if self.dear_with and query.get(self.dear_with) else self.cost


@dataclass
class Pages:
    """All rules, by kind of context, name and method."""

    _rules: dict[tuple[type, str], dict[str, PageRule]] = field(default_factory=dict)

    def add(self, context: type, name: str, method: str, rule: PageRule) -> None:
        """Make a rule known."""
        self._rules.setdefault((context, name), {})[method] = rule

    def names(self, method: str) -> set[tuple[type, str]]:
        """Contexts and names of all pages that have this method."""
        return {key for key, rules in self._rules.items() if method in rules}

    def find_name(self, context: type, segments: Segments) -> tuple[str, Segments] | None:
        """The page with the longest name that segments begin with, and the segments that follow, or None."""
        for count in range(min(len(segments), _LONGEST_NAME), -1, -1):
            name = b"/".join(segments[:count]).decode("latin-1")
            rules = self._rules.get((context, name))
            if rules and (count == len(segments) or any(rule.rest for rule in rules.values())):
                return name, segments[count:]
        return None

    def find_group_page(self, segments: Segments) -> tuple[str, Segments] | None:
        """The name that segments end with, and the group's path before it, for ``_admin/repo_groups/PATH/NAME``.

        A group's own path leads to nothing but the group, since names of what is in it may be those of pages.
        """
        start = len(GROUP_PAGES)
        if segments[:start] != GROUP_PAGES:
            return None
        for count in range(min(len(segments) - start - 1, _LONGEST_NAME), 0, -1):
            name = b"/".join(segments[-count:]).decode("latin-1")
            if (GroupContext, name) in self._rules:
                return name, segments[start:-count]
        return None

    def rule(self, context: type, name: str, method: str) -> PageRule:
        """The rule of a page for a method. Raises NotFoundError, MethodNotAllowedError."""
        rules = self._rules.get((context, name))
        if not rules:
            raise NotFoundError(_("There is no such page."))
        found = rules.get("GET" if method == "HEAD" else method)
        if found is None:
            raise MethodNotAllowedError(tuple(sorted({*rules, "HEAD"} if "GET" in rules else rules)))
        return found


_LONGEST_NAME = 4

#: Below this lie the pages of groups, other than those at their own paths.
GROUP_PAGES = (b"_admin", b"repo_groups")


def add_page(  # noqa: PLR0913 - a page has that many properties, each with a default
    config: Any,
    view: Callable[..., Any],
    context: type,
    name: str = "",
    *,
    method: str = "GET",
    template: str | None = None,
    level: Level = Level.READ,
    unit: UnitOfPage | None = None,
    rest: bool = False,
    tab: str = "",
    cost: Cost = Cost.CHEAP,
    pair: bool = False,
    upload: bool = False,
    members: bool = False,
    feed: bool = False,
    secret_address: bool = False,
    dear_with: str = "",
) -> None:
    """Register a view under a name below a kind of context. With a template a view returns a page, else a response."""
    usual = UnitOfPage.READING if method == "GET" else UnitOfPage.WRITING
    tagged = (template is not None or feed) and method == "GET" and level == Level.READ and unit is None
    rule = PageRule(
        unit or usual, rest, tab, tagged, cost, pair, upload, members, level, feed, secret_address, dear_with
    )
    config.registry.pages.add(context, name, method, rule)
    config.add_view(view, context=context, name=name, request_method=method, renderer=template, permission=level)
