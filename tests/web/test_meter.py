"""Administrators of the site see what a page cost."""

import re

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.transport.watching import Watch
from kallithea.vcs.types import Kind
from tests.statements import counted
from tests.web.site import Site, get


@pytest.fixture
def harbour(site: Site) -> Site:
    """A repository of each kind, which an administrator of it and one of the site may read."""
    site.user("root", administrator=True)
    site.user("ada")
    for kind in Kind:
        site.repository(str(kind), kind).commit({b"a.txt": b"1"})
        site.grant("ada", Level.ADMIN, str(kind))
    site.pages = Watch(site.application, site.pages)
    return site


def told(page: Answer) -> tuple[int, int]:
    """How many queries and processes the page says that it took."""
    found = re.search(r"Page made in [\d\s]+ ms with (\d+) quer\w+ and (\d+) git process", page.html.footer.text)
    assert found is not None, page.html.footer.text
    return int(found[1]), int(found[2])


@pytest.mark.parametrize("address", ["/", "/_groups", "/git", "/git/changelog", "/hg/files", "/about", "/git/absent"])
def test_a_page_says_what_it_took(harbour: Site, started: list[list[str]], address: str) -> None:
    browser = harbour.browser("root")
    for _ in range(2):
        started.clear()
        with counted(harbour.application.engine) as statements:
            page = get(browser, address)
        assert told(page) == (len(statements), len(started))


def test_a_page_that_opens_its_units_itself_counts_all_of_them(harbour: Site) -> None:
    browser = harbour.browser("root")
    with counted(harbour.application.engine) as statements:
        page = harbour.post(browser, "/git/fork", {"repo_name": "..", "repo_group": ""})
    assert (page.status_int, told(page)[0]) == (422, len(statements))


def test_nobody_else_sees_it(harbour: Site) -> None:
    harbour.grant("visitors", Level.READ)
    for user in ("ada", None):
        for address in ("/", "/git"):
            assert "Page made" not in get(harbour.browser(user), address).text


def test_requests_are_counted_apart(harbour: Site) -> None:
    first = told(get(harbour.browser("root"), "/about"))
    for _ in range(3):
        get(harbour.browser("ada"), "/git")
    assert told(get(harbour.browser("root"), "/about")) == first


def test_an_administrator_gets_the_page_with_its_own_numbers(harbour: Site) -> None:
    """A browser that kept it would show what it took at another time."""
    page = get(harbour.browser("root"), "/git/files/tip/a.txt")
    assert "ETag" not in page.headers
    tag = get(harbour.browser("ada"), "/git/files/tip/a.txt").headers["ETag"]
    again = get(harbour.browser("root"), "/git/files/tip/a.txt", headers={"If-None-Match": f"{tag}, *"})
    assert again.status_int == 200
    assert told(again)
