"""Following a repository with the button of its bar, and the list of those who do."""

from collections.abc import Mapping

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.render.text import visible
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from kallithea.web.followers import views
from tests.statements import counted
from tests.web.site import Browser, Site, get, without_proof, without_typed

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture(params=Kind)
def harbour(site: Site, request: pytest.FixtureRequest) -> Site:
    """A repository that ada and bob may read."""
    for name in ("ada", "bob"):
        site.user(name)
    site.group("harbour")
    site.repository("harbour/r", Kind(request.param)).commit({b"a": b"1"})
    for name in ("ada", "bob"):
        site.grant(name, Level.READ, "harbour/r")
    return site


def press(page: Answer, headers: Mapping[str, str] | None = None) -> Answer:
    """Press the button of the bar."""
    (form,) = [form for form in page.forms.values() if form.action.rpartition("/")[2] in ("follow", "unfollow")]
    return form.submit(headers=headers, expect_errors=True)


def bar(page: Answer) -> tuple[str, str]:
    """What the button says, and the number beside it."""
    button = page.html.select_one(".k-repobar form button")
    return button.text, button.find_next("a").text


def follow(site: Site, *names: str) -> None:
    with writing(site.application) as services:
        repository_id = services.repositories.get("harbour/r").repository_id
        for name in names:
            services.followers.ensure(services.users.get(name).user_id, repository_id)


def test_the_button_follows_and_unfollows(harbour: Site) -> None:
    browser = harbour.browser("ada")
    page = get(browser, "/harbour/r/changelog")
    assert bar(page) == ("Follow", "0")
    answer = press(page)
    assert (answer.status_int, answer.headers["Location"]) == (303, "/harbour/r/changelog")
    page = answer.follow()
    assert bar(page) == ("Unfollow", "1")
    assert bar(get(harbour.browser("bob"), "/harbour/r/files")) == ("Follow", "1")
    assert bar(press(page).follow()) == ("Follow", "0")


@pytest.mark.parametrize(
    ("referrer", "address"),
    [
        ("http://localhost:80/harbour/r/files/tip?page=2", "/harbour/r/files/tip?page=2"),
        ("http://localhost:80/", "/"),
        ("http://localhost:80//elsewhere.example/", "/harbour/r"),
    ],
)
def test_one_stays_where_one_was(harbour: Site, referrer: str, address: str) -> None:
    browser = harbour.browser("ada")
    answer = press(get(browser, "/harbour/r"), {"Referer": referrer.replace(":80", "")})
    assert (answer.status_int, answer.headers["Location"]) == (303, address)


def test_list_of_followers(harbour: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(harbour.application) as services:
        services.users.get("bob").first_name = HOSTILE
    follow(harbour, "ada", "bob")
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    page = get(harbour.browser("ada"), "/harbour/r/followers")
    assert page.html.select_one("h1").find_next("span").text == "2"
    assert [row.text.strip() for row in page.html.select("tbody th")] == ["ada"]
    page = page.click("Next")
    assert [row.text.strip() for row in page.html.select("tbody th")] == [visible(HOSTILE)]
    assert "No further followers" in get(harbour.browser("ada"), "/harbour/r/followers?page=3").text


def test_list_of_nobody(harbour: Site) -> None:
    assert "No followers" in get(harbour.browser("ada"), "/harbour/r/followers").text


def test_visitors_see_the_number_and_cannot_follow(harbour: Site) -> None:
    harbour.grant("visitors", Level.READ)
    follow(harbour, "ada")
    browser = harbour.browser()
    page = get(browser, "/harbour/r")
    assert not page.html.select(".k-repobar form")
    assert page.html.select_one('.k-repobar a[aria-label="1 follower"]').text == "1"
    get(browser, "/_admin/login")
    assert harbour.post(browser, "/harbour/r/follow", {}).status_int == 403
    assert bar(get(harbour.browser("ada"), "/harbour/r")) == ("Unfollow", "1")


def test_what_is_hidden_cannot_be_followed(harbour: Site) -> None:
    harbour.repository("harbour/hidden", private=True)
    browser, answers = harbour.browser("ada"), []
    for name in ("hidden", "absent"):
        for verb in ("follow", "unfollow"):
            address = f"/harbour/{name}/{verb}"
            answer = harbour.post(browser, address, {})
            assert answer.status_int == 404
            answers.append(without_typed(without_proof(answer.body), address))
    assert len(set(answers)) == 1
    with reading(harbour.application) as services:
        hidden = services.repositories.get("harbour/hidden")
        assert services.followers.count(None, hidden.repository_id).count == 0


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_a_link_or_a_foreign_form_changes_nothing(harbour: Site, verb: str) -> None:
    follow(harbour, "ada")
    browser = harbour.browser("ada")
    assert get(browser, f"/harbour/r/{verb}").status_int == 405
    assert browser.post(f"/harbour/r/{verb}", {"x": "y"}, expect_errors=True).status_int == 403
    assert bar(get(browser, "/harbour/r")) == ("Unfollow", "1")
    assert bar(get(harbour.browser("bob"), "/harbour/r")) == ("Follow", "1")


def test_a_kept_page_is_sent_again_when_somebody_follows(harbour: Site) -> None:
    browser = harbour.browser("ada")
    first = get(browser, "/harbour/r/files/tip/a")
    follow(harbour, "bob")
    again = _ask_again(browser, first)
    assert (again.status_int, bar(again)) == (200, ("Follow", "1"))
    assert _ask_again(browser, again).status_int == 304


def test_pages_of_a_repository_without_followers_ask_nothing_about_them(harbour: Site) -> None:
    browser, counts = harbour.browser("ada"), []
    for names in ((), ("bob",)):
        follow(harbour, *names)
        get(browser, "/harbour/r/files/tip")
        with counted(harbour.application.engine) as statements:
            assert get(browser, "/harbour/r/files/tip").status_int == 200
        counts.append(len(statements))
    assert counts[1] == counts[0] + 1


def _ask_again(browser: Browser, first: Answer) -> Answer:
    return get(browser, "/harbour/r/files/tip/a", headers={"If-None-Match": first.headers["ETag"]})
