"""The pages of one's own account: names, password, sessions."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import reading, writing
from tests.web.site import PASSWORD, Browser, Site, form_of, get

NEW = "a longer and better one"


@pytest.fixture
def ada(site: Site) -> Browser:
    """A browser in which ada is signed in."""
    site.user("ada")
    return site.browser("ada")


def _actions(site: Site) -> list[str]:
    with reading(site.application) as services:
        return [entry.action for entry in services.audit.list_()]


def _is_signed_in(browser: Browser) -> bool:
    status: int = get(browser, "/_admin/my_account").status_int
    return status == 200


def _change_password(browser: Browser, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> Answer:
    form = form_of(get(browser, "/_admin/my_account/password"))
    form["current_password"], form["new_password"] = current, new
    form["new_password_confirmation"] = new if again is None else again
    return form.submit(expect_errors=True)


def test_visitors_are_led_to_the_sign_in_page(site: Site) -> None:
    answer = get(site.browser(), "/_admin/my_account/sessions")
    assert answer.location == "/_admin/login?came_from=%2F_admin%2Fmy_account%2Fsessions"


def test_names_are_changed(site: Site, ada: Browser) -> None:
    form = form_of(get(ada, "/_admin/my_account"))
    form["firstname"], form["lastname"] = " Ada ", "Lovelace"
    page = form.submit().follow()
    assert "Your names are saved." in page.text
    assert page.html.select_one(".k-pop b").text == "Ada Lovelace"
    assert _actions(site)[0] == "user.update"


def test_names_that_cannot_be_are_shown_again(site: Site, ada: Browser) -> None:
    form = form_of(get(ada, "/_admin/my_account"))
    form["firstname"] = "x" * 300
    page = form.submit(expect_errors=True)
    assert page.status_int == 422
    assert page.html.select_one("#f")["value"] == "x" * 300
    assert page.html.select_one("#f-e").text.strip()
    assert "user.update" not in _actions(site)


def test_new_password_counts_here_and_ends_all_other_sessions(site: Site, ada: Browser) -> None:
    other, before = site.browser("ada"), dict(ada.cookies)
    page = _change_password(ada).follow()
    assert "Your password is changed." in page.text
    assert dict(ada.cookies) != before
    assert (_is_signed_in(ada), _is_signed_in(other)) == (True, False)
    assert site.sign_in("ada", NEW)[1].status_int == 303
    assert site.sign_in("ada", PASSWORD)[1].status_int == 200
    assert "user.set-password" in _actions(site)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"current": "wrong"}, "current_password"),
        ({"new": "short"}, "new_password"),
        ({"again": "something else"}, "new_password_confirmation"),
    ],
)
def test_password_stays_where_something_is_wrong(site: Site, ada: Browser, fields: dict[str, str], named: str) -> None:
    page = _change_password(ada, **fields)
    assert page.status_int == 422
    assert page.html.select_one(f"#{named}-e").text.strip()
    assert not any(field.get("value") for field in page.html.select("input[type=password]"))
    assert site.sign_in("ada", PASSWORD)[1].status_int == 303


def test_guessing_the_current_password_has_to_wait(ada: Browser) -> None:
    statuses = [_change_password(ada, current="wrong").status_int for _ in range(6)]
    assert statuses[-1] == 429


def test_account_of_another_system_has_no_password_to_change(site: Site) -> None:
    with writing(site.application) as services:
        services.users.create(COMMAND_LINE, name="eve")
    page = get(site.browser("eve"), "/_admin/my_account/password")
    assert "No password here" in page.text
    assert page.html.select("input[type=password]") == []


def test_sessions_are_listed_with_browser_and_address(site: Site, ada: Browser) -> None:
    site.sign_in("ada", browser=site.browser(HTTP_USER_AGENT="Lynx/2.9 <b>", REMOTE_ADDR="192.0.2.99"))
    table = get(ada, "/_admin/my_account/sessions").html.table
    assert [row.text for row in table.select("th .fw-semibold")] == ["Lynx/2.9 <b>", "Unknown"]
    assert "192.0.2.99" in table.text
    assert len(table.select("form")) == 1


def test_one_session_is_ended(site: Site, ada: Browser) -> None:
    other = site.browser("ada")
    page = get(ada, "/_admin/my_account/sessions").forms
    form = next(form for form in page.values() if "session" in form.fields)
    assert "The session is ended." in form.submit().follow().text
    assert (_is_signed_in(ada), _is_signed_in(other)) == (True, False)
    assert _actions(site)[0] == "user.end-session"


def test_all_other_sessions_are_ended(site: Site, ada: Browser) -> None:
    others = [site.browser("ada") for _ in range(3)]
    form_of(get(ada, "/_admin/my_account/sessions"), "session").submit()
    assert [_is_signed_in(browser) for browser in (ada, *others)] == [True, False, False, False]
    assert _actions(site)[0] == "user.end-sessions"


@pytest.mark.parametrize("session", ["", "x", "99999", "9" * 400, "-1"])
def test_only_own_sessions_are_ended(site: Site, ada: Browser, session: str) -> None:
    site.user("bob")
    bob = site.browser("bob")
    with reading(site.application) as services:
        [row] = services.user_sessions.list_(services.users.get("bob"))
    for chosen in (session, str(row.user_session_id)):
        assert site.post(ada, "/_admin/my_account/sessions/delete", {"session": chosen}).status_int == 404
    assert _is_signed_in(bob)
