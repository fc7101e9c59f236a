"""Searching: what it shows of what one may not read, and what it costs."""

import hashlib
import pathlib

import pytest

from kallithea.core.access import Level
from kallithea.search import finding
from kallithea.search.documents import DocumentKind, Update
from kallithea.search.engine import Index, SearchEngine, TooCostlyError
from kallithea.search.finding import Narrowing, find
from kallithea.search.parser import parse_query
from kallithea.search.query import QueryError
from kallithea.services.search_index import find_outdated, index_repository
from kallithea.vcs.line_patterns import PatternError
from kallithea.vcs.line_search import LineQuery, Stopped
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import make_builder
from tests.search.conftest import engine, index, postgresql_url
from tests.search.samples import code, searched
from tests.web.site import Site, get

__all__ = ["engine", "index", "postgresql_url"]  # fixtures

EVIL = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "${7*7}", "\u202eevil", "</td></table>")


@pytest.fixture
def port(site: Site) -> Site:
    """A site with an open and a hidden repository of each kind, not indexed yet."""
    site.user("bo")
    site.grant("visitors", Level.READ)
    text = "\n".join(f"needle {evil} needle" for evil in EVIL).encode()
    for kind in Kind:
        files = {b"a.txt": text, b"needle<b>x</b>.txt": b"other"}
        site.repository(f"open-{kind}", kind).commit(files, message=text)
        site.repository(f"hidden-{kind}", kind, private=True).commit(files, message=text)
    return site


@pytest.fixture
def indexed(port: Site) -> Site:
    """The same, indexed by the engine that sites have by default."""
    return _indexed(port)


@pytest.fixture
def indexed_by_each(port: Site, engine: SearchEngine) -> Site:
    """The same, indexed by every engine in turn."""
    port.application.search = engine
    return _indexed(port)


def _indexed(site: Site) -> Site:
    for number in find_outdated(site.application):
        index_repository(site.application, number)
    return site


@pytest.mark.parametrize("kind", ["code", "files", "changesets", "repositories"])
@pytest.mark.parametrize("query", ["needle", "*eedl*", "/needle .*/", "/<.*>/", *EVIL])
def test_p36_what_is_found_acts_nowhere(indexed: Site, query: str, kind: str) -> None:
    page = get(indexed.browser(), "/_search", params={"q": query, "type": kind, "r": query, "l": query})
    assert page.status_int == 200
    assert page.html.select("main script, main img[onerror], main b, article table table") == []
    assert "49" not in [mark.text for mark in page.html.select("mark")]
    assert "\u202e" not in page.html.select_one("main").text.replace(query, "")


@pytest.mark.parametrize("user", [None, "bo"])
@pytest.mark.parametrize(
    "query",
    [
        "needle",
        "*eedl*",
        "/needle/",
        "hidden",
        "repo:hidden-git needle",
        "group:hidden needle",
        "path:a",
        "NOT x path:a",
    ],
)
def test_p57_a_private_repository_is_in_no_answer(indexed_by_each: Site, user: str | None, query: str) -> None:
    port = indexed_by_each
    for kind in ("code", "files", "changesets", "repositories"):
        for more in ({}, {"r": "hidden-git"}, {"b": "main"}, {"page": "2"}):
            page = get(port.browser(user), "/_search", params={"q": query, "type": kind, **more})
            assert "hidden-" not in page.html.select_one("main").text.replace(query, "")
            counts = [int(count.text) for count in page.html.select(".k-subtabs .k-count")]
            assert all(count <= 2 for count in counts)
    for place in ("/hidden-git/search", "/_999/search", "/absent/search"):
        assert get(port.browser(user), f"{place}?q=needle").status_int == 404


@pytest.mark.parametrize(
    "query",
    [
        "a* OR b*" * 100,
        " OR ".join(["needle*"] * 1_000),
        "(" * 900,
        "NOT " * 200,
        "/((a{1,100}){1,100}){1,100}/",
        "a*",
    ],
)
def test_p72_queries_that_would_cost_much_are_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse_query(query)


def test_p72_a_pattern_takes_time_in_proportion_to_what_it_reads(index: Index) -> None:
    """Backtracking would not come back from these."""
    from_many = [document for number in range(50) for document in code(1, f"f{number}", "a" * 5_000 + "b", "Text")]
    index.apply(Update(1, documents=from_many))
    for pattern in ("/(a+)+$/", "/(a|a)*c/", "/(a|aa)+c/", "/(.*)*(.*)*x/"):
        assert find(index, parse_query(pattern), searched(1), Narrowing(DocumentKind.CODE)).whole


@pytest.mark.parametrize("kind", Kind, ids=str)
@pytest.mark.parametrize("pattern", ["(a|b)*a(a|b){18}c", "((a|b){1,30}){1,30}c"])
def test_p72_no_pattern_looks_through_files_for_longer_than_it_may(
    kind: Kind, pattern: str, tmp_path: pathlib.Path
) -> None:
    builder = make_builder(kind, tmp_path / "r")
    letters = hashlib.shake_128(b"").digest(2_000_000).translate(bytes(97 + number % 2 for number in range(256)))
    commit_id = builder.commit({b"f": b"\n".join(letters[at : at + 100_000] for at in range(0, len(letters), 100_000))})
    with open_repository(kind, builder.path, VcsOptions()) as repository:
        try:
            found = repository.search_lines(commit_id, LineQuery(pattern, regular=True), limit=9, seconds=0.5)
        except PatternError:
            return
    assert found.files == ()
    # the C library would need minutes
    assert found.stopped is Stopped.TIME or kind is Kind.HG


def test_p72_only_so_much_is_read_for_a_query(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document for number in range(300) for document in code(1, f"f{number}", f"same {number}" * 50, "Text")]
    index.apply(Update(1, documents=documents))
    monkeypatch.setattr(finding, "MOST_READ", 10_000)
    found = find(index, parse_query("/same/"), searched(1), Narrowing(DocumentKind.CODE))
    assert not found.whole
    assert 0 < found.total < 40
    monkeypatch.setattr(finding, "SECONDS", -1.0)
    with pytest.raises(TooCostlyError):
        find(index, parse_query("/same/"), searched(1), Narrowing(DocumentKind.CODE))
