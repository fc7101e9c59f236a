"""Files that are shown as documents, and their lines."""

from urllib.parse import quote_plus

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.ui import documents
from tests.factories.repositories import Executable, RepositoryBuilder, Symlink
from tests.factories.writing import BRANCH
from tests.web.site import Site, get, links

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"1a" * 32 + b"\nsize 12\n"


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """An empty repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


@pytest.mark.parametrize(
    ("name", "content", "selector"),
    [
        (b"guide.md", b"# Guide\n\n* one\n", ".k-prose h1"),
        (b"GUIDE.RST", b"Guide\n=====\n\nText\n", ".k-prose h1"),
        (b"guide.csv", b"Guide,b\n1,2\n", "thead th"),
        (b"guide.tsv", b"Guide\tb\n1\t2\n", "thead th"),
        (b"guide.ipynb", b'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "# Guide"}]}', ".k-nb h1"),
    ],
)
def test_a_document_is_rendered_and_its_source_is_one_click_away(
    site: Site, builder: RepositoryBuilder, name: bytes, content: bytes, selector: str
) -> None:
    builder.commit({b"docs/" + name: content})
    page = get(site.browser(), f"/r/files/tip/docs/{name.decode()}").html
    assert page.select_one(selector).text == "Guide"
    assert page.select_one("table.k-code") is None
    switch = {link.text: link for link in page.select(".k-filebar .k-seg a")}
    assert switch["Rendered"].get("aria-current") == "true"
    source = get(site.browser(), switch["Source"]["href"]).html
    assert source.select_one("#L1 .src").text == content.split(b"\n")[0].decode()
    assert source.select_one(".k-filebar .k-seg a[aria-current]").text == "Source"


def test_links_of_a_document_lead_to_the_same_commit(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit(
        {b"docs/a.md": b"[b](b.md#part) ![logo](../logo.png)\n", b"docs/b.md": b"# Part\n", b"logo.png": b"1"}
    )
    page = get(site.browser(), f"/r/files/{commit_id}/docs/a.md").html
    assert page.select_one(".k-prose a")["href"] == f"/r/files/{commit_id}/docs/b.md#doc-part"
    assert page.select_one(".k-prose img")["src"] == f"/r/raw/{commit_id}/logo.png"


@pytest.mark.parametrize("page", ["/r", "/r/files/{at}", "/r/files/{at}/README.md", "/r/files/{id}/README.md?at={at}"])
def test_links_of_a_document_keep_the_branch(site: Site, builder: RepositoryBuilder, page: str) -> None:
    """By another ref at the same commit, the same document has other links."""
    commit_id = builder.commit({b"README.md": b"[guide](docs/b.md#part)\n", b"docs/b.md": b"# Part\n"})
    builder.bookmark(b"topic/x", commit_id)
    browser, branch = site.browser(), BRANCH[builder.kind].decode()
    for at in (branch, "topic/x") if page != "/r" else (branch,):
        link = get(browser, page.format(id=commit_id, at=at)).html.select_one(".k-prose a")["href"]
        assert link == f"/r/files/{commit_id}/docs/b.md?at={quote_plus(at)}#doc-part"
        picker = get(browser, link.partition("#")[0]).html.select_one("main .k-pick summary")
        assert picker.get_text(" ", strip=True).endswith(at)


def test_a_folder_shows_its_readme_below_its_entries(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"docs/README.md": b"# About docs\n", b"docs/a": b"1", b"README.rst": b"Root\n====\n"})
    assert get(site.browser(), "/r/files/tip/docs").html.select_one(".k-prose h1").text == "About docs"
    assert get(site.browser(), "/r/files/tip").html.select_one(".k-prose h1").text == "Root"
    assert get(site.browser(), "/r").html.select_one(".k-prose h1").text == "Root"


def test_a_rendering_is_made_once(site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_id = builder.commit({b"README.md": b"# Hello\n"})
    first = get(site.browser(), f"/r/files/{commit_id}/README.md")
    monkeypatch.delattr(documents, "render_document")
    again = get(site.browser(), f"/r/files/{commit_id}/README.md")
    assert again.html.select_one(".k-prose").decode() == first.html.select_one(".k-prose").decode()
    assert get(site.browser(), f"/r/files/{commit_id}").html.select_one(".k-prose h1").text == "Hello"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * 256_001, "Files of more than 250.0 KiB are not rendered."),
        (b"a\0b", "Binary files are not shown."),
        (b"", "The file is empty."),
        (LFS, "stored in Git LFS"),
    ],
)
def test_what_cannot_be_rendered_is_shown_like_other_files(
    site: Site, builder: RepositoryBuilder, content: bytes, words: str
) -> None:
    builder.commit({b"a.md": content})
    page = get(site.browser(), "/r/files/tip/a.md")
    assert words in page.text
    assert page.html.select(".k-filebar .k-seg") == []


def test_of_a_long_table_the_begin_is_shown(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"long.csv": b"n\n" + b"1,2,3\n" * 100_000, b"few.csv": b"n\n" + (b"x" * 60_000 + b"\n") * 10})
    page = get(site.browser(), "/r/files/tip/long.csv")
    assert len(page.html.select("tbody tr")) == 1_000
    assert "Only the first 1\N{NARROW NO-BREAK SPACE}000 rows are shown." in page.text
    few = get(site.browser(), "/r/files/tip/few.csv")
    assert len(few.html.select("tbody tr")) == 8
    assert "Only the first 468.8 KiB are shown." in few.text
    assert "Show Source" in few.html.select_one(".k-notice").text


def test_a_notebook_may_be_larger_than_other_files(site: Site, builder: RepositoryBuilder) -> None:
    outputs = '[{"output_type": "display_data", "data": {"image/png": "' + "A" * 400_000 + '"}}]'
    cell = f'{{"cell_type": "code", "source": "plot()", "outputs": {outputs}}}'
    builder.commit({b"a.ipynb": f'{{"nbformat": 4, "cells": [{cell}]}}'.encode(), b"b.ipynb": b"{}"})
    page = get(site.browser(), "/r/files/tip/a.ipynb")
    assert "Not shown: image/png." in page.text
    assert len(page.body) < 40_000
    other = get(site.browser(), "/r/files/tip/b.ipynb")
    assert "cannot be read as what its name says" in other.text
    assert other.html.select_one("#L1 .src").text == "{}"


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        (b"README.md", 256_000, "Files of more than 250.0 KiB are not rendered."),
        (b"README.md", 300_000, "Only the first 256.0 KiB are shown."),
        (b"README", 300_000, "Only the first 256.0 KiB are shown."),
        (b"README", 256_000, ""),
    ],
)
@pytest.mark.parametrize("address", ["/r", "/r/files/tip"])
def test_what_is_not_shown_of_a_readme_is_said(
    site: Site, builder: RepositoryBuilder, name: bytes, size: int, words: str, address: str
) -> None:
    commit_id = builder.commit({name: b"# x\n" + b"y" * size})
    panel = get(site.browser(), address).html.select_one("[aria-labelledby=rm-t]")
    assert panel.select_one("pre").text.startswith("# x")
    notice = panel.select_one(".k-notice")
    assert (notice.p.get_text() if notice else "") == (f"{words} View file" if words else "")
    if notice is not None:
        assert notice.a["href"].startswith(f"/r/files/{commit_id}/{name.decode()}")


def test_a_readme_that_is_cut_stays_in_its_encoding(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"README": "a é\n".encode() * 60_000})
    assert set(get(site.browser(), "/r").html.select_one(".k-prose pre").text.split()) == {"a", "é"}


def test_a_link_to_lines_leads_to_the_source(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a.md": b"# a\n", b"b.py": b"1\n"})
    page = get(site.browser(), f"/r/files/{commit_id}/a.md").html
    assert page.select_one("[data-source]")["data-source"] == f"/r/files/{commit_id}/a.md?view=source"
    annotated = get(site.browser(), f"/r/annotate/{commit_id}/a.md")
    assert f"/r/files/{commit_id}/a.md?view=source" in links(annotated)
    assert f"/r/files/{commit_id}/b.py" in links(get(site.browser(), f"/r/annotate/{commit_id}/b.py"))


@pytest.mark.parametrize(
    ("name", "content", "facts"),
    [
        (b"a.py", b"1\n2\n", ["2 lines", "4 bytes", "Python", "text/x-python", "utf-8"]),
        (b"a.md", b"# a\n", ["4 bytes", "Markdown", "text/markdown"]),
        (b"a", b"caf\xe9\n", ["1 line", "5 bytes", "text/plain", "latin-1"]),
    ],
)
def test_facts_of_a_file(site: Site, builder: RepositoryBuilder, name: bytes, content: bytes, facts: list[str]) -> None:
    builder.commit({name: content})
    page = get(site.browser(), f"/r/files/tip/{name.decode()}").html
    assert [fact.text for fact in page.select(".k-filebar .nowrap")] == facts


def test_an_executable_document_says_so(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a.md": Executable(b"# a\n")})
    assert "executable" in get(site.browser(), "/r/files/tip/a.md").html.select_one(".k-filebar").text


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [(b"b.txt", "/d/b.txt"), (b"../c", "/c"), (b"./../e/", "/e"), (b"nothing", None), (b"/c", None)],
)
def test_a_symbolic_link_leads_on_within_the_commit(
    site: Site, builder: RepositoryBuilder, target: bytes, leads_to: str | None
) -> None:
    commit_id = builder.commit({b"d/link": Symlink(target), b"d/b.txt": b"1", b"c": b"2", b"e/f": b"3"})
    cell = get(site.browser(), "/r/files/tip/d/link").html.select_one("td.src")
    assert cell.text == target.decode()
    found = cell.select_one("a")
    assert (found and found["href"].partition("?")[0]) == (leads_to and f"/r/files/{commit_id}{leads_to}")


@pytest.mark.parametrize("target", [b"..", b"../..", b"../../../etc/passwd", b".", b"a\nb", b"\xff"])
def test_a_symbolic_link_that_leads_out_is_text(site: Site, builder: RepositoryBuilder, target: bytes) -> None:
    builder.commit({b"link": Symlink(target), b"b": b"1"})
    page = get(site.browser(), "/r/files/tip/link")
    assert page.status_int == 200
    assert page.html.select("td.src a") == []
