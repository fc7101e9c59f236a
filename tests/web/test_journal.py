"""Pages of journals."""

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.journal import views
from tests.factories.pushes import push, work
from tests.factories.repositories import GitBuilder, RepositoryBuilder
from tests.web.site import Site, get

HOSTILE = "<script>alert(1)</script>\u202e\x1b".encode()


@pytest.fixture(params=Kind)
def builder(site: Site, request: pytest.FixtureRequest) -> RepositoryBuilder:
    """A repository that ada and bob may read, and ada follows."""
    for name in ("ada", "bob"):
        site.user(name)
    site.user("root", administrator=True)
    site.group("a")
    builder = site.repository("a/r", Kind(request.param))
    for name in ("ada", "bob"):
        site.grant(name, Level.READ, "a/r")
    with writing(site.application) as services:
        repository_id = services.repositories.get("a/r").repository_id
        services.followers.ensure(services.users.get("ada").user_id, repository_id)
    return builder


def texts(site: Site, user: str | None, address: str) -> list[str]:
    page = get(site.browser(user), address)
    assert page.status_int == 200
    return [" ".join(item.text.split()) for item in page.html.select(".k-event")]


def test_a_push_says_what_it_brought_and_leads_there(site: Site, builder: RepositoryBuilder) -> None:
    first = push(site.application, "a/r", "ada", lambda: builder.commit({b"a": b"1"}, message=b"First"))
    second = push(site.application, "a/r", "bob", lambda: builder.commit({b"a": b"2"}, message=b"Second"))
    work(site.application)
    page = get(site.browser("ada"), "/_admin/journal")
    event, older = page.html.select(".k-event")[:2]
    word = "changeset" if builder.kind is Kind.HG else "commit"
    assert event.select_one(".any").text == f"bob pushed 1 {word}"
    addresses = [link["href"] for link in event.select("a")]
    assert addresses == ["/a/r", f"/a/r/compare/{first}...{second}", f"/a/r/changeset/{second}"]
    assert "Second" in event.text
    assert "new" in older.text
    for address in addresses[1:]:
        assert get(site.browser("ada"), address).status_int == 200


def test_journals_are_for_whom_they_should_be(site: Site, builder: RepositoryBuilder) -> None:
    made = "command line made the repository"
    assert texts(site, "ada", "/_admin/journal")[0].startswith(made)
    assert texts(site, "bob", "/_admin/journal") == []
    assert texts(site, "bob", "/_admin/journal?show=all")[0].startswith(made)
    assert texts(site, "bob", "/a/r/journal")[0].startswith(made)
    assert texts(site, None, "/_admin/public_journal") == []
    site.grant("visitors", Level.READ, "a/r")
    assert texts(site, None, "/_admin/public_journal")[0].startswith(made)
    assert texts(site, "root", "/_admin/site_journal")[0].startswith(made)


def test_an_empty_journal_says_what_will_be_there(site: Site, builder: RepositoryBuilder) -> None:
    page = get(site.browser("bob"), "/_admin/journal")
    assert "Nothing has happened yet" in page.text
    assert "follow or own" in page.text
    page = get(site.browser("bob"), "/_admin/journal?user=nobody")
    assert "Nothing that happened fits this filter." in page.text


