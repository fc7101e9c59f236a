"""The administration of accounts: the list, and what is done with one."""

import pytest
from webtest import TestResponse as Answer

from kallithea.auth.passwords import verify_password
from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.user import User
from kallithea.services.work import reading, writing
from tests.web.site import Site, form_of, get

FIELDS = {"username": "bob", "email": "bob@example.org", "firstname": "Bob", "lastname": "Moss", "active": "1"}


@pytest.fixture
def staffed(site: Site) -> Site:
    """A site with root, who administers it, with ada, and with eve, who may not sign in."""
    site.user("root", administrator=True)
    for name in ("ada", "eve"):
        site.user(name)
    with writing(site.application) as services:
        group = services.user_groups.create(COMMAND_LINE, None, name="sailors")
        services.user_groups.add(COMMAND_LINE, group, services.users.get("ada"))
        services.users.disable(COMMAND_LINE, services.users.get("eve"))
    return site


def stored(site: Site, name: str) -> User | None:
    with reading(site.application) as services:
        return services.users.find(name)


def address(site: Site, name: str, verb: str = "edit") -> str:
    with reading(site.application) as services:
        return f"/_admin/users/{verb}/{services.users.get(name).user_id}"


def names(page: Answer) -> list[str]:
    return [row.a.text for row in page.html.select("tbody tr")]


def problems(page: Answer) -> list[str]:
    return [problem.text for problem in page.html.select(".k-error")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ada", "eve", "root"]),
        ("?state=active", ["ada", "root"]),
        ("?state=disabled", ["eve"]),
        ("?state=administrators", ["root"]),
        ("?f=AD", ["ada"]),
        ("?f=%25", []),
        ("?state=nonsense&page=7", []),
    ],
)
def test_list_is_filtered(staffed: Site, query: str, found: list[str]) -> None:
    assert names(get(staffed.browser("root"), f"/_admin/users{query}")) == found


def test_list_says_state_groups_and_when_somebody_was_seen(staffed: Site) -> None:
    staffed.browser("ada")
    rows = get(staffed.browser("root"), "/_admin/users").html.select("tbody tr")
    assert ["sailors" in row.text for row in rows] == [True, False, False]
    assert [row.select_one(".k-chip").text for row in rows] == ["Active", "Disabled", "Administrator"]
    assert [row.time is not None for row in rows] == [True, False, True]


def test_list_has_pages_that_keep_the_filter(staffed: Site) -> None:
    staffed.shorten_lists(1)
    page = get(staffed.browser("root"), "/_admin/users?state=active")
    assert names(page) == ["ada"]
    assert "1 to 1 of 2" in page.text
    assert names(page.click("Next")) == ["root"]


def test_belongings_are_shown_and_taken_away(staffed: Site) -> None:
    with writing(staffed.application) as services:
        ada = services.users.get("ada")
        token, text = services.tokens.create(COMMAND_LINE, ada, description="ferry", scopes=["read"])
        services.user_groups.create(COMMAND_LINE, None, name="cooks", owner=ada)
        services.user_groups.create(COMMAND_LINE, None, name="divers")
        prefix = token.prefix
    ada_browser, root = staffed.browser("ada"), staffed.browser("root")
    page = get(root, address(staffed, "ada", "belongings"))
    assert (prefix in page.text, text in page.text) == (True, False)
    shown = page.html.select_one("main").text
    assert all(word in shown for word in ("ferry", "sailors", "cooks", "token.create"))
    assert "divers" not in shown
    for verb in ("end_session", "revoke_token", "leave_group"):
        place = address(staffed, "ada", verb)
        assert next(form for form in page.forms.values() if form.action == place).submit().status_int == 303
    left = get(root, address(staffed, "ada", "belongings"))
    assert [form for form in left.forms.values() if form.action.startswith("/_admin/users/")] == []
    assert get(ada_browser, "/_admin/my_account").status_int == 303
    with reading(staffed.application) as services:
        actions = [entry.action for entry in services.audit.list_(limit=3)]
    assert actions == ["user-group.remove", "token.revoke", "user.end-session"]


