"""The last change of each entry on pages of folders: left out at first, fetched by a script, asked for by a link."""

import pytest
from webtest import TestResponse as Answer

from kallithea.cache.turns import take_turn
from kallithea.core.access import Level
from kallithea.services import last_changes
from kallithea.services.last_changes import Place, _key
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder, Submodule
from tests.services.test_outbox import stored_jobs
from tests.web.site import Site, get, links

NAMES = ["docs", "<b>&", "README.md"]


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """A repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


@pytest.fixture
def commits(builder: RepositoryBuilder) -> list[str]:
    """Two commits; the first has touched all, the second the README."""
    files = {b"docs/a": b"1", b"<b>&": b"1", b"README.md": b"# 1\n"}
    first = builder.commit(files, message=b"<i>first</i>", date="1700000000 +0000")
    return [first, builder.commit({b"README.md": b"# 2\n"}, message=b"second")]


def rows(page: Answer) -> list[tuple[str, str]]:
    """Name and subject of each row of a folder's page, without that of the folder above."""
    found = [row for row in page.html.select("section.k-panel table tbody tr") if row.select("td")]
    return [(row.select_one("th a").text, row.select("td")[0].text.strip()) for row in found]


@pytest.mark.parametrize("address", ["/r", "/r/files/tip"])
def test_a_cold_page_comes_without_and_is_not_kept(site: Site, commits: list[str], address: str) -> None:
    page = get(site.browser(), address)

    assert [subject for _, subject in rows(page)] == ["", "", ""]
    assert "ETag" not in page.headers
    assert page.html.select_one("tbody")["data-changes"] == f"/r/files-changes/{commits[1]}"
    assert len(page.html.select("td[data-change]")) == 6


@pytest.mark.parametrize("address", ["/r", "/r/files/tip"])
def test_the_second_request_has_the_cells_in_the_order_of_the_page(
    site: Site, commits: list[str], address: str
) -> None:
    browser = site.browser()
    page = get(browser, address)

    part = get(browser, page.html.select_one("tbody")["data-changes"])

    names = [row.select_one("th").text.strip() for row in page.html.select("tbody tr")]
    subjects = [row.select("td")[0].text for row in part.html.select("tr")]
    assert list(zip(names, subjects, strict=True)) == [
        ("docs", "<i>first</i>"),
        ("<b>&", "<i>first</i>"),
        ("README.md", "second"),
    ]
    assert len(part.html.select("td")) == len(page.html.select("td[data-change]"))
    assert f"/r/changeset/{commits[0]}" in links(part)
    assert "&lt;i&gt;first" in part.text
    assert part.html.select_one("time")["datetime"] == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("address", ["/r", "/r/files/tip"])
def test_a_page_whose_changes_are_known_has_them_at_once(site: Site, commits: list[str], address: str) -> None:
    browser = site.browser()
    get(browser, "/r/files-changes/tip")
    get(browser, "/r/summary-facts/tip")

    page = get(browser, address)

    assert rows(page) == [("docs", "<i>first</i>"), ("<b>&", "<i>first</i>"), ("README.md", "second")]
    assert page.html.select("[data-changes], [data-change], noscript") == []
    assert "ETag" in page.headers


def test_without_scripts_a_link_leads_to_the_whole_page(site: Site, commits: list[str]) -> None:
    browser = site.browser()
    link = get(browser, "/r").html.select_one("noscript a")

    page = get(browser, link["href"])

    assert (link.text, link["rel"]) == ("Show last changes", ["nofollow"])
    assert [subject for _, subject in rows(page)] == ["<i>first</i>", "<i>first</i>", "second"]
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_folder_below_the_root(site: Site, commits: list[str]) -> None:
    page = get(site.browser(), "/r/files-with-changes/tip/docs")
    assert rows(page) == [("a", "<i>first</i>")]
    assert get(site.browser(), "/r/files-changes/tip/docs").html.select_one("td").text == "<i>first</i>"


def test_a_sub_repository_has_a_last_change(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"sub": Submodule("1" * 40)}, message=b"pinned")
    builder.commit({b"f": b"1"}, message=b"other")
    found = get(site.browser(), "/r/files-with-changes/tip").html.select("tbody tr")
    subjects = {row.select_one("th").text.split()[0]: row.select("td")[0].text.strip() for row in found}
    assert subjects["sub"] == "pinned"
    assert subjects["f"] == "other"


