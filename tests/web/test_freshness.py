"""What browsers may keep, and when they are told that it is still right."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.vcs import opener
from kallithea.vcs.types import Kind
from tests.applications import NOON, Clock
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Browser, Site, get

PAGES = [
    "/r",
    "/r/files/tip",
    "/r/files/tip/a",
    "/r/annotate/tip/a",
    "/r/changelog",
    "/r/changelog?all=1",
    "/r/changeset/tip",
    "/r/compare/...tip",
    "/r/branches",
]


@pytest.fixture(params=Kind)
def builder(site: Site, request: pytest.FixtureRequest) -> RepositoryBuilder:
    site.application.clock = Clock()
    site.user("ada")
    site.user("bob")
    builder = site.repository("r", Kind(request.param))
    builder.commit({b"a": b"1"})
    site.grant("visitors", Level.READ)
    # A page without the last changes of its files, or what is counted over the whole history, is not whole.
    for part in ("files-changes/tip", "files-changes/tip?page=2", "summary-facts/tip"):
        assert get(site.browser(), f"/r/{part}").status_int == 200
    return builder


def ask_again(browser: Browser, address: str, first: Any) -> Any:
    return get(browser, address, headers={"If-None-Match": first.headers["ETag"]})


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_unchanged_is_not_sent_again(site: Site, builder: RepositoryBuilder, address: str) -> None:
    browser = site.browser()
    first = get(browser, address)
    again = ask_again(browser, address, first)
    assert again.status_int == 304
    assert again.body == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert again.headers["Vary"] == first.headers["Vary"] == "Cookie, Accept-Language"


@pytest.mark.parametrize("address", [*PAGES, "/r/raw/tip/a", "/r/archive/tip.zip"])
def test_a_star_means_any_page_that_is_there(site: Site, builder: RepositoryBuilder, address: str) -> None:
    again = get(site.browser(), address, headers={"If-None-Match": "*"})
    assert (again.status_int, again.body) == (304, b"")
    assert again.headers["ETag"] == get(site.browser(), address).headers["ETag"]


@pytest.mark.parametrize("address", ["/r/files/tip/absent", "/r/raw/tip/absent", "/r/changeset/absent", "/absent"])
def test_a_star_makes_no_page_of_nothing(site: Site, builder: RepositoryBuilder, address: str) -> None:
    assert get(site.browser(), address, headers={"If-None-Match": "*"}).status_int == 404


def test_an_unchanged_page_opens_no_repository(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = site.browser("ada")
    first = get(browser, "/r")
    monkeypatch.delattr(opener, "open_repository")
    assert ask_again(browser, "/r", first).status_int == 304


@pytest.mark.parametrize("address", PAGES)
def test_a_commit_made_behind_our_back_is_shown_at_once(site: Site, builder: RepositoryBuilder, address: str) -> None:
    first = get(site.browser(), address)
    builder.commit({b"a": b"2"})
    assert ask_again(site.browser(), address, first).status_int == 200


def describe(site: Site) -> None:
    with writing(site.application) as services:
        services.repositories.get("r").description = "new words"


def rename_person(site: Site) -> None:
    with writing(site.application) as services:
        services.users.get("ada").first_name = "Augusta Ada"


def let_time_pass(site: Site) -> None:
    site.application.clock = Clock(NOON + datetime.timedelta(hours=1))


def raise_right(site: Site) -> None:
    site.grant("ada", Level.WRITE, "r")


@pytest.mark.parametrize("change", [describe, rename_person, let_time_pass, raise_right])
def test_whatever_a_page_is_made_from_makes_it_another(
    site: Site, builder: RepositoryBuilder, change: Callable[[Site], None]
) -> None:
    browser = site.browser("ada")
    first = get(browser, "/r")
    change(site)
    assert ask_again(browser, "/r", first).status_int == 200


def test_the_owners_new_name_is_shown_at_once(site: Site, builder: RepositoryBuilder) -> None:
    with writing(site.application) as services:
        services.repositories.get("r").owner_id = services.users.get("bob").user_id
    first = get(site.browser(), "/r")
    with writing(site.application) as services:
        services.users.get("bob").name = "robert"
    again = ask_again(site.browser(), "/r", first)
    assert "robert" in again.text


def test_each_visitor_has_pages_of_their_own(site: Site, builder: RepositoryBuilder) -> None:
    tags = {get(site.browser(user), "/r").headers["ETag"] for user in (None, "ada", "bob")}
    assert len(tags) == 3


@pytest.mark.parametrize(
    "cookie", [("kallithea-theme", "dark"), ("kallithea-palette", "blue-orange"), ("kallithea-shortcuts", "off")]
)
def test_each_way_to_look_has_pages_of_its_own(site: Site, builder: RepositoryBuilder, cookie: tuple[str, str]) -> None:
    browser = site.browser()
    first = get(browser, "/r")
    browser.set_cookie(f"kallithea-{cookie[0]}", cookie[1])
    assert ask_again(browser, "/r", first).status_int == 200


def test_addresses_do_not_share_a_tag(site: Site, builder: RepositoryBuilder) -> None:
    addresses = ["/r", "/r/summary", "/r/files/tip", "/r/files/tip?page=2", "/r/changelog"]
    assert len({get(site.browser(), address).headers["ETag"] for address in addresses}) == len(addresses)


def test_a_right_that_was_taken_away_is_asked_again(site: Site, builder: RepositoryBuilder) -> None:
    browser = site.browser("ada")
    first = get(browser, "/r")
    with writing(site.application) as services:
        services.repositories.get("r").private = True
    assert ask_again(browser, "/r", first).status_int == 404


def test_an_account_that_was_switched_off_is_nobody(site: Site, builder: RepositoryBuilder) -> None:
    browser = site.browser("ada")
    first = get(browser, "/r")
    with writing(site.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    assert ask_again(browser, "/r", first).status_int == 200


def test_a_page_of_an_error_has_no_tag(site: Site, builder: RepositoryBuilder) -> None:
    assert "ETag" not in get(site.browser(), "/r/files/tip/nothing").headers
