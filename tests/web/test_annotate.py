"""The page of who wrote each line."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import Tag

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.files import annotate
from tests.factories.repositories import ADA, BOB, RepositoryBuilder, Submodule, Symlink
from tests.web.site import Site, get, links

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """An empty repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def test_lines_stand_beside_the_commits_that_wrote_them(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a.py": b"def f():\n    return '<b>'\n"}, message=b"Begin <it>", author=ADA)
    second = builder.commit({b"a.py": b"def f():\n    return '<b>'\n# end\n"}, message=b"End it", author=BOB)

    page = get(site.browser(), f"/r/annotate/{second}/a.py")

    bodies = page.html.select("table.k-ann tbody")
    assert [[row.get("id") for row in body.select("tr")] for body in bodies] == [["L1", "L2"], ["L3"]]
    assert [body.select_one("a.msg").text for body in bodies] == ["Begin <it>", "End it"]
    assert [body.select_one("a.msg").get("href") for body in bodies] == [
        f"/r/changeset/{first}",
        f"/r/changeset/{second}",
    ]
    assert [cell.get("rowspan") for cell in page.html.select("td.who")] == ["2", "1"]
    assert '<span class="k">def</span> <span class="nf">f</span>():' in page.text
    assert "&lt;b&gt;" in page.text
    assert "2 c" in page.text
    assert "by 2 people since 2023" in page.text


def test_one_steps_back_before_a_commit(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"old name": b"1\n2\n"})
    moved = builder.commit({b"old name": None, b"new": b"1\n2\n3\n"}, renames={b"new": b"old name"})
    page = get(site.browser(), f"/r/annotate/{moved}/new")

    steps = [link.get("href") for link in page.html.select("td.who a.re")]

    assert steps == [f"/r/annotate/{first}/old%20name#L3"]
    assert get(site.browser(), steps[0].partition("#")[0]).html.select("td.who a.re") == []


def test_age_is_a_colour_and_a_word(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"1\n"}, date="1000000000 +0000")
    now = int(site.application.clock().timestamp())
    builder.commit({b"f": b"1\n2\n"}, date=f"{now - 3 * 86400} +0000")

    page = get(site.browser(), "/r/annotate/tip/f")

    assert [cell.get("class") for cell in page.html.select("td.heat")] == [["heat", "heat-9"], ["heat", "heat-0"]]
    assert page.html.select("a.age")[1].text == "3 d"


def test_the_file_page_leads_to_the_annotation_and_back(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a b": b"1\n", b"image": b"\0", b"empty": b""})
    browser = site.browser()

    assert f"/r/annotate/{commit_id}/a%20b" in links(get(browser, f"/r/files/{commit_id}/a%20b"))
    assert f"/r/files/{commit_id}/a%20b" in links(get(browser, f"/r/annotate/{commit_id}/a%20b"))
    for path in ("image", "empty"):
        assert "/annotate/" not in get(browser, f"/r/files/{commit_id}/{path}").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a\0b", "Binary files have no lines to annotate."),
        (b"", "The file is empty."),
        (b"x" * 6000, "No colours"),
        (b"a line of 20 letters\n" * 20_000, "No colours"),
        (b"a" * 300 + b"\n" + b"x" * 2_000_000, "Only the first 301 bytes of these lines are shown here."),
        (b"x" * 2_000_000, "Only the first 1.0 MiB of these lines are shown here."),
    ],
)
def test_what_is_not_shown_is_said(site: Site, builder: RepositoryBuilder, content: bytes, words: str) -> None:
    builder.commit({b"file.py": content})

    page = get(site.browser(), "/r/annotate/tip/file.py")

    assert page.status_int == 200
    assert words in page.text
    assert len(page.body) < 2_500_000


def test_a_file_can_be_too_large(site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "LARGEST_FILE", 1000)
    builder.commit({b"f": b"1\n" * 1000})

    assert "Files of more than 1\u202f000 bytes are not annotated." in get(site.browser(), "/r/annotate/tip/f").text


def test_the_text_of_a_symbolic_link_is_annotated(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"link": Symlink(b"/etc/passwd")})

    assert get(site.browser(), "/r/annotate/tip/link").html.select_one("td.src").text == "/etc/passwd"


def test_folders_and_sub_repositories_are_shown_without_annotation(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"d/f": b"1\n", b"sub": Submodule("1" * 40)})

    for path in ("", "/d", "/sub"):
        answer = get(site.browser(), f"/r/annotate/{commit_id}{path}")
        assert (answer.status_int, answer.location) == (303, f"/r/files/{commit_id}{path}")


