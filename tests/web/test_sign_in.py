"""Signing in and out, and what the browser's session is."""

import pytest

from kallithea.auth import internal_password
from kallithea.auth.passwords import verify_password
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.user_session import UserSession
from kallithea.services.known_browsers import KEPT, make_mark
from kallithea.services.work import reading, writing
from kallithea.web.way_back import find_way_back
from tests.applications import Clock
from tests.web.site import PASSWORD, Site, form_of, get


def _sessions(site: Site) -> int:
    with reading(site.application) as services:
        return services.session.query(UserSession).count()


def _is_signed_in(answer_text: str) -> bool:
    return "Sign out" in answer_text


def test_the_right_password_signs_in(site: Site) -> None:
    site.user("ada")
    browser, answer = site.sign_in("ada")
    assert (answer.status_int, answer.location) == (303, "/")
    assert _is_signed_in(get(browser, "/").text)
    assert _sessions(site) == 1


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("ada", ""), ("", PASSWORD)])
def test_wrong_passwords_and_names_get_the_same_words(site: Site, name: str, password: str) -> None:
    site.user("ada")
    browser, answer = site.sign_in(name, password)
    assert answer.status_int == 200
    assert "Login or password is wrong." in answer.text
    assert not _is_signed_in(get(browser, "/").text)


def test_many_wrong_passwords_have_to_wait(site: Site) -> None:
    site.user("ada")
    answers = [site.sign_in("ada", "wrong")[1] for _ in range(12)]
    assert answers[-1].status_int == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("change", ["password", "disabled", "deleted"])
