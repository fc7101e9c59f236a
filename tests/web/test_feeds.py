"""Feeds: what they say, who may read them, and that nobody fetches twice what has not changed."""

import base64
import datetime
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.tokens import Scope
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.pushes import push, work
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Browser, Site, get

ATOM = "{http://www.w3.org/2005/Atom}"
FORMS = ("atom", "rss")
HOSTILE = "]]><script>alert(1)</script>&\u202e\x1b\ufffe".encode()


@pytest.fixture(params=Kind)
def builder(site: Site, request: pytest.FixtureRequest) -> RepositoryBuilder:
    """A private repository that ada may read and owns."""
    for name in ("ada", "bob"):
        site.user(name)
    site.group("a")
    builder = site.repository("a/r", Kind(request.param), private=True)
    site.grant("ada", Level.READ, "a/r")
    with writing(site.application) as services:
        services.repositories.get("a/r").owner_id = services.users.get("ada").user_id
    return builder


def token(site: Site, user: str = "ada", scopes: tuple[Scope, ...] = (Scope.FEED,), *bound: str) -> str:
    with writing(site.application) as services:
        repositories = {services.repositories.get(path).repository_id: path for path in bound} if bound else None
        made = services.tokens.create(COMMAND_LINE, services.users.get(user), scopes=scopes, repositories=repositories)
    return made[1]


def entries(answer: Answer) -> list[tuple[str, str]]:
    """Title and address of each entry."""
    assert answer.status_int == 200
    root = ET.fromstring(answer.body)
    if root.tag == "rss":
        return [(str(item.findtext("title")), str(item.findtext("link"))) for item in root.iter("item")]
    found = []
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        found.append((str(entry.findtext(f"{ATOM}title")), str(link.get("href"))))
    return found


def walk(site: Site) -> Iterator[str]:
    for form in FORMS:
        yield f"/a/r/feed/{form}"
        yield f"/_admin/journal/{form}"


@pytest.mark.parametrize("form", FORMS)
def test_commits_of_a_repository(site: Site, builder: RepositoryBuilder, form: str) -> None:
    first = builder.commit({b"a": b"1"}, message=b"First\n\nWith a body")
    second = builder.commit({b"a": b"2"}, message=HOSTILE)
    answer = get(site.browser("ada"), f"/a/r/feed/{form}")
    assert answer.content_type == f"application/{form}+xml"
    assert [address for _, address in entries(answer)] == [
        f"http://localhost/a/r/changeset/{commit_id}" for commit_id in (second, first)
    ]
    titles = [title for title, _ in entries(answer)]
    assert titles[1] == "First"
    assert titles[0].startswith("]]><script>alert(1)</script>&⟨U+202E⟩")
    assert b"<script>" not in answer.body
    assert b"With a body" in answer.body


@pytest.mark.parametrize("form", FORMS)
def test_feeds_say_what_they_leave_out(site: Site, builder: RepositoryBuilder, form: str) -> None:
    def commit() -> None:
        for number in range(7):
            builder.commit({b"a": b"%d" % number}, message=b"Long\n\n" + "wörd ".encode() * 2_000)

    push(site.application, "a/r", "ada", commit)
    work(site.application)
    browser = site.browser("ada")
    assert "and 2 more" in get(browser, f"/_admin/journal/{form}").text
    assert "wörd wör …" in get(browser, f"/a/r/feed/{form}").text


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_repository_has_an_empty_feed(site: Site, builder: RepositoryBuilder, form: str) -> None:
    assert entries(get(site.browser("ada"), f"/a/r/feed/{form}")) == []


@pytest.mark.parametrize("form", FORMS)
def test_journals(site: Site, builder: RepositoryBuilder, form: str) -> None:
    push(site.application, "a/r", "ada", lambda: builder.commit({b"a": b"1"}, message=b"Subject"))
    work(site.application)
    answer = get(site.browser("ada"), f"/_admin/journal/{form}")
    word = "changeset" if builder.kind is Kind.HG else "commit"
    assert entries(answer) == [
        (f"ada pushed 1 {word} in a/r", "http://localhost/a/r"),
        ("command line made the repository in a/r", "http://localhost/a/r"),
    ]
    assert "Subject (Ada Lovelace)" in answer.text
    assert entries(get(site.browser("ada"), f"/_admin/journal/{form}?action=repository.create"))[0][0].startswith("com")
    for tail in (f"/{form}", f"_{form}"):
        assert entries(get(site.browser(), f"/_admin/public_journal{tail}")) == []
    site.repository("a/open").commit({b"a": b"1"})
    site.grant("visitors", Level.READ, "a/open")
    assert entries(get(site.browser(), f"/_admin/public_journal/{form}"))[0][1] == "http://localhost/a/open"