def test_what_is_not_there(site: Site, builder: RepositoryBuilder) -> None:
    assert get(site.browser(), "/r/annotate/tip/f").status_int == 404
    builder.commit({b"f": b"1\n"})
    for address in ("/r/annotate/tip/g", "/r/annotate/nothing/f", f"/r/annotate/{'1' * 40}/f", "/r/annotate/tip/f/g"):
        assert get(site.browser(), address).status_int == 404


def test_a_long_file_has_pages(site: Site, builder: RepositoryBuilder) -> None:
    old = b"".join(b"%d\n" % line for line in range(1, 12_001))
    first = builder.commit({b"f": old})
    last = builder.commit({b"f": old.replace(b"11000\n", b"changed\n")})
    browser = site.browser()

    page = get(browser, f"/r/annotate/{last}/f?page=3")

    rows = page.html.select("table.k-ann tbody tr")
    assert (rows[0].get("id"), rows[-1].get("id"), len(rows)) == ("L10001", "L12000", 2000)
    assert f"10{NARROW}001 to 12{NARROW}000 of 12{NARROW}000" in page.text
    assert [link.get("href") for link in page.html.select("td.who a.re")] == [f"/r/annotate/{first}/f?page=3#L11000"]
    assert f"/r/annotate/{last}/f?page=2" in links(page)
    assert len(get(browser, f"/r/annotate/{last}/f").html.select("table.k-ann tbody tr")) == 5000
    assert get(browser, f"/r/annotate/{last}/f?page=4").html.select("table.k-ann tbody tr") == []


def test_commits_that_the_repository_lists_are_ignored(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"f": b"if a:\n  b\n"}, message=b"Begin")
    formatting = builder.commit({b"f": b"if a:\n    b\n"}, message=b"Format")
    listed = builder.commit({b".git-blame-ignore-revs": f"# black\n{formatting}\n".encode()})
    browser = site.browser()

    ignoring, showing = get(browser, f"/r/annotate/{listed}/f"), get(browser, f"/r/annotate/{listed}/f?ignore=none")

    assert [link.text for link in ignoring.html.select("a.msg")] == ["Begin", "Begin"]
    assert [mark.text for mark in ignoring.html.select("td.who .vh")] == ["A commit that is ignored changed this later"]
    assert [link.text for link in showing.html.select("a.msg")] == ["Begin", "Format"]
    assert [choice.text for choice in showing.html.select(".k-filebar .k-seg a")] == ["Ignore 1 commit", "Show all"]
    assert f"/r/annotate/{first}/f?ignore=none" in links(showing)
    assert get(browser, f"/r/annotate/{formatting}/f").html.select(".k-filebar .k-seg") == []


def test_a_list_of_commits_that_is_too_long_is_named_as_such(site: Site, builder: RepositoryBuilder) -> None:
    formatting = builder.commit({b"f": b"a\n"})
    commit_id = builder.commit({b".git-blame-ignore-revs": formatting.encode() + b"\n" + b"# no id\n" * 140_000})

    page = get(site.browser(), f"/r/annotate/{commit_id}/f")

    assert page.html.select(".k-filebar .k-seg a")[0].text == "Ignore the first 1 commit"


def test_changes_of_white_space_can_be_skipped(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"if a:\n  b\nc\n"}, message=b"Begin")
    last = builder.commit({b"f": b"if a:\n    b\nd\n"}, message=b"Change")
    browser, address = site.browser(), f"/r/annotate/{last}/f"

    plain, unknown = get(browser, address), get(browser, f"{address}?whitespace=most&moves=1")
    switch = plain.html.find("a", string="Skip whitespace changes")
    skipping = get(browser, switch["href"])

    assert [link.text for link in plain.html.select("a.msg")] == ["Begin", "Change"]
    assert [link.text for link in unknown.html.select("a.msg")] == ["Begin", "Change"]
    assert [link.text for link in skipping.html.select("a.msg")] == ["Begin", "Change"]
    assert [cell["rowspan"] for cell in plain.html.select("td.who")] == ["1", "2"]
    assert [cell["rowspan"] for cell in skipping.html.select("td.who")] == ["2", "1"]
    assert not switch.has_attr("aria-current")
    on = skipping.html.find("a", string="Skip whitespace changes")
    assert (on["href"], on["aria-current"]) == (address, "true")
    (before,) = (link["href"] for link in skipping.html.select("td.who a") if "#L" in link["href"])
    assert "?whitespace=all#L" in before


def test_moved_lines_are_followed_in_git(site: Site, builder: RepositoryBuilder) -> None:
    lines = [b"the %s line, which is long enough to be known again\n" % word for word in (b"first", b"next", b"last")]
    builder.commit({b"f": b"".join(lines)}, message=b"Begin")
    last = builder.commit({b"f": lines[2] + lines[0] + lines[1]}, message=b"Move")
    browser, address = site.browser(), f"/r/annotate/{last}/f"

    switch = get(browser, address).html.find("a", string="Follow moved lines")
    following = get(browser, f"{address}?moves=follow&whitespace=all")

    assert (switch is not None) is (builder.kind is Kind.GIT)
    assert ("Move" in {link.text for link in following.html.select("a.msg")}) is (builder.kind is Kind.HG)
    assert f"{address}?whitespace=all" in links(following) or builder.kind is Kind.HG