def test_each_page_of_a_large_folder_has_its_own(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f%04d" % number: b"" for number in range(1001)}, message=b"all")
    builder.commit({b"f1000": b"1"}, message=b"the last one")
    browser = site.browser()
    page = get(browser, "/r/files/tip?page=2")

    part = get(browser, page.html.select_one("tbody")["data-changes"])

    assert [cell.text for cell in part.html.select("td a")] == ["the last one"]
    assert len(get(browser, "/r/files-changes/tip").html.select("tr")) == 1000


def test_while_another_process_finds_them_the_answer_is_to_come_back(site: Site, commits: list[str]) -> None:
    turns = site.application.settings.cache_dir / "turns"
    with take_turn(turns, _key(Place(1, b""), commits[1]), wait_seconds=0):
        part = get(site.browser(), "/r/files-changes/tip")
        page = get(site.browser(), "/r/files-with-changes/tip")
    assert (part.status_int, part.headers["Retry-After"]) == (202, "2")
    assert part.content_type == "text/plain"
    assert page.html.select_one("noscript").text.split() == "They are being found right now. Try again".split()
    assert "ETag" not in page.headers


def test_what_takes_too_long_says_so_and_goes_on_in_the_background(
    site: Site, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_changes.LastChanges.read, "__kwdefaults__", {"seconds": 0})
    browser = site.browser()

    part, page = get(browser, "/r/files-changes/tip"), get(browser, "/r/files-with-changes/tip")

    assert (part.status_int, part.headers["Retry-After"]) == (503, "30")
    assert part.text == "Finding the last changes took longer than 0 seconds."
    assert page.status_int == 200
    assert "took longer than 0 seconds. Try again" in page.html.select_one("noscript").text
    site.application.later.flush()
    assert "FindLastChanges" in [job.kind for job in stored_jobs(site.application)]


@pytest.mark.parametrize("page", ["files-changes", "files-with-changes"])
def test_what_is_no_folder_has_none(site: Site, commits: list[str], page: str) -> None:
    for path in ("tip/absent", "tip/README.md", "absent"):
        assert get(site.browser(), f"/r/{page}/{path}").status_int == 404


def test_who_may_not_read_gets_nothing(site: Site, builder: RepositoryBuilder, commits: list[str]) -> None:
    get(site.browser(), "/r/files-changes/tip")
    site.grant("visitors", Level.NONE)
    for page in ("files-changes", "files-with-changes"):
        assert get(site.browser(), f"/r/{page}/{commits[1]}").status_int == 404


def test_the_answers_of_a_page_are_stored(site: Site, commits: list[str]) -> None:
    get(site.browser(), "/r/files-changes/tip")
    assert site.application.last_changes.find(Place(1, b""), commits[1]) is not None


def head_line(page: Answer) -> tuple[str | None, str | None, str]:
    """Author and subject of the line at the top of a page, and the address of that which fetches it."""
    line = page.html.select_one(".k-lastc")
    texts = [found.text if found else None for found in (line.select_one("b"), line.select_one("a"))]
    return texts[0], texts[1], line.get("data-part", "")


@pytest.mark.parametrize("page", ["files/tip/docs/a", "annotate/tip/docs/a", "files/tip/docs"])
def test_the_top_of_a_page_has_the_last_change_of_its_path(site: Site, commits: list[str], page: str) -> None:
    browser = site.browser()
    author, subject, address = head_line(get(browser, f"/r/{page}"))
    assert (author, subject) == (None, None)

    part = get(browser, address)

    assert [found.text for found in part.html.select("b, a.clip")] == ["Ada Lovelace", "<i>first</i>"]
    assert {link["href"] for link in part.html.select("a")} == {f"/r/changeset/{commits[0]}"}
    assert head_line(get(browser, f"/r/{page}")) == ("Ada Lovelace", "<i>first</i>", "")


def test_the_top_of_the_root_has_the_commit_itself(site: Site, commits: list[str]) -> None:
    assert head_line(get(site.browser(), "/r/files/tip")) == ("Ada Lovelace", "second", "")


def test_the_last_change_of_a_path_in_a_large_folder(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_changes, "WHOLE_LIMIT", 1000)
    builder.commit({b"f%04d" % number: b"" for number in range(1001)}, message=b"all")
    builder.commit({b"f1000": b"1"}, message=b"the last one")
    part = get(site.browser(), "/r/files-changes/tip/f1000?of=path")
    assert part.html.select_one("a").text == "the last one"


def test_the_last_change_of_a_path_that_is_not_there(site: Site, commits: list[str]) -> None:
    assert site.browser().get("/r/files-changes/tip/docs/b?of=path", expect_errors=True).status_int == 404


def test_the_last_change_of_a_path_while_another_process_finds_it(site: Site, commits: list[str]) -> None:
    with take_turn(site.application.settings.cache_dir / "turns", _key(Place(1, b""), commits[1]), wait_seconds=0):
        answer = get(site.browser(), "/r/files-changes/tip/README.md?of=path")
    assert (answer.status_int, answer.text, answer.headers["Retry-After"]) == (202, "", "2")
