"""The page of a search."""

from typing import Any

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.search.documents import DocumentKind
from kallithea.services.search import _fits
from kallithea.services.search_index import find_outdated, index_repository
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.search import views
from kallithea.web.search.choices import Choices, make_choices
from tests.web.site import Site, get


@pytest.fixture
def port(site: Site) -> Site:
    """Two open repositories and one that only ada may read, indexed."""
    site.user("ada")
    site.user("bo")
    site.group("g")
    site.grant("visitors", Level.READ)
    text = b"import os\n\n\ndef read_file(path):\n    return <b>path</b>\n"
    site.repository("g/one", Kind.GIT).commit(
        {b"src/a.py": text, b"n\xc3\xa4me.txt": b"Anchor\n"}, message=b"Read <i>it</i>"
    )
    site.repository("two", Kind.HG).commit({b"b.c": b"read_file();\n"}, message=b"More reading")
    site.repository("g/hidden", Kind.GIT, private=True).commit(
        {b"secret.py": b"read_file = 'hidden'\n"}, message=b"Read secretly"
    )
    site.grant("ada", Level.READ, "g/hidden")
    for number in find_outdated(site.application):
        index_repository(site.application, number)
    return site


def test_hits_are_shown_with_their_lines(port: Site) -> None:
    answer = get(port.browser(), "/_search?q=read_file")
    with writing(port.application) as services:
        row = services.repositories.get("g/one")
        with services.repositories.open(row) as repository:
            tip = repository.resolve(b"tip")
    assert answer.status_int == 200
    assert f'href="/g/one/files/{tip}/src/a.py?view=source#L4">4</a>' in answer.text
    assert '<span class="k">def</span> <mark><span class="nf">read_file</span></mark>(path):' in answer.text
    assert answer.html.select("article .src b") == []
    assert "return <b>path</b>" in [line.text.strip() for line in answer.html.select("article .src")]
    assert get(port.browser(), f"/g/one/files/{tip}/src/a.py?view=source").status_int == 200


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/_search?q=read_file", {"g/one", "two"}),
        ("/_search?q=read_file&r=two", {"two"}),
        ("/_search?q=read_file&l=C", {"two"}),
        ("/_search?q=read_file&b=default", {"two"}),
        ("/_search?q=read_file&k=hg", {"two"}),
        ("/_search?q=read_file&k=git", {"g/one"}),
        ("/_search?q=read_file&k=absent", set()),
        ("/_search?q=read_file+repo:one", {"g/one"}),
        ("/_search?q=read_file+group:g", {"g/one"}),
        ("/_admin/repo_groups/g/search?q=read_file", {"g/one"}),
        ("/two/search?q=read_file", {"two"}),
        ("/_search?q=reading&type=changesets", {"two"}),
        ("/_search?q=a.py&type=files", {"g/one"}),
        ("/_search?q=n%C3%A4me&type=files", {"g/one"}),
        ("/_search?q=one&type=repositories", {"g/one"}),
        ("/_search?q=absent", set()),
    ],
)
def test_where_and_what(port: Site, address: str, shown: set[str]) -> None:
    page = get(port.browser(), address)
    assert page.status_int == 200
    assert hits(page) == shown


@pytest.mark.parametrize(("word", "digits"), [("more", 12), ("it", 8)], ids=["hg", "git"])
def test_changesets_are_named_by_as_many_digits_as_in_other_lists(port: Site, word: str, digits: int) -> None:
    (article,) = get(port.browser(), f"/_search?q={word}&type=changesets").html.select("article")
    commit_id = article.select_one('a[href*="/changeset/"]')["href"].rpartition("/")[2]
    assert article.code.text == commit_id[:digits]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/_admin/search?q=a%20b", "/_search?q=a+b"),
        ("/_admin/search?q=a&type=content", "/_search?q=a"),
        ("/_admin/search?q=a&type=commit", "/_search?q=a&type=changesets"),
        ("/_admin/search/g/one?q=a&type=path", "/g/one/search?q=a&type=files"),
        ("/_admin/search/absent", "/absent/search"),
        ("/_admin/search//evil.example/?q=a", "/evil.example/search?q=a"),
    ],
)
def test_old_addresses_lead_to_the_search(port: Site, old: str, new: str) -> None:
    answer = get(port.browser(), old)
    assert (answer.status_int, answer.headers["Location"].removeprefix("http://localhost")) == (303, new)


@pytest.mark.parametrize(
    ("page", "search"), [("/two", "/two/search"), ("/g", "/_admin/repo_groups/g/search")], ids=["repository", "group"]
)
def test_a_repository_and_a_group_lead_to_their_own_search(port: Site, page: str, search: str) -> None:
    assert len(get(port.browser(), page).html.select(f'main a[href="{search}"]')) == 1


SECRET = (
    "read_file",
    "*ead_fil*",
    "/read_f/",
    "secretly",
    "hidden",
    "secret",
    "repo:g/hidden read_file",
    "path:secret",
)


def hits(page: Any) -> set[str]:
    return {hit.find("a").text for hit in page.html.select("article.k-hit")}


def facet(page: Any, legend: str) -> dict[str, str]:
    """The choices of one name and how many hits each leaves."""
    (title,) = (one for one in page.html.select("aside h2") if one.text == legend)
    return {row.select_one(".clip").text: row.select_one(".n").text for row in title.find_next("ul").select("li")}