def test_other_revisions_are_looked_at_in_the_same_way(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"f": b"1\n"})
    browser, query = site.browser(), {"ignore": ["none"], "whitespace": ["all"]}
    if builder.kind is Kind.GIT:
        query["moves"] = ["follow"]

    page = get(browser, "/r/annotate/tip/f?whitespace=all&moves=follow&ignore=none").html
    menu = get(browser, page.select_one("details[data-refs]")["data-refs"]).html
    plain = get(browser, get(browser, "/r/annotate/tip/f").html.select_one("details[data-refs]")["data-refs"]).html

    (there, usual) = (urlsplit(found.select_one("a")["href"]) for found in (menu, plain))
    name = "main" if builder.kind is Kind.GIT else "default"
    assert (there.path, parse_qs(there.query)) == (f"/r/annotate/{commit_id}/f", {"at": [name], **query})
    assert parse_qs(usual.query) == {"at": [name]}
    kept = urlsplit(page.select_one("[data-permanent]")["data-permanent"])
    assert (kept.path, parse_qs(kept.query)) == (f"/r/annotate/{commit_id}/f", query)


def test_where_there_is_little_room_the_choices_are_in_a_menu(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"f": b"1\n", b".git-blame-ignore-revs": b"1" * 40 + b"\n"})
    address = f"/r/annotate/{commit_id}/f"
    plain, changed = (get(site.browser(), f"{address}{query}").html for query in ("", "?whitespace=all&ignore=none"))

    def menu_of(page: Tag) -> list[tuple[str, str, bool]]:
        found = page.select(".k-filebar .k-menu a")
        return [(link.text.strip(), str(link["href"]), link.has_attr("aria-current")) for link in found]

    def beside_it(page: Tag) -> list[tuple[str, str, bool]]:
        found = page.select(".k-filebar a.k-hide-n, .k-filebar .k-seg.k-hide-n a")
        return [(link.text.strip(), str(link["href"]), link.has_attr("aria-current")) for link in found]

    for page, on in ((plain, ""), (changed, "2")):
        assert sorted(menu_of(page)) == sorted(beside_it(page))
        assert len(menu_of(page)) == (4 if builder.kind is Kind.GIT else 3)
        assert page.select_one(".k-filebar .k-menu summary").text.split() == ["Options", *on]


def test_what_is_not_known_in_time_is_said(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"f": b"1\n2\n"})
    monkeypatch.setattr(annotate, "SECONDS", 0)
    browser = site.browser()

    short = get(browser, f"/r/annotate/{commit_id}/f")
    long = get(browser, f"/r/annotate/{commit_id}/f?time=more")

    assert "It takes a while to find out who wrote these lines." in short.text
    assert [cell.text for cell in short.html.select("td.who")] == ["Not yet known"]
    assert short.html.select_one("td.src").text == "1"
    assert "ETag" not in short.headers
    assert f"/r/annotate/{commit_id}/f?time=more" in links(short)
    assert short.html.select_one("[data-authors]")["data-authors"] == f"/r/annotate/{commit_id}/f?time=more"
    assert "Not yet known" not in long.text
    assert "ETag" in long.headers


def test_a_long_file_is_shown_before_its_authors_are_looked_for(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"f": b"1\n2\n3\n"})
    monkeypatch.setattr(annotate, "LINES_AT_ONCE", 2)
    browser = site.browser()

    first = get(browser, f"/r/annotate/{commit_id}/f")
    then = get(browser, first.html.select_one("[data-authors]")["data-authors"])

    assert [cell.text for cell in first.html.select("td.who")] == ["Not yet known"]
    assert "Not yet known" not in then.text
    assert "data-authors=" not in get(browser, f"/r/annotate/{commit_id}/f").text


def test_what_is_known_of_a_file_is_known_of_it_in_later_commits(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builder.commit({b"f": b"1\n2\n"})
    last = builder.commit({b"other": b""})
    before = get(site.browser(), f"/r/annotate/{first}/f")
    monkeypatch.delattr(f"kallithea.vcs.{builder.kind}.blame.{builder.kind.capitalize()}Blame.blame")

    after = get(site.browser(), f"/r/annotate/{last}/f")

    assert rows_of(after.text) == rows_of(before.text) != []


def rows_of(text: str) -> list[str]:
    """The table's bodies."""
    return re.findall("<tbody>.*?</tbody>", text, re.DOTALL)