def test_the_filter_stays_in_the_form_and_in_the_pager(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    for number in range(3):
        push(site.application, "a/r", "ada", lambda: builder.commit({b"a": b"%d" % number}))  # noqa: B023
    query = "action=push&user=ADA&repository=a&since=2020-01-01&until=9999-12-31"
    page = get(site.browser("ada"), f"/_admin/journal?{query}")
    assert page.html.select_one("select[name=action] option[selected]")["value"] == "push"
    assert page.html.select_one("input[name=user]")["value"] == "ADA"
    seen = [page.html.select_one("time")["datetime"]]
    for _ in range(2):
        page = page.click("Older")
        seen.append(page.html.select_one("time")["datetime"])
    assert seen == sorted(seen, reverse=True)
    assert not page.html.select('a[href*="older"]')
    assert page.click("Newest").html.select_one(".k-event")


@pytest.mark.parametrize(
    "query",
    ["older=x", "older=9999999999999999999", "older=%D9%A1", "since=0001-01-01", "until=9999-12-31", "action=x"],
)
def test_odd_queries_are_no_failures(site: Site, builder: RepositoryBuilder, query: str) -> None:
    for address in ("/_admin/journal", "/_admin/public_journal", "/a/r/journal"):
        assert get(site.browser("ada"), f"{address}?{query}").status_int == 200


def test_every_kind_of_event_has_words(site: Site, builder: RepositoryBuilder) -> None:
    with writing(site.application) as services:
        row = services.repositories.get("a/r")
        for action, details in (
            ("repository.update", {"changed": ["description", "private"]}),
            ("repository.delete", {}),
            ("repository.restore", {}),
            ("something.else", {}),
        ):
            services.journal.add(COMMAND_LINE, action, row, details)
    found = [text.partition(" a/r")[0] for text in texts(site, "ada", "/_admin/journal")]
    assert found == [
        "command line: something.else",
        "command line brought the repository back",
        "command line deleted the repository",
        "command line changed the settings: description, private",
        "command line made the repository",
    ]


def test_a_deleted_repository_leads_nowhere(site: Site, builder: RepositoryBuilder) -> None:
    site.user("eve")
    with writing(site.application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get("a/r"))
    for user, address in (("ada", "journal?"), ("bob", "journal?show=all&"), ("root", "site_journal?")):
        page = get(site.browser(user), f"/_admin/{address}action=repository.delete")
        (event,) = page.html.select(".k-event")
        assert " ".join(event.text.split()).startswith("command line deleted the repository a/r")
        assert event.select("a") == []
    assert texts(site, "eve", "/_admin/journal?show=all") == []
    assert get(site.browser("ada"), "/a/r/journal", status=404)


def test_deleted_and_moved_refs(site: Site, builder: RepositoryBuilder) -> None:
    if not isinstance(builder, GitBuilder):
        pytest.skip("closing a head of Mercurial is a commit")
    first = push(site.application, "a/r", "ada", lambda: builder.commit({b"a": b"1"}))
    push(site.application, "a/r", "ada", lambda: builder.bookmark(b"side", first))
    push(site.application, "a/r", "ada", lambda: builder.git("branch", "-D", "side"))
    work(site.application)
    found = texts(site, "ada", "/_admin/journal")
    assert found[0].startswith("ada deleted 1 ref")
    assert found[1].startswith("ada moved 1 ref")


def test_p37_what_others_wrote_stays_text(site: Site, builder: RepositoryBuilder) -> None:
    push(
        site.application,
        "a/r",
        "ada",
        lambda: builder.commit({b"a": b"1"}, message=HOSTILE, author=b"\"&quot;' <x@example.org>"),
    )
    work(site.application)
    page = get(site.browser("ada"), "/_admin/journal")
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in page.html.select_one(".k-event").text


def test_p57_what_is_hidden_is_in_no_journal(site: Site, builder: RepositoryBuilder) -> None:
    site.repository("a/secret-place", private=True).commit({b"a": b"1"})
    with writing(site.application) as services:
        repository_id = services.repositories.get("a/secret-place").repository_id
        services.followers.ensure(services.users.get("bob").user_id, repository_id)
    addresses = ("/_admin/journal", "/_admin/journal?show=all", "/_admin/public_journal", "/a/r/journal")
    for user in ("bob", "ada"):
        for address in addresses:
            for query in ("", "repository=a/secret-place", "repository=a"):
                page = get(site.browser(user), address, params=query)
                assert not [text for text in page.html.select(".k-event") if "secret-place" in text.text]
    assert get(site.browser("bob"), "/a/secret-place/journal").status_int == 404
    site.grant("bob", Level.READ, "a/secret-place")
    assert "a/secret-place" in texts(site, "bob", "/_admin/journal")[0]
    site.grant("bob", Level.NONE, "a/secret-place")
    assert texts(site, "bob", "/_admin/journal") == []