def test_values_that_are_not_listed_are_counted() -> None:
    choices = Choices("x", DocumentKind.CODE, "", "c", "", "")
    counted = [(f"{number}", 1) for number in range(14)] + [("c", 1)]
    shown = make_choices(choices, lambda **_query: "", "l", "c", counted)
    assert ([one.label for one in shown.choices][-2:], shown.others) == (["11", "c"], 2)


def test_kinds_of_repositories_are_counted_and_chosen(port: Site) -> None:
    page = get(port.browser("bo"), "/_search?q=read_file")
    assert facet(page, "Kind") == {"git": "1", "hg": "1"}
    assert facet(get(port.browser("ada"), "/_search?q=read_file"), "Kind") == {"git": "2", "hg": "1"}
    chosen = page.click("hg", href="k=hg")
    assert hits(chosen) == {"two"}
    assert facet(chosen, "Kind") == {"git": "1", "hg": "1"}
    assert facet(chosen, "Repository") == {"two": "1"}
    assert "k=hg" in chosen.html.select_one(".k-subtabs a")["href"]
    assert hits(chosen.click("hg", href="[?]q=read_file$")) == {"g/one", "two"}


def test_a_kind_that_leaves_nothing_can_be_taken_back(port: Site) -> None:
    page = get(port.browser(), "/_search?q=anchor&k=hg")
    assert (hits(page), facet(page, "Kind")) == (set(), {"git": "1", "hg": "0"})
    assert hits(page.click("hg", href="[?]q=anchor$")) == {"g/one"}


@pytest.mark.parametrize("query", SECRET)
def test_nothing_of_what_is_hidden_is_shown_or_counted(port: Site, query: str) -> None:
    browser = port.browser("bo")
    for kind in ("code", "files", "changesets", "repositories"):
        plain, chosen, absent = (
            get(browser, f"/_search?q={query}&type={kind}{more}") for more in ("", "&r=g/hidden", "&r=g/absent")
        )
        for page in (plain, chosen):
            assert "g/hidden" not in hits(page)
            assert "secret.py" not in page.html.select_one("div.stack").text
            assert "g/hidden" not in page.html.select_one("aside").text
        assert hits(chosen) == set()
        assert absent.html.select(".k-count") == chosen.html.select(".k-count")
    assert hits(get(port.browser("ada"), "/_search?q=read_file")) == {"g/one", "g/hidden", "two"}


def test_a_right_that_is_taken_counts_at_once(port: Site) -> None:
    browser = port.browser("ada")
    assert "secret.py" in get(browser, "/_search?q=read_file").text
    port.grant("ada", Level.NONE, "g/hidden")
    assert "secret.py" not in get(browser, "/_search?q=read_file").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("(a", "A bracket is not closed."),
        ("/a(/", "The regular expression /a(/ is none"),
        ("NOT a", "only says what you do not look for"),
        ("a*", "at least 2 letters"),
        ("before:soon", "is no date"),
        ("aa OR " * 50 + "aa", "too many parts"),
    ],
)
def test_what_is_no_query_is_explained(port: Site, query: str, words: str) -> None:
    page = get(port.browser(), f"/_search?q={query}")
    assert page.status_int == 200
    assert words in page.html.select_one("[role=alert]").text


def test_a_name_that_changed_leads_to_the_right_place(port: Site) -> None:
    with writing(port.application) as services:
        row = services.repositories.get("two")
        row.location.path, row.location.path_key = "renamed", "renamed"
    page = get(port.browser(), "/_search?q=read_file")
    assert "renamed" in hits(page)
    named = get(port.browser(), "/_search?q=two&type=repositories")
    assert [hit.select_one(".hh").text.strip() for hit in named.html.select("article.k-hit")] == ["renamed"]


def test_each_page_leads_to_the_next_as_far_as_hits_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.grant("visitors", Level.READ)
    site.repository("many").commit({b"a%03d" % number: b"" for number in range(202)})
    for number in find_outdated(site.application):
        index_repository(site.application, number)
    monkeypatch.setattr(views, "LINE_SIZE", 1)
    page = get(site.browser(), "/_search?q=path:a&type=files&page=201")
    last = page.click(href="page=202")
    shown = {one.html.select_one("article .strong").text for one in (page, last)}
    assert len(shown) == 2
    assert "page=203" not in last.text


def test_a_deleted_repository_is_not_found_before_the_job_has_run(port: Site) -> None:
    with writing(port.application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get("two"))
    page = get(port.browser(), "/_search?q=read_file")
    assert hits(page) == {"g/one"}


FITTING = [
    ("g/one", True),
    ("one", True),
    ("g/*", True),
    ("*one", True),
    ("g*o*e", True),
    ("*", True),
    ("g/one*", True),
    ("g", False),
    ("on*", False),
    ("g/o*one", False),
    ("*[o]ne", False),
]


@pytest.mark.parametrize(("pattern", "fits"), FITTING)
def test_which_repositories_a_pattern_means(pattern: str, fits: bool) -> None:
    assert _fits("g/one", pattern) is fits


def test_an_index_that_is_away_is_told_with_a_time_to_come_back(port: Site) -> None:
    for file in (port.application.settings.cache_dir / "index").glob("*.db*"):
        file.unlink()
    answer = get(port.browser(), "/_search?q=read_file")
    assert (answer.status_int, answer.headers["Retry-After"]) == (503, "10")
    assert "The index cannot be opened." in answer.text
