"""The settings of a repository, and its deletion."""

import pytest

from kallithea.core.access import Level
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.web.site import Browser, Site, form_of, get

HOSTILE = "<script>alert(1)</script>\"'& {{x}} ${y}"


@pytest.fixture(params=Kind)
def harbour(site: Site, request: pytest.FixtureRequest) -> Site:
    """A repository that ada administers and bob reads."""
    for name in ("ada", "bob"):
        site.user(name)
    for group in ("harbour", "docks", "hidden"):
        site.group(group)
    site.repository("harbour/r", request.param).commit({b"a": b"1"})
    site.repository("harbour/taken")
    site.grant("ada", Level.ADMIN, "harbour/r")
    site.grant("ada", Level.ADMIN, "docks")
    site.grant("bob", Level.READ, "harbour/r")
    return site


@pytest.fixture
def browser(harbour: Site) -> Browser:
    """Ada's."""
    return harbour.browser("ada")


def tabs(site: Site, user: str | None) -> list[str]:
    return [tab.text for tab in get(site.browser(user), "/harbour/r").html.select(".k-tabs a")]


def test_settings_are_a_tab_of_those_who_may_change_them(harbour: Site) -> None:
    assert "Settings" in tabs(harbour, "ada")
    assert "Settings" not in tabs(harbour, "bob")


@pytest.mark.parametrize("page", ["settings", "settings/delete"])
def test_settings_are_for_administrators(harbour: Site, page: str) -> None:
    address = f"/harbour/r/{page}"
    assert get(harbour.browser("ada"), address).status_int == 200
    assert get(harbour.browser("bob"), address).status_int == 403
    assert get(harbour.browser(), address).status_int == 404
    bob = harbour.browser("bob")
    assert harbour.post(bob, address, {"path": "harbour/r", "repo_name": "mine"}).status_int == 403
    assert get(bob, "/harbour/r").status_int == 200


def test_form_shows_what_is_stored_and_saves_what_is_different(harbour: Site, browser: Browser) -> None:
    form = form_of(get(browser, "/harbour/r/settings"))
    assert (form["repo_name"].value, form["repo_group"].value, form["owner"].value) == ("r", "harbour", "")
    assert [option for option, _, _ in form["repo_group"].options] == ["docks", "harbour"]
    form["repo_name"], form["repo_group"], form["owner"] = "renamed", "docks", "ada"
    form["repo_description"], form["repo_private"] = "\nTwo\nlines", "1"
    page = form.submit().follow()
    assert page.request.path == "/docks/renamed/settings"
    assert "The settings are saved." in page.text
    again = form_of(page)
    assert (again["repo_name"].value, again["owner"].value, again["repo_private"].value) == ("renamed", "ada", "1")
    assert again["repo_description"].value == "Two\nlines"
    assert get(browser, "/harbour/r").status_int == 404


def test_only_mercurial_has_drafts(harbour: Site, browser: Browser) -> None:
    with reading(harbour.application) as services:
        kind = services.repositories.get("harbour/r").kind
    form = form_of(get(browser, "/harbour/r/settings"))
    assert ("repo_publishing" in form.fields) == (kind == Kind.HG)
    if kind == Kind.HG:
        assert form["repo_publishing"].checked
        form["repo_publishing"].checked = False
        assert not form_of(form.submit().follow())["repo_publishing"].checked


def test_permanent_address_leads_to_the_new_place(harbour: Site, browser: Browser) -> None:
    address = harbour.path_of("harbour/r")
    page = get(browser, "/harbour/r/settings")
    assert page.html.select_one(f'a[href="http://localhost{address}"]')
    form = form_of(page)
    form["repo_name"] = "renamed"
    form.submit()
    assert get(harbour.browser("bob"), address).html.select_one("h1").text == "harbour/renamed"