def test_change_while_the_password_is_verified_ends_that_sign_in_too(
    site: Site, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.user("root", administrator=True)
    site.user("ada")

    def verify(password: str, stored: str | None) -> bool:
        found = verify_password(password, stored)
        with writing(site.application) as services:
            ada = services.users.get("ada")
            if change == "password":
                services.users.set_password_hash(COMMAND_LINE, ada, "another one")
            elif change == "disabled":
                services.users.disable(COMMAND_LINE, ada)
            else:
                services.session.delete(ada)
        return found

    monkeypatch.setattr(internal_password, "verify_password", verify)
    browser, answer = site.sign_in("ada")
    assert (answer.status_int, _sessions(site)) == (200, 0)
    assert "Login or password is wrong." in answer.text
    assert not _is_signed_in(get(browser, "/").text)


def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    site.user("ada")
    browser = site.browser("ada")
    other = site.browser()
    for cookie in browser.cookiejar:
        other.cookiejar.set_cookie(cookie)
    assert _is_signed_in(get(other, "/").text)
    answer = site.post(browser, "/_admin/logout", {})
    assert answer.location == "/"
    assert "expires=" in answer.headers["Set-Cookie"]
    assert not _is_signed_in(get(other, "/").text)
    assert _sessions(site) == 0


def test_signing_out_is_no_link(site: Site) -> None:
    site.user("ada")
    browser = site.browser("ada")
    assert get(browser, "/_admin/logout").status_int == 405
    assert _is_signed_in(get(browser, "/").text)


def test_after_signing_in_one_is_back_at_the_page(site: Site) -> None:
    site.user("ada")
    browser = site.browser()
    form = form_of(get(browser, "/_admin/login?came_from=/_admin/create_repository"))
    form["username"], form["password"] = "ada", PASSWORD
    assert form.submit().location == "/_admin/create_repository"


def test_the_page_that_was_not_found_is_come_back_to(site: Site) -> None:
    form = form_of(get(site.browser(), "/_admin/login", headers={"Referer": "http://localhost/secret/x?page=2"}))
    assert form["came_from"].value == "/secret/x?page=2"
    form = form_of(get(site.browser(), "/_admin/login", headers={"Referer": "http://evil.example/x"}))
    assert form["came_from"].value == ""


@pytest.mark.parametrize("address", ["/", "/a/b?x=1&y=2", "/a%20b"])
def test_ways_back(address: str) -> None:
    assert find_way_back(address) == address


def test_pages_without_a_form_make_no_session(site: Site) -> None:
    for address in ("/", "/about", "/nothing", "/_healthz", "/_readyz", "/robots.txt"):
        assert "Set-Cookie" not in get(site.browser(), address).headers


def test_a_session_can_be_kept_when_the_browser_is_closed(site: Site) -> None:
    site.user("ada")
    form = form_of(get(site.browser(), "/_admin/login"))
    form["username"], form["password"], form["remember"] = "ada", PASSWORD, True
    assert "expires=" in form.submit().headers["Set-Cookie"]
    assert "expires=" not in site.sign_in("ada")[1].headers["Set-Cookie"]


def test_a_forged_cookie_is_nobody(site: Site) -> None:
    browser = site.browser()
    for value in ("x", "e30=", "../../../etc/passwd", "a" * 3000, '"'):
        answer = get(browser, "/", headers={"Cookie": f"kallithea={value}"})
        assert answer.status_int == 200
        assert not _is_signed_in(answer.text)


def test_a_disabled_account_is_signed_out_at_once(site: Site) -> None:
    site.user("ada")
    browser = site.browser("ada")
    with writing(site.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    assert not _is_signed_in(get(browser, "/").text)


def test_network_of_a_sign_in_is_known_from_then_on(site: Site) -> None:
    site.user("ada")
    site.sign_in("ada")
    for number in range(40):
        with writing(site.application) as services:
            services.sign_in_failures.add("ada", f"198.51.100.{number}")
            services.sign_in_failures.add("ada", "192.0.2.77")
            services.sign_in_failures.add("ada", "203.0.113.7")
    assert site.sign_in("ada")[1].status_int == 303
    elsewhere = site.browser(REMOTE_ADDR="203.0.113.7")
    assert site.sign_in("ada", browser=elsewhere)[1].status_int == 429
    fresh = site.browser(REMOTE_ADDR="233.252.0.7")
    assert site.sign_in("ada", browser=fresh)[1].status_int == 303


def _fail_here(site: Site, times: int = 10) -> None:
    """What somebody else behind the same address does."""
    for _ in range(times):
        with writing(site.application) as services:
            services.sign_in_failures.add("ada", "192.0.2.7")


def test_strangers_behind_the_same_address_keep_nobody_out_of_a_known_browser(site: Site) -> None:
    site.application.clock = Clock()
    site.user("ada")
    browser, answer = site.sign_in("ada")
    [cookie] = [text for text in answer.headers.getall("Set-Cookie") if text.startswith("kallithea-known=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    site.post(browser, "/_admin/logout", {})
    _fail_here(site)
    assert site.sign_in("ada")[1].status_int == 429
    assert site.sign_in("ada", browser=browser)[1].status_int == 303


def test_known_browser_waits_for_what_failed_in_it(site: Site) -> None:
    site.application.clock = Clock()
    site.user("ada")
    browser, _ = site.sign_in("ada")
    site.post(browser, "/_admin/logout", {})
    answers = [site.sign_in("ada", "wrong", browser)[1].status_int for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert site.sign_in("ada", browser=browser)[1].status_int == 429
    assert site.sign_in("ada")[1].status_int == 303


@pytest.mark.parametrize("change", ["forged", "old", "of another account", "none"])
def test_browser_is_known_by_a_mark_of_ours_for_the_account_alone(site: Site, change: str) -> None:
    clock = site.application.clock = Clock()
    site.user("ada")
    secret = site.application.settings.session_secret
    now = clock.now - KEPT if change == "old" else clock.now
    mark = make_mark(secret if change != "forged" else "x", "eve" if change == "of another account" else "ADA", now)
    browser = site.browser()
    browser.set_cookie("kallithea-known", mark if change != "none" else "1-x")
    _fail_here(site)
    assert site.sign_in("ada", browser=browser)[1].status_int == 429
    browser.set_cookie("kallithea-known", make_mark(secret, "ADA", clock.now))
    assert site.sign_in("ada", browser=browser)[1].status_int == 303
