"""What the audit log has of those who come in with requests, and of those who fail to."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from kallithea.auth import internal_password
from kallithea.auth.method import Recognised
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import KallitheaError
from kallithea.model.audit import AuditEntry
from kallithea.services.application import Application
from kallithea.services.noted_ways import NotedWays
from kallithea.services.sign_in import identify_vouched, identify_wire, sign_in_with_password
from kallithea.services.sign_in_notes import MOST_AN_HOUR
from kallithea.services.work import reading, writing
from tests.applications import NOON, Clock
from tests.factories.people import PASSWORD, Factory
from tests.factories.pushes import work
from tests.web.site import Site, get

HERE, NEAR, FAR = "192.0.2.1", "192.0.2.9", "203.0.113.5"
_DAY = 86_400.0

Come = Callable[[Application, str, str], object]


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 itself, which is slow, has tests of its own."""
    monkeypatch.setattr(
        internal_password, "verify_password", lambda password, hash_: hash_ is not None and password == PASSWORD
    )


@pytest.fixture
def site(every_application: Application, clock: Clock) -> Application:
    every_application.clock = clock
    Factory(every_application).user("ada", password=PASSWORD)
    return every_application


def noted(site: Application, action: str) -> list[tuple[str, str, str, str, dict[str, object]]]:
    """Who, how, from where, to what, and the values, oldest first."""
    site.later.flush()
    work(site)
    entries = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.audit_entry_id)
    with reading(site) as services:
        return [
            (entry.actor_name, entry.way, entry.address, entry.target, json.loads(entry.after))
            for entry in services.session.scalars(entries)
        ]


def fail(site: Application, name: str, address: str = HERE) -> None:
    with pytest.raises(KallitheaError):
        sign_in_with_password(site, name, "wrong horse battery", address)


def test_failures_are_noted_at_each_doubling(site: Application, clock: Clock) -> None:
    for _ in range(9):
        fail(site, "ADA")
        clock.pass_(301)
    assert noted(site, "user.fail-sign-in") == [
        ("visitor", "web", HERE, "user:ada", {"count": count}) for count in (1, 2, 4, 8)
    ]


def test_what_was_typed_for_a_name_is_not_noted(site: Application) -> None:
    fail(site, PASSWORD)
    assert noted(site, "user.fail-sign-in") == [("visitor", "web", HERE, "user", {"count": 1})]


def test_flood_of_failures_is_a_bounded_number_of_entries(site: Application, clock: Clock) -> None:
    for number in range(MOST_AN_HOUR + 40):
        fail(site, f"nobody{number}", f"198.18.{number}.1")
    found = noted(site, "user.fail-sign-in")
    assert len(found) == MOST_AN_HOUR + 1
    assert [values["noted"] for *_rest, values in found[-2:]] == [100, 128]
    clock.pass_(3600)
    fail(site, "ada")
    assert noted(site, "user.fail-sign-in")[-1] == ("visitor", "web", HERE, "user:ada", {"count": 1})


def by_token(site: Application, token: str, address: str) -> object:
    return identify_wire(site, "", token, address)


def by_password(site: Application, token: str, address: str) -> object:
    return identify_wire(site, "ada", PASSWORD, address)


def by_proxy(site: Application, token: str, address: str) -> object:
    return identify_vouched(site, Recognised("ada"), address)


@pytest.mark.parametrize(("come", "by"), [(by_token, "token kat_"), (by_password, "password"), (by_proxy, "proxy")])
def test_who_comes_with_each_request_is_noted_once_a_day_for_each_network(
    site: Application, clock: Clock, come: Come, by: str
) -> None:
    with writing(site) as services:
        token = services.tokens.create(COMMAND_LINE, services.users.get("ada"))[1]
    for address in (HERE, NEAR, HERE, FAR):
        come(site, token, address)
    found = noted(site, "user.sign-in")
    assert sorted(entry[:4] for entry in found) == [("ada", "http", address, "user:ada") for address in (HERE, FAR)]
    # another process, which knows nothing of this one
    site.noted_ways = NotedWays(10)
    come(site, token, HERE)
    assert len(noted(site, "user.sign-in")) == 2
    assert {values["by"] for *_rest, values in found} == {by + token[4:10] if come is by_token else by}
    clock.pass_(_DAY)
    come(site, token, HERE)
    assert len(noted(site, "user.sign-in")) == 3


def test_tokens_that_nobody_has_are_noted_once_for_each_network(site: Application) -> None:
    for text in ("kat_" + "a" * 40, "kat_" + "b" * 40, "kat_my password"):
        for address in (HERE, NEAR):
            with pytest.raises(KallitheaError):
                identify_wire(site, "ada", text, address)
    with pytest.raises(KallitheaError):
        identify_wire(site, "ada", "kat_my password", FAR)
    assert sorted((*entry[:4], entry[4]["by"]) for entry in noted(site, "token.refuse")) == [
        ("visitor", "http", HERE, "token", "token kat_aaaaaa"),
        ("visitor", "http", FAR, "token", "token kat_"),
    ]


def test_token_that_opens_no_feed_is_noted(site: Application) -> None:
    browser = Site(site).browser(REMOTE_ADDR=HERE)
    get(browser, f"/_admin/journal/rss?token=kat_{'c' * 40}")
    assert [(*entry[:4], entry[4]["by"]) for entry in noted(site, "token.refuse")] == [
        ("visitor", "web", HERE, "token", "token kat_cccccc")
    ]


def test_a_process_asks_for_a_bounded_number_of_notes() -> None:
    ways, clock = NotedWays(2), Clock()
    assert [ways.is_new(key, clock.now) for key in "abcab"] == [True, True, False, False, False]
    clock.pass_(3600)
    assert clock.now > NOON
    assert [ways.is_new(key, clock.now) for key in "ca"] == [True, True]
