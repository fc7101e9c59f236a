"""The bell, the list of notifications, and what people choose about them."""

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.watching import MailSchedule, Watch
from kallithea.model.journal import JournalEntry
from kallithea.services.work import reading, writing
from kallithea.web.notifications import views
from tests.web.site import Browser, Site, form_of, get, without_proof


@pytest.fixture
def town(site: Site) -> Site:
    """Two repositories, which ada and bob may read and ada follows."""
    for name in ("ada", "bob"):
        site.user(name)
    for path in ("r", "s"):
        site.repository(path).commit({b"a": b"1"})
        site.grant("ada", Level.READ, path)
        site.grant("bob", Level.READ, path)
        with writing(site.application) as services:
            repository_id = services.repositories.get(path).repository_id
            services.followers.ensure(services.users.get("ada").user_id, repository_id)
    return site


def tell(site: Site, path: str, *mentioned: str) -> None:
    with writing(site.application) as services:
        entry_id = services.journal.add(COMMAND_LINE, "push", services.repositories.get(path), {"refs": []})
        services.notifications.tell(services.session.get_one(JournalEntry, entry_id), mentioned)


def bell(browser: Browser, address: str = "/") -> str:
    found = get(browser, address).html.select_one(".k-bell")
    return str(found["aria-label"])


def test_the_bell_counts_what_is_unread_and_may_be_read(town: Site) -> None:
    browser = town.browser("ada")
    assert bell(browser) == "0 unread notifications"
    tell(town, "r")
    tell(town, "s", "bob")
    assert bell(browser) == "2 unread notifications"
    assert bell(town.browser("bob")) == "1 unread notification"
    assert not get(town.browser(), "/").html.select(".k-bell")
    town.grant("ada", Level.NONE, "s")
    assert bell(browser) == "1 unread notification"


def test_a_page_that_a_browser_has_shows_the_bell_of_now(town: Site) -> None:
    browser = town.browser("ada")
    known = {"If-None-Match": get(browser, "/r/branches").headers["ETag"]}
    assert get(browser, "/r/branches", headers=known).status_int == 304
    tell(town, "s")
    assert get(browser, "/r/branches", headers=known).status_int == 200


def test_marking_one_and_all(town: Site) -> None:
    for path in ("r", "s", "r"):
        tell(town, path)
    browser = town.browser("ada")
    page = get(browser, "/_admin/notifications")
    assert len(page.html.select(".k-event")) == 3
    (form, *_) = [form for form in page.forms.values() if form.action.endswith("/read")]
    answer = form.submit()
    assert answer.status_int == 303
    assert bell(browser) == "2 unread notifications"
    page = get(browser, "/_admin/notifications?show=unread")
    assert len(page.html.select(".k-event")) == 2
    (form,) = [form for form in page.forms.values() if form.action.endswith("/read_all")]
    form.submit()
    assert bell(browser) == "0 unread notifications"
    assert "Nothing is unread" in get(browser, "/_admin/notifications?show=unread").text
    assert len(get(browser, "/_admin/notifications").html.select(".k-event")) == 3


def test_those_of_others_stay_unread(town: Site) -> None:
    tell(town, "r")
    with reading(town.application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        number = services.notifications.list_(viewer)[0].notification_id
    bob = town.browser("bob")
    assert town.post(bob, "/_admin/notifications/read", {"notification": str(number)}).status_int == 303
    assert town.post(bob, "/_admin/notifications/read_all", {}).status_int == 303
    assert bell(town.browser("ada")) == "1 unread notification"
    for odd in ("", "x", "9" * 30, "-1"):
        assert town.post(bob, "/_admin/notifications/read", {"notification": odd}).status_int in (303, 404)


def test_the_list_is_paged_and_says_why(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    for path in ("r", "s"):
        tell(town, path, "ada")
    page = get(town.browser("ada"), "/_admin/notifications")
    assert "You are mentioned" in page.text
    assert page.html.select_one(".k-event a").text.strip() == "s"
    page = page.click("Older")
    assert page.html.select_one(".k-event a").text.strip() == "r"
    assert not page.html.select('a[href*="older"]')


def test_an_empty_list_says_how_something_gets_here(town: Site) -> None:
    assert "No notifications" in get(town.browser("bob"), "/_admin/notifications").text


def test_p57_what_is_hidden_is_in_no_list(town: Site) -> None:
    tell(town, "s", "bob")
    for name in ("ada", "bob"):
        town.grant(name, Level.NONE, "s")
        page = get(town.browser(name), "/_admin/notifications")
        assert page.html.select(".k-event") == []
    town.grant("ada", Level.READ, "s")
    assert len(get(town.browser("ada"), "/_admin/notifications").html.select(".k-event")) == 1


def test_how_often_mails_come(town: Site) -> None:
    browser = town.browser("ada")
    page = get(browser, "/_admin/my_account/notifications")
    assert "sends no mails" in page.text
    form = form_of(page, "schedule")
    assert form["schedule"].value == "at_once"
    form["schedule"] = "weekly"
    assert "Your choice is saved." in form.submit().follow().text
    answer = town.post(browser, "/_admin/my_account/notifications", {"schedule": "often"})
    assert answer.status_int == 422
    assert "Choose one of the list." in answer.text
    with reading(town.application) as services:
        assert services.mail_choices.get_schedule(services.users.get("ada").user_id) is MailSchedule.WEEKLY


def test_what_somebody_is_told_of_a_repository(town: Site) -> None:
    browser = town.browser("ada")
    page = get(browser, "/_admin/my_account/watched")
    form = next(form for form in page.forms.values() if "level" in form.fields and form["repository"].value == "s")
    assert form["level"].value == "all"
    form["level"] = "nothing"
    assert "Your choice is saved." in form.submit().follow().text
    tell(town, "s", "ada")
    assert bell(browser) == "0 unread notifications"
    with reading(town.application) as services:
        row = services.repositories.get("s")
        levels = services.followers.levels(services.users.get("ada").user_id, [row.repository_id])
    assert list(levels.values()) == [Watch.NOTHING]
    town.repository("hidden", private=True)
    address = "/_admin/my_account/watched"
    answers = [town.post(browser, address, {"repository": path, "level": "all"}) for path in ("hidden", "absent", "")]
    assert {answer.status_int for answer in answers} == {404}
    assert len({without_proof(answer.body) for answer in answers}) == 1
    assert town.post(browser, address, {"repository": "s", "level": "x"}).status_int == 400


def test_a_form_of_another_site_ends_no_mails_without_the_secret(town: Site) -> None:
    assert get(town.browser(), "/_unsubscribe").status_int == 404
    assert town.browser().post("/_unsubscribe/1-1-0", {}, expect_errors=True).status_int == 404
