"""Who may ask for which page, and that what is hidden is as absent: every route, by everybody."""

import contextlib
from collections.abc import Iterator
from typing import TypeAlias

import pytest

from kallithea.core.access import SIGNED_IN, VISITORS, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.tokens import Scope
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.context import SiteContext
from tests.rights.needs import Method
from tests.rights.town import PEOPLE, ROUTES, VISITOR, Route, Town, faults, find_fault
from tests.statements import counted
from tests.web.site import Browser, get, without_proof, without_typed

Headers: TypeAlias = list[tuple[str, str]]
Told: TypeAlias = tuple[int, bytes, Headers, list[str]]


def test_every_route_has_a_need() -> None:
    """A new route fails here until ``needs.py`` says for whom it is."""
    assert [(route.context, route.name, route.method) for route in ROUTES if route.need is None] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_are_for_whom_they_should_be(town: Town, who: str) -> None:
    assert list(faults(town, PEOPLE[who])) == []


@pytest.mark.parametrize("who", ["nobody", "reader"])
def test_pages_of_mercurial_repositories_are_as_well(town: Town, who: str) -> None:
    assert list(faults(town, PEOPLE[who], Kind.HG)) == []


def test_visitors_read_and_do_no_more(town: Town) -> None:
    with _visitors_admitted(town):
        assert list(faults(town, VISITOR)) == []


@pytest.mark.parametrize("scope", Scope)
def test_tokens_open_feeds_and_no_other_page(town: Town, scope: Scope) -> None:
    """Pages know sessions alone: whoever sends a token, as git would, is nobody to them, whatever its scope."""
    with writing(town.site.application) as services:
        _row, text = services.tokens.create(COMMAND_LINE, services.users.get("root"), scopes=(scope,))
    browser, found = town.browser(PEOPLE["anonymous"]), []
    browser.authorization = ("Basic", ("root", text))
    for route in ROUTES:
        opened = scope is Scope.FEED and route.method is Method.GET and route.name.endswith(("atom", "rss"))
        status, location = town.ask(browser, route.method, town.address(route))
        fault = find_fault(PEOPLE["super-administrator" if opened else "anonymous"], route, status, location)
        if fault:
            found.append((route.method, route.name, fault))
    assert found == []


@pytest.mark.parametrize("who", ["anonymous", "nobody"])
def test_hidden_and_absent_are_the_same(town: Town, who: str) -> None:
    browser, differing = town.browser(PEOPLE[who]), []
    get(browser, "/_admin/login")
    for route in ROUTES:
        if route.context is not SiteContext:
            hidden, *absent = [_told(town, browser, route, address) for address in _alike(town, route)]
            if hidden[0] != 404 or any(told != hidden for told in absent):
                differing.append(route)
    assert differing == []


@pytest.mark.parametrize("who", ["anonymous", "nobody", "reader"])
def test_what_is_hidden_shows_nowhere(town: Town, who: str) -> None:
    """Not in a list, a count, or a menu, nor in how many statements these take."""
    browser = town.browser(PEOPLE[who])
    routes = [route for route in ROUTES if route.method is Method.GET and route.name != "_admin/login"]
    if not PEOPLE[who].repositories:
        routes = [route for route in routes if route.context is SiteContext]
    # the second time nothing is found for the first time
    _, before = ({route: _told(town, browser, route, town.address(route)) for route in routes} for _ in range(2))
    with _hidden_things(town):
        after = {route: _told(town, browser, route, town.address(route)) for route in routes}
    assert [route for route in routes if _counted(before[route]) != _counted(after[route])] == []


def _told(town: Town, browser: Browser, route: Route, address: str) -> Told:
    """All that somebody can learn from an answer, and what the database was asked for it."""
    with counted(town.site.application.engine) as statements:
        is_get = route.method is Method.GET
        answer = get(browser, address) if is_get else town.site.post(browser, address, {})
    body = without_typed(answer.body, address) if answer.status_int == 404 else answer.body
    return answer.status_int, without_proof(body), answer.headerlist, statements


def _alike(town: Town, route: Route) -> list[str]:
    """The address of what is hidden, and the same of what does not exist, in hidden groups and in absent ones."""
    address = town.address(route)
    return [address, *(address.replace(path, town.absent[path], 1) for path in town.absent if path in address)]


def _counted(told: Told) -> tuple[int, bytes, Headers, int]:
    """The same with the number of statements: these name the ids of groups that may not be read."""
    status, body, headers, statements = told
    return status, body, headers, len(statements)


@contextlib.contextmanager
def _visitors_admitted(town: Town) -> Iterator[None]:
    """While the block runs, everybody may read everything."""
    town.site.grant("visitors", Level.READ)
    try:
        yield
    finally:
        with writing(town.site.application) as services:
            services.permissions.set_(COMMAND_LINE, None, VISITORS, None)


@contextlib.contextmanager
def _hidden_things(town: Town) -> Iterator[None]:
    """While the block runs, root alone may see a private fork of what may be read, a group, and one of users."""
    with writing(town.site.application) as services:
        services.repository_groups.create(COMMAND_LINE, None, path="hidden")
        group = services.user_groups.create(COMMAND_LINE, None, name="adamant")
        services.permissions.set_(COMMAND_LINE, group, SIGNED_IN, Level.NONE)
        services.repositories.insert(
            COMMAND_LINE,
            kind=Kind.GIT,
            path="hidden/fork",
            folder="hidden-fork",
            owner_id=None,
            private=True,
            fork_of_id=services.repositories.get("a/b/git").repository_id,
        )
    try:
        yield
    finally:
        with writing(town.site.application) as services:
            services.repositories.delete(COMMAND_LINE, services.repositories.get("hidden/fork"))
            services.session.delete(services.repository_groups.get("hidden"))
            services.user_groups.delete(COMMAND_LINE, services.user_groups.get("adamant"))
