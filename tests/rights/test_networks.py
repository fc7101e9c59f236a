"""Where the site answers some networks alone: nobody at another address gets anything, whoever they are."""

import contextlib
from collections.abc import Iterator

import pytest
from pyramid.config import Configurator

from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.web.app import add_features
from kallithea.web.context import SiteContext
from kallithea.web.pages import Pages, UnitOfPage
from tests.rights.gate import CLIENTS, COMMANDS_OF_CLIENTS, Gate
from tests.rights.needs import Method
from tests.rights.town import PEOPLE, ROUTES, Route, Town
from tests.statements import counted

#: Pages that ask for nobody: signs of life and pictures for all, and metrics, which have a list of their own.
OPEN = {"_avatar", "_healthz", "_metrics", "_readyz", "favicon.ico", "robots.txt"}


@contextlib.contextmanager
def _answers_elsewhere(town: Town) -> Iterator[None]:
    """While the block runs, the site answers networks in which nobody is."""
    with writing(town.site.application) as services:
        services.allow_lists.set_for_site(COMMAND_LINE, "198.51.100.0/24 2001:db8::/32")
    try:
        yield
    finally:
        with writing(town.site.application) as services:
            services.allow_lists.set_for_site(COMMAND_LINE, "")


def _is_open(route: Route) -> bool:
    return route.context is SiteContext and route.name in OPEN


def test_open_pages_are_those_that_ask_for_nobody() -> None:
    config = Configurator()
    add_features(config)
    pages: Pages = config.registry.pages
    found = {(context, name): pages.rule(context, name, "GET").unit for context, name in pages.names("GET")}
    asks_nobody = {name for (_context, name), unit in found.items() if unit is UnitOfPage.NONE}
    assert asks_nobody == OPEN


@pytest.mark.parametrize("who", ["anonymous", "nobody", "super-administrator"])
def test_every_page_is_refused_alike(town: Town, who: str) -> None:
    browser = town.browser(PEOPLE[who])
    town.ask(browser, Method.GET, "/_admin/login")
    told = set()
    with _answers_elsewhere(town):
        for route in ROUTES:
            if not _is_open(route):
                with counted(town.site.application.engine) as statements:
                    told.add((*town.ask(browser, route.method, town.address(route)), len(statements)))
    # a session that is found takes one statement, one that is not takes another; no page differs from the others
    assert [(status, location) for status, location, _count in told] == [(403, "")]
    assert town.ask(browser, Method.GET, "/")[0] == 200


@pytest.mark.parametrize("who", CLIENTS)
def test_every_command_is_refused_alike(gate: Gate, who: str) -> None:
    headers = gate.headers(CLIENTS[who])
    with _answers_elsewhere(gate.town):
        told = {
            gate.ask(command, path, headers)[:2]
            for command in COMMANDS_OF_CLIENTS
            for path in (f"a/b/{command.kind}", "a/b/zzz")
        }
        wrong = {"Authorization": "Basic eDprYXRfMDA="}
        assert {gate.ask(command, "a/b/git", wrong)[:2] for command in COMMANDS_OF_CLIENTS} == told
    assert [(status, b"not for the network" in body) for status, body in told] == [(403, True)]
