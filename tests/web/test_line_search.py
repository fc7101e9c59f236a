"""Looking through the lines of a commit's files."""

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.files import searching
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get

TEXT = b"import os\n\n\ndef read_file(path):\n    return <b>path</b>\ndef read_file_again(): read_file()\n"


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """A repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    made = site.repository("r", request.param)
    made.commit({b"src/a.py": TEXT, b"a b?.txt": b"caf\xe9: read_file\r\n"})
    return made


def test_lines_are_in_colours_with_what_was_found_marked(site: Site, builder: RepositoryBuilder) -> None:
    page = get(site.browser(), "/r/files-search/tip?q=read_file(path)")
    assert '<span class="k">def</span> <mark><span class="nf">read_file</span>(path)</mark>:' in page.text


def found(site: Site, address: str) -> list[str]:
    page = get(site.browser(), address)
    return [
        f"{hit.select_one('.hh a').text}:{row.select_one('.ln').text}"
        for hit in page.html.select("article.k-hit")
        for row in hit.select("tr:has(.ln)")
    ]


def test_the_form_is_reached_from_files_and_from_the_search_and_finds(site: Site, builder: RepositoryBuilder) -> None:
    old = builder.commit({b"b.c": b"read_file();\n"})
    builder.commit({b"b.c": None})
    browser = site.browser()
    folder, search = get(browser, f"/r/files/{old}/src"), get(browser, "/r/search?q=x%20y")
    (link,) = search.html.select("a[href*='/r/files-search']")
    assert get(browser, link["href"]).html.select_one("main input[name=q]")["value"] == "x y"
    (link,) = folder.html.select("a[href*='/r/files-search']")
    page = get(browser, link["href"])
    form = next(one for one in page.forms.values() if "regex" in one.fields)
    assert form["path"].value == "src"
    form["q"], form["path"], form["words"] = "read_file", "", True
    answer = form.submit()
    rows = [row.text for row in answer.html.select("article.k-hit .ln")]
    assert rows == ["1", "1", "4", "6"]
    assert "4 lines in 3 files" in answer.html.select_one("div.small[role=status]").text
    line = answer.html.select("article.k-hit .ln a")[-1]["href"]
    assert line == f"/r/files/{old}/src/a.py?view=source#L6"
    assert get(browser, line).status_int == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=read_file", ["a b?.txt:1", "src/a.py:4", "src/a.py:6"]),
        ("q=READ_FILE", []),
        ("q=READ_FILE&nocase=1&path=src/", ["src/a.py:4", "src/a.py:6"]),
        ("q=^def+%5Cw%2B%5C%28path&regex=1", ["src/a.py:4"]),
        ("q=<b>", ["src/a.py:5"]),
        ("q=absent", []),
    ],
)
def test_lines(site: Site, builder: RepositoryBuilder, query: str, expected: list[str]) -> None:
    assert found(site, f"/r/files-search/tip?{query}") == expected


@pytest.mark.parametrize("query", ["", "?q=absent"])
def test_what_is_not_looked_through_in_files_is_said(site: Site, builder: RepositoryBuilder, query: str) -> None:
    words = get(site.browser(), f"/r/files-search/tip{query}").html.select_one(".k-empty p").text
    assert words.endswith("Of each line the first 64 KiB are looked through, and files in UTF-16 are not.")


def test_what_was_found_is_marked_in_the_line_as_it_is_read(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"long": b"x" * 5_000 + "é read_file ö".encode() + b"y" * 5_000})
    page = get(site.browser(), "/r/files-search/tip?q=read_file")
    assert [mark.text for mark in page.html.select("main mark")] == ["read_file"] * 5
    lines = [cell.text.strip() for cell in page.html.select("td.src")]
    assert lines[0] == "café: read_file"
    assert "é read_file ö" in lines[1]
    assert len(lines[1]) < 450


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=a(&regex=1", "no regular expression"),
        ("q=%5Cba&regex=1", "is not known here"),
        ("q=a&path=absent", "nothing at this path"),
        ("q=a&path=../etc", "nothing at this path"),
        (f"q={'a' * 1001}", "too long"),
        ("q=a%00b", "Only one line"),
    ],
)
def test_what_cannot_be_looked_for_is_explained(site: Site, builder: RepositoryBuilder, query: str, words: str) -> None:
    page = get(site.browser(), f"/r/files-search/tip?{query}")
    assert page.status_int == 200
    assert words in page.html.select_one("[role=alert]").text


def test_limits_name_themselves(site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_LINES", 2)
    page = get(site.browser(), "/r/files-search/tip?q=read_file")
    assert "Stopped after 2 lines." in page.html.select_one("div.small[role=status]").text
    monkeypatch.setattr(searching, "SECONDS", 0.0)
    page = get(site.browser(), "/r/files-search/tip?q=read_file")
    assert "Stopped after 0 seconds." in page.html.select_one("div.small[role=status]").text