def test_a_token_for_feeds_reads_feeds_and_nothing_else(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    text = token(site)
    basic = f"Basic {base64.b64encode(f'anything:{text}'.encode()).decode()}"
    for address in walk(site):
        for name in ("token", "api_key"):
            assert entries(get(site.browser(), f"{address}?{name}={text}"))
        assert entries(get(site.browser(), address, headers={"Authorization": basic}))
    for address in ("/a/r", "/a/r/files/tip", "/a/r/journal", "/a/r/raw/tip/a"):
        assert get(site.browser(), f"{address}?token={text}").status_int == 404
        assert get(site.browser(), address, headers={"Authorization": basic}).status_int == 404
    assert get(site.browser(), f"/_admin/my_account?token={text}").status_int == 303
    site.application.later.close()
    work(site.application)
    with reading(site.application) as services:
        (row,) = services.tokens.list_(services.users.get("ada"))
    assert row.used is not None


def refused(browser: Browser, query: str) -> bool:
    """Whether nothing is told: a repository is absent, and one's own journal asks for a sign-in."""
    addresses = ("/a/r/feed/atom", "/_admin/journal/rss")
    return [get(browser, f"{address}?token={query}").status_int for address in addresses] == [404, 303]


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.FEED])
def test_other_tokens_read_no_feed(site: Site, builder: RepositoryBuilder, scope: Scope) -> None:
    builder.commit({b"a": b"1"})
    assert refused(site.browser(), token(site, "ada", (scope,)))


@pytest.mark.parametrize("text", ["", "kat_0", "%00", "%ff", "x" * 3000])
def test_what_is_no_token_reads_no_feed(site: Site, builder: RepositoryBuilder, text: str) -> None:
    assert refused(site.browser(), text)
    for header in ("Basic", "Basic !", "Bearer x", f"Basic {base64.b64encode(b'a:').decode()}"):
        assert get(site.browser(), "/a/r/feed/rss", headers={"Authorization": header}).status_int == 404


def test_p57_p61_what_is_revoked_is_gone_from_feeds(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    text = token(site, "bob")
    browser, query = site.browser(), f"token={text}"
    assert get(browser, f"/a/r/feed/atom?{query}").status_int == 404
    assert entries(get(browser, f"/_admin/journal/atom?show=all&{query}")) == []
    site.grant("bob", Level.READ, "a/r")
    answer = get(browser, f"/a/r/feed/atom?{query}")
    assert len(entries(answer)) == 1
    assert len(entries(get(browser, f"/_admin/journal/atom?show=all&{query}"))) == 1
    site.grant("bob", Level.NONE, "a/r")
    again = {"If-None-Match": answer.headers["ETag"]}
    assert get(browser, f"/a/r/feed/atom?{query}", headers=again).status_int == 404
    assert entries(get(browser, f"/_admin/journal/atom?show=all&{query}")) == []


def test_tokens_that_ended_or_whose_account_is_disabled(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    text = token(site)
    assert not refused(site.browser(), text)
    with writing(site.application) as services:
        services.users.get("ada").active = False
    assert refused(site.browser(), text)
    with writing(site.application) as services:
        services.users.get("ada").active = True
        (row,) = services.tokens.list_(services.users.get("ada"))
        row.expires = services.now - datetime.timedelta(seconds=1)
    assert refused(site.browser(), text)


def test_a_bound_token_reads_what_it_is_bound_to(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    site.repository("a/other").commit({b"a": b"1"})
    site.grant("ada", Level.READ, "a/other")
    text = token(site, "ada", (Scope.FEED,), "a/other")
    browser = site.browser()
    assert get(browser, f"/a/r/feed/rss?token={text}").status_int == 404
    assert len(entries(get(browser, f"/a/other/feed/rss?token={text}"))) == 1
    assert [link for _, link in entries(get(browser, f"/_admin/journal/rss?show=all&token={text}"))] == [
        "http://localhost/a/other"
    ]


def test_a_network_that_the_account_may_not_come_from(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    text = token(site)
    with writing(site.application) as services:
        services.allow_lists.set_for_user(COMMAND_LINE, services.users.get("ada"), "198.51.100.0/24")
    assert refused(site.browser(), text)
    assert entries(get(site.browser(REMOTE_ADDR="198.51.100.9"), f"/a/r/feed/rss?token={text}"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("start", ["/a/r/feed", "/_admin/journal"])
def test_nobody_fetches_twice_what_has_not_changed(
    site: Site, builder: RepositoryBuilder, form: str, start: str
) -> None:
    push(site.application, "a/r", "ada", lambda: builder.commit({b"a": b"1"}))
    work(site.application)
    address, browser = f"{start}/{form}?token={token(site)}", site.browser()
    first = get(browser, address)
    known = {"If-None-Match": first.headers["ETag"]}
    unchanged = get(browser, address, headers=known)
    assert (unchanged.status_int, unchanged.body) == (304, b"")
    assert unchanged.headers["Vary"] == first.headers["Vary"]
    push(site.application, "a/r", "ada", lambda: builder.commit({b"a": b"2"}))
    work(site.application)
    changed = get(browser, address, headers=known)
    assert changed.status_int == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_pages_lead_to_feeds(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    for address in ("/a/r", "/a/r/changelog", "/_admin/journal", "/_admin/public_journal"):
        page = get(site.browser("ada"), address)
        found = [link["href"] for link in page.html.select('link[rel="alternate"]')]
        assert found
        for feed in found:
            assert get(site.browser("ada"), feed).status_int == 200


def test_no_token_gets_into_a_feed(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    text = token(site)
    for address in walk(site):
        assert text.encode() not in get(site.browser(), f"{address}?token={text}").body