@pytest.mark.parametrize(
    ("fields", "status", "field", "words"),
    [
        ({"repo_name": ""}, 422, "n-e", "must not be empty"),
        ({"repo_name": "a/b"}, 422, "n-e", "must not contain /"),
        ({"repo_name": "TAKEN"}, 409, "n-e", "exists already"),
        ({"repo_group": "hidden"}, 422, "g-e", "There is no repository group 'hidden'"),
        ({"repo_group": "absent"}, 422, "g-e", "There is no repository group 'absent'"),
        ({"repo_group": ""}, 422, "g-e", "You may not make repositories there"),
        ({"owner": "nobody"}, 422, "o-e", "'nobody' is none"),
        ({"repo_description": "\0"}, 422, "d-e", "without NUL characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    harbour: Site, browser: Browser, fields: dict[str, str], status: int, field: str, words: str
) -> None:
    stored = {"repo_name": "r", "repo_group": "harbour", "owner": "", "repo_description": "kept", "repo_private": "0"}
    answer = harbour.post(browser, "/harbour/r/settings", stored | fields)
    assert answer.status_int == status
    assert words in answer.html.select_one(f"#{field}").text
    assert "Nothing was changed." in answer.html.select_one(".k-notice").text
    with reading(harbour.application) as services:
        assert services.repositories.get("harbour/r").description == ""


def test_what_was_typed_is_kept(harbour: Site, browser: Browser) -> None:
    form = form_of(get(browser, "/harbour/r/settings"))
    form["repo_name"], form["owner"], form["repo_description"] = "..", "nobody", HOSTILE
    form["repo_group"], form["repo_private"] = "docks", "1"
    answer = form.submit(expect_errors=True)
    again = form_of(answer)
    assert (again["repo_name"].value, again["owner"].value) == ("..", "nobody")
    assert (again["repo_group"].value, again["repo_private"].value) == ("docks", "1")
    assert again["repo_description"].value == HOSTILE
    assert len(answer.html.select("main .k-error")) == 2


@pytest.mark.parametrize("field", ["repo_name", "owner", "repo_description"])
def test_hostile_values_stay_text(harbour: Site, browser: Browser, field: str) -> None:
    was = form_of(get(browser, "/harbour/r/settings"))["was"].value
    stored = {"repo_name": "r", "repo_group": "harbour", "owner": "", "was": was}
    page = harbour.post(browser, "/harbour/r/settings", stored | {field: f"{HOSTILE}"})
    if page.status_int == 303:
        page = get(browser, "/harbour/r/settings")
    assert not page.html.select("main script")
    assert form_of(page)[field].value == HOSTILE


def test_a_form_that_says_nothing_opens_nothing(harbour: Site, browser: Browser) -> None:
    was = form_of(get(browser, "/harbour/r/settings"))["was"].value
    harbour.post(browser, "/harbour/r/settings", {"repo_name": "r", "repo_group": "harbour", "was": was})
    with reading(harbour.application) as services:
        assert services.repositories.get("harbour/r").private


@pytest.mark.parametrize(
    ("subject", "words"), [("visitors", "it is public"), ("signed-in", "it is internal"), ("ada", "stays private")]
)
def test_page_says_who_could_read_it(harbour: Site, browser: Browser, subject: str, words: str) -> None:
    if subject != "ada":
        harbour.grant(subject, Level.READ, "harbour")
    form = form_of(get(browser, "/harbour/r/settings"))
    form["repo_private"] = "1"
    assert words in form.submit().follow().text


def test_who_gives_everything_away_is_led_to_where_they_may_be(harbour: Site) -> None:
    with reading(harbour.application) as services:
        bob = services.users.get("bob")
    harbour.grant("ada", Level.READ, "harbour/r")
    harbour.post(harbour.browser("ada"), "/harbour/r/settings", {})
    root = harbour.user("root", administrator=True)
    assert root
    form = form_of(get(harbour.browser("root"), "/harbour/r/settings"))
    form["owner"] = "ada"
    form.submit()
    form = form_of(get(harbour.browser("ada"), "/harbour/r/settings"))
    form["owner"] = "bob"
    assert form.submit().headers["Location"] == "/harbour/r"
    with reading(harbour.application) as services:
        assert services.repositories.get("harbour/r").owner_id == bob.user_id
    form = form_of(get(harbour.browser("bob"), "/harbour/r/settings"))
    harbour.grant("bob", Level.NONE, "harbour/r")
    form["owner"] = "ada"
    assert form.submit().headers["Location"] == "/"


def test_deletion_says_what_is_lost_and_how_it_comes_back(browser: Browser) -> None:
    page = get(browser, "/harbour/r/settings/delete")
    words = page.html.select_one("main").text
    assert "For 30 days an administrator of this site can bring it back" in words


@pytest.mark.parametrize("typed", ["", "r", "HARBOUR/R", "harbour/taken", HOSTILE])
def test_nothing_is_deleted_until_the_path_is_typed(harbour: Site, browser: Browser, typed: str) -> None:
    answer = harbour.post(browser, "/harbour/r/settings/delete", {"path": typed})
    assert answer.status_int == 422
    assert "Nothing was deleted." in answer.html.select_one("#p-e").text
    assert form_of(answer)["path"].value == typed
    assert get(browser, "/harbour/r").status_int == 200


def test_deleted_repository_is_gone_and_its_folder_goes_to_the_trash(harbour: Site, browser: Browser) -> None:
    form = form_of(get(browser, "/harbour/r/settings/delete"))
    form["path"] = "harbour/r"
    assert form.submit().headers["Location"] == "/"
    assert get(browser, "/harbour/r").status_int == 404
    with reading(harbour.application) as services:
        audit = services.audit.list_(limit=1)[0]
        assert (audit.action, audit.target, audit.actor_name) == ("repository.delete", "repository:harbour/r", "ada")


def test_deleted_repository_is_brought_back_by_an_administrator(harbour: Site, browser: Browser) -> None:
    harbour.user("root", administrator=True)
    harbour.post(browser, "/harbour/r/settings/delete", {"path": "harbour/r"})
    address = "/_admin/deleted_repositories"
    assert get(browser, address).status_int == 403
    root = harbour.browser("root")
    page = get(root, address)
    words = page.html.select_one("main").text
    assert "harbour/r" in words
    assert " by ada" in words
    form = form_of(page)
    form["path"] = "nowhere/r"
    wrong = form.submit(expect_errors=True)
    assert (wrong.status_int, form_of(wrong)["path"].value) == (422, "nowhere/r")
    assert "no repository group" in wrong.html.select_one("[role=alert]").text
    number = form["repository_id"].value
    assert harbour.post(browser, address, {"repository_id": number, "path": "harbour/r"}).status_int == 403
    form["path"] = "harbour/r"
    assert form.submit().headers["Location"] == "/harbour/r"
    assert get(browser, f"/_{number}").status_int in (200, 303)
    assert "Nothing was deleted lately" in get(root, address).text


def test_whoever_sees_the_group_is_led_there_after_a_deletion(harbour: Site) -> None:
    harbour.user("root", administrator=True)
    answer = harbour.post(harbour.browser("root"), "/harbour/r/settings/delete", {"path": "harbour/r"})
    assert answer.headers["Location"] == "/harbour"


@pytest.mark.parametrize("page", ["settings", "settings/delete"])
def test_forms_of_other_sites_change_nothing(harbour: Site, browser: Browser, page: str) -> None:
    answer = browser.post(f"/harbour/r/{page}", {"path": "harbour/r", "repo_name": "x"}, expect_errors=True)
    assert answer.status_int == 403
    assert get(browser, "/harbour/r").status_int == 200