def test_what_belongs_to_somebody_else_is_not_taken_away(staffed: Site) -> None:
    with writing(staffed.application) as services:
        token, _text = services.tokens.create(COMMAND_LINE, services.users.get("ada"))
        number = str(token.token_id)
    place = address(staffed, "eve", "revoke_token")
    assert staffed.post(staffed.browser("root"), place, {"token": number}).status_int == 404


def test_nobody_found_leads_to_everybody(staffed: Site) -> None:
    page = get(staffed.browser("root"), "/_admin/users?f=nobody")
    assert names(page.click("Show everybody")) == ["ada", "eve", "root"]


@pytest.mark.parametrize("page", ["", "/new", "/edit/1", "/delete/1"])
def test_others_may_not_see_accounts(staffed: Site, page: str) -> None:
    assert get(staffed.browser("ada"), f"/_admin/users{page}").status_int == 403
    assert get(staffed.browser(), f"/_admin/users{page}").location.startswith("/_admin/login?")


@pytest.mark.parametrize("verb", ["new", "edit/1", "password/1", "delete/1"])
def test_others_may_not_change_accounts(staffed: Site, verb: str) -> None:
    visitor = staffed.browser()
    get(visitor, "/_admin/login")
    for browser in (visitor, staffed.browser("ada")):
        answer = staffed.post(browser, f"/_admin/users/{verb}", {**FIELDS, "admin": "1"})
        assert answer.status_int == 403
    assert stored(staffed, "bob") is None


def test_account_is_made_with_a_password(staffed: Site) -> None:
    fields = {**FIELDS, "password": "correct horse", "admin": "1"}
    answer = staffed.post(staffed.browser("root"), "/_admin/users/new", fields)
    assert (answer.status_int, answer.location) == (303, f"{address(staffed, 'bob')}?saved=1")
    bob = stored(staffed, "bob")
    assert bob is not None
    assert (bob.email, bob.full_name, bob.super_administrator) == ("bob@example.org", "Bob Moss", True)
    assert verify_password("correct horse", bob.password_hash)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"username": "b b"}, 422, "Use 1 to 99 letters"),
        ({"username": "ADA"}, 409, "Another account has the name"),
        ({"email": "nonsense"}, 422, "ada@example.org"),
        ({"password": "short"}, 422, "at least 8 characters"),
        ({"firstname": "x" * 300}, 422, ""),
    ],
)
def test_account_that_cannot_be_made_is_explained(
    staffed: Site, fields: dict[str, str], status: int, words: str
) -> None:
    answer = staffed.post(staffed.browser("root"), "/_admin/users/new", {**FIELDS, **fields})
    assert answer.status_int == status
    (problem,) = problems(answer)
    assert words in problem
    form = form_of(answer)
    assert (form["lastname"].value, form["password"].value) == ("Moss", "")
    assert stored(staffed, "bob") is None


def test_account_is_changed_and_the_change_is_in_the_audit_log(staffed: Site) -> None:
    browser, page = staffed.browser("root"), address(staffed, "ada")
    form = form_of(get(browser, page), "active")
    form["username"], form["email"], form["admin"] = "ada.l", "ada@example.org", True
    answer = form.submit()
    assert (answer.status_int, "The account is saved." in answer.follow().text) == (303, True)
    changed = stored(staffed, "ada.l")
    assert changed is not None
    assert (changed.email, changed.super_administrator, changed.active) == ("ada@example.org", True, True)
    entry = get(browser, "/_admin?target=user%3Aada").html.select_one("tbody tr").text
    assert all(words in entry for words in ("user.update", "super_administrator", "ada.l", "ada@example.org"))


