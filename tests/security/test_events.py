"""Probes of what tells people of events: journals, feeds, notifications and links in mails."""

from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.journal import JournalEntry
from kallithea.services.mail_choices import Unsubscription, make_link_text
from kallithea.services.tokens import Scope
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from tests.factories.pushes import push, work
from tests.web.site import Site, get, without_typed

SECRET = "hidden-name"
PAGES = (
    "/_admin/journal?show=all",
    "/_admin/journal",
    "/_admin/public_journal",
    "/_admin/journal/atom?show=all",
    "/_admin/journal/rss",
    "/_admin/public_journal/atom",
    "/_admin/public_journal_rss",
    "/_admin/notifications",
    "/_admin/notifications?show=unread",
    "/open/journal",
    "/open/feed/atom",
)


@pytest.fixture
def town(site: Site) -> Site:
    """Ada follows a repository that she may not read, in which she is mentioned; visitors read another one."""
    site.user("ada")
    site.repository("open").commit({b"a": b"1"})
    site.grant("visitors", Level.READ, "open")
    site.repository(SECRET, private=True).commit({b"a": b"1"})
    with writing(site.application) as services:
        row = services.repositories.get(SECRET)
        services.followers.ensure(services.users.get("ada").user_id, row.repository_id)
        entry_id = services.journal.add(COMMAND_LINE, "push", row, {"refs": []})
        services.notifications.tell(services.session.get_one(JournalEntry, entry_id), {"ada"})
    return site


@pytest.mark.parametrize("address", PAGES)
def test_p57_a_hidden_repository_is_in_no_list_of_events(town: Site, address: str) -> None:
    for browser in (town.browser("ada"), town.browser()):
        answer = get(browser, address)
        assert answer.status_int in (200, 303)
        assert SECRET not in answer.text
    assert "0 unread" in get(town.browser("ada"), "/").text
    town.grant("ada", Level.READ, SECRET)
    assert "1 unread" in get(town.browser("ada"), "/").text


@pytest.mark.parametrize("kind", list(Kind))
def test_p37_what_others_wrote_is_text_in_journals_and_feeds(site: Site, kind: Kind) -> None:
    """Of a commit its message, author and names of branches; feeds are read by programs that show HTML."""
    attack = "<script>alert(1)</script>]]><svg onload=alert(1)>&lt;img src=x onerror=alert(1)>"
    site.user("ada")
    site.grant("visitors", Level.READ)
    builder = site.repository("r", kind)
    builder.commit({b"a": b"1"})

    def push_it() -> None:
        commit_id = builder.commit({b"a": b"2"}, message=attack.encode(), author=b"\"&quot;' <x@example.org>")
        builder.bookmark(b"<svg/onload=alert(1)>", commit_id)

    push(site.application, "r", "ada", push_it)
    work(site.application)
    for address in ("/_admin/journal?show=all", "/_admin/public_journal", "/r/journal", "/r/changelog"):
        page = get(site.browser("ada"), address)
        assert "<script>alert(1)</script>" in page.html.select_one("main").text, address
        assert page.html.select("script:not([src]), [onload], [onerror], main svg:not(.k-i):not([class])") == [], (
            address
        )
    for address in ("/_admin/public_journal/atom", "/_admin/public_journal_rss", "/r/feed/atom", "/r/feed/rss"):
        feed = get(site.browser(), address)
        assert feed.content_type.endswith("xml")
        # what a feed holds as HTML is taken apart once more, as readers do
        root = ElementTree.fromstring(feed.body)
        texts = [text for element in root.iter() for text in (element.text, element.tail) if text]
        assert any("alert(1)" in text for text in texts), address
        assert not any(element.tag.rpartition("}")[2] in ("script", "svg", "img") for element in root.iter())
        for element in root.iter():
            is_html = element.get("type") == "html" or element.tag == "description"
            if is_html and element.text:
                inner = BeautifulSoup(element.text, "html.parser")
                assert inner.select("script, svg, img, [onload], [onerror]") == [], address


def test_p57_a_token_for_feeds_opens_nothing_hidden(town: Site) -> None:
    with writing(town.application) as services:
        _, text = services.tokens.create(COMMAND_LINE, services.users.get("ada"), scopes=(Scope.FEED,))
    for form in ("atom", "rss"):
        addresses = [f"/{path}/feed/{form}?token={text}" for path in (SECRET, "x" * len(SECRET))]
        hidden, absent = (get(town.browser(), address) for address in addresses)
        assert hidden.status_int == absent.status_int == 404
        assert without_typed(hidden.body, addresses[0]) == without_typed(absent.body, addresses[1])
        assert SECRET not in get(town.browser(), f"/_admin/journal/{form}?show=all&token={text}").text


def test_p43_a_link_of_a_mail_ends_nothing_but_what_it_was_made_for(town: Site) -> None:
    secret = town.application.settings.session_secret
    mine = make_link_text(secret, Unsubscription(1, 2))
    user, repository, mark = mine.split("-")
    browser = town.browser()
    for forged in (f"2-{repository}-{mark}", f"{user}-1-{mark}", f"{user}-0-{mark}", f"{user}-{repository}-{'0' * 64}"):
        assert browser.post(f"/_unsubscribe/{forged}", {}, expect_errors=True).status_int == 404
    assert SECRET not in browser.get(f"/_unsubscribe/{mine}").text
    assert SECRET not in browser.post(f"/_unsubscribe/{mine}", {}).text