def test_account_that_may_not_sign_in_is_out_at_once(staffed: Site) -> None:
    ada = staffed.browser("ada")
    assert "Sign out" in get(ada, "/").text
    form = form_of(get(staffed.browser("root"), address(staffed, "ada")), "active")
    form["active"] = False
    form.submit()
    assert "Sign out" not in get(ada, "/").text


@pytest.mark.parametrize("fields", [{"admin": ""}, {"active": ""}])
def test_last_administrator_stays_one(staffed: Site, fields: dict[str, str]) -> None:
    sent = {**FIELDS, "username": "root", "admin": "1", **fields}
    answer = staffed.post(staffed.browser("root"), address(staffed, "root"), sent)
    assert answer.status_int == 409
    assert "only account that administers this site" in problems(answer)[0]


def test_password_is_set_and_sessions_end(staffed: Site) -> None:
    ada = staffed.browser("ada")
    page = address(staffed, "ada", "password")
    assert staffed.post(staffed.browser("root"), page, {"password": "short"}).status_int == 422
    assert "Sign out" in get(ada, "/").text
    assert staffed.post(staffed.browser("root"), page, {"password": "battery staple"}).status_int == 303
    changed = stored(staffed, "ada")
    assert changed is not None
    assert verify_password("battery staple", changed.password_hash)
    assert "Sign out" not in get(ada, "/").text


@pytest.mark.parametrize("verb", ["edit", "delete"])
@pytest.mark.parametrize("rest", ["", "/", "/999", "/x", "/1/2", "/99999999999"])
def test_account_that_is_none_is_not_found(staffed: Site, verb: str, rest: str) -> None:
    assert get(staffed.browser("root"), f"/_admin/users/{verb}{rest}").status_int == 404


def test_account_that_owns_something_is_deleted_with_an_heir(staffed: Site) -> None:
    staffed.group("harbour")
    staffed.repository("harbour/r")
    with writing(staffed.application) as services:
        ada = services.users.get("ada")
        services.repositories.get("harbour/r").owner_id = ada.user_id
        services.repository_groups.get("harbour").owner_id = ada.user_id
        services.user_groups.get("sailors").owner_id = ada.user_id
        services.tokens.create(COMMAND_LINE, ada)
    staffed.grant("ada", Level.READ, "harbour")
    browser, page = staffed.browser("root"), address(staffed, "ada", "delete")
    shown = get(browser, page)
    for words in ("1 token", "1 grant", "1 user group", "harbour/r", "sailors"):
        assert words in shown.text
    form = form_of(shown)
    form["name"], form["heir"] = "ada", "eve"
    assert problems(form.submit(expect_errors=True)) == ["Write the name of an active account; 'eve' is none."]
    form["heir"] = "root"
    assert form.submit().location == "/_admin/users"
    assert stored(staffed, "ada") is None
    with reading(staffed.application) as services:
        root = services.users.get("root").user_id
        assert services.repositories.get("harbour/r").owner_id == root
        assert services.repository_groups.get("harbour").owner_id == root
        assert services.user_groups.get("sailors").owner_id == root
    noted = [row.code.text for row in get(browser, "/_admin").html.select("tbody tr")][:4]
    assert noted == ["user.delete", "user-group.update", "repository-group.update", "repository.update"]


@pytest.mark.parametrize(
    ("name", "fields", "status", "words"),
    [
        ("ada", {"name": "Ada"}, 422, "Write the name ada."),
        ("root", {"name": "root"}, 409, "signed in with"),
        ("ada", {"name": "ada", "heir": "nobody"}, 422, "the name of an active account"),
    ],
)
def test_account_is_not_deleted_by_mistake(
    staffed: Site, name: str, fields: dict[str, str], status: int, words: str
) -> None:
    staffed.group("harbour")
    with writing(staffed.application) as services:
        services.repository_groups.get("harbour").owner_id = services.users.get("ada").user_id
    answer = staffed.post(staffed.browser("root"), address(staffed, name, "delete"), fields)
    assert answer.status_int == status
    assert words in problems(answer)[0]
    assert stored(staffed, name) is not None
