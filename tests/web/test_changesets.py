"""One commit as a page and as text."""

import subprocess

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.services import diffs
from kallithea.vcs.diff import DiffLimits
from kallithea.vcs.git.process import GitLimits
from kallithea.vcs.types import Kind
from kallithea.web.changesets import views
from kallithea.web.ui import diff_block, diff_files, diff_tools
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Symlink
from tests.factories.tree_bombs import commit_bomb
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def test_message_author_parents_and_diff(site: Site, builder: RepositoryBuilder) -> None:
    parent = builder.commit({b"a.py": b"one = 1\ntwo = 2\n"})
    commit_id = builder.commit({b"a.py": b"one = 1\ntwo = 3\n"}, message=b"Change two\n\nBecause <of> it.\n")
    page = get(site.browser(), f"/r/changeset/{commit_id}")
    assert page.html.h1.text == "Change two"
    assert page.html.select_one(".k-message").text == "Because <of> it."
    assert "Ada Lovelace" in page.text
    assert f"/r/changeset/{parent}" in page.text
    rows = [(row.get("class", []), row.select_one(".src").text.strip()) for row in page.html.select(".k-diff tr[id]")]
    assert rows == [([], "one = 1"), (["del"], "two = 2"), (["add"], "two = 3")]
    assert page.html.select_one("tr.add ins").text == "3"


def test_beside_a_damaged_file_the_rest_of_a_changeset_is_shown(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    commit_id = builder.commit({b"a": b"sound\n", b"b": b"1\n"}, message=b"Three files")
    (builder.path / ".hg" / "store" / "data" / "b.i").unlink()

    page = get(site.browser(), f"/r/changeset/{commit_id}")

    assert page.html.h1.text == "Three files"
    assert [row.select_one(".src").text.strip() for row in page.html.select(".k-diff tr.add")] == ["sound"]
    assert "is missing or damaged" in page.text
    for address in (f"/r/files-with-changes/{commit_id}", f"/r/files-changes/{commit_id}/"):
        assert get(site.browser(), address).text.count("Three files") >= 2


def test_short_prefixes_name_a_commit(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    for length in (7, 12):
        assert commit_id in get(site.browser(), f"/r/changeset/{commit_id[:length]}").text


def test_viewed_files_are_remembered_for_each_member(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1\n", b"b": b"1\n"})
    for name in ("ada", "bob"):
        site.user(name)
    ada, bob, visitor = (site.browser(name) for name in ("ada", "bob", None))
    page = get(ada, f"/r/changeset/{commit_id}").html
    address, codes = (
        page.select_one("form[data-viewed]")["action"],
        [file["data-code"] for file in page.select(".k-file")],
    )
    assert site.post(ada, address, {"file": codes[1], "viewed": "1"}).status_int == 204
    assert [get(browser, address).json for browser in (ada, bob, visitor)] == [[codes[1]], [], []]
    site.post(ada, address, {"file": codes[1], "viewed": "0"})
    assert get(ada, address).json == []
    assert site.post(ada, address, {"file": "a", "viewed": "1"}).status_int == 400
    assert ada.post(address, {"file": codes[0], "viewed": "1"}, expect_errors=True).status_int == 403
    assert not get(visitor, f"/r/changeset/{commit_id}").html.select("form[data-viewed]")
    assert get(ada, "/r/changeset-viewed/tip").status_int == 404


def test_renames_modes_binaries_and_empty_files_are_named(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    builder.commit({b"old.txt": b"1\n2\n3\n4\n5\n6\n", b"bin": b"\0"})
    commit_id = builder.commit({b"old.txt": None, b"new.txt": b"1\n2\n3\n4\n5\n6\n", b"bin": b"\0\1", b"empty": b""})
    page = get(site.browser(), f"/r/changeset/{commit_id}").text
    for words in (
        "Renamed from old.txt",
        "Binary files are not compared: 1 byte to 2 bytes.",
        "No lines were changed.",
    ):
        assert words in page


def test_changed_pictures_are_shown_side_by_side(site: Site, builder: RepositoryBuilder) -> None:
    head = b"\x89PNG\r\n\x1a\n\0"
    parent = builder.commit({b"a.png": head, b"gone.GIF": b"GIF89a\0", b"data.bin": b"\0"})
    commit_id = builder.commit(
        {b"a.png": head + b"12", b"gone.GIF": None, b"new.webp": b"RIFF\0", b"data.bin": b"\1\0"}
    )
    page = get(site.browser(), f"/r/changeset/{commit_id}").html
    shown = {
        file["aria-label"]: [(picture["src"], picture["alt"]) for picture in file.select(".k-pics img")]
        for file in page.select(".k-file")
    }
    assert shown == {
        "a.png": [
            (f"/r/raw/{parent}/a.png", "Before: 9 bytes"),
            (f"/r/raw/{commit_id}/a.png", "After: 11 bytes"),
        ],
        "gone.GIF": [(f"/r/raw/{parent}/gone.GIF", "Before: 7 bytes")],
        "new.webp": [(f"/r/raw/{commit_id}/new.webp", "After: 5 bytes")],
        "data.bin": [],
    }
    assert all(picture["loading"] == "lazy" for picture in page.select(".k-pics img"))
    assert page.text.count("Binary files are not compared") == 1


def test_large_pictures_are_left_to_who_asks_for_them(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff_files, "_LARGEST_PICTURE", 8)
    commit_id = builder.commit({b"a.png": b"\x89PNG\r\n\x1a\n\0"})
    page = get(site.browser(), f"/r/changeset/{commit_id}").html
    assert page.select(".k-pics") == []
    assert "Binary files are not compared" in page.text


def test_long_files_are_folded_and_what_is_left_out_can_be_asked_for(site: Site, builder: RepositoryBuilder) -> None:
    numbers = b"".join(b"%d\n" % number for number in range(2_500))
    commit_id = builder.commit({b"a": numbers, b"b": b"z\n" * 500, b"c": b"z\n"})
    page = get(site.browser(), f"/r/changeset/{commit_id}")
    assert [fold["aria-label"] for fold in page.html.select(".fold[checked]")] == ["Fold a", "Fold b"]
    assert "500 more changed lines not shown." in page.text
    (rest,) = page.html.select("a[data-rest]")
    portion = get(site.browser(), rest["href"])
    assert portion.html.h1.text == "a"
    assert [cell.text for cell in portion.html.select("tr.add td.src")] == [
        str(number) for number in range(2_000, 2_500)
    ]
    assert "not shown" not in portion.text


def test_lines_that_are_too_long_to_be_shown_are_named(site: Site, builder: RepositoryBuilder) -> None:
    long = b"x" * 5_000_000
    builder.commit({b"a.js": b"first\n" + long + b"\nlast\n"})
    commit_id = builder.commit({b"a.js": b"first\n" + long + b"y\nlast\nmore\n"})
    page, words, seen, raw = get(site.browser(), f"/r/changeset/{commit_id}").html, [], [], []
    while True:
        seen += [line.text for line in page.select("td.src") if not line.text.startswith("@@")]
        words += [note.text for note in page.select(".k-coll p")]
        raw += [link["href"] for link in page.select(".k-coll a:not([data-rest])")]
        assert page.select("[data-gap]") == []
        rest = page.select_one("a[data-rest]")
        if rest is None:
            break
        page = get(site.browser(), rest["href"]).html
    assert seen == ["first", "last", "more"]
    assert words == ["3 more changed lines not shown.", "2 lines are too long to be shown."]
    assert get(site.browser(), *raw).body.endswith(b"y\nlast\nmore\n")


def test_of_a_long_line_that_was_replaced_the_old_file_is_linked(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a.js": b"x" * 5_000_000})
    commit_id = builder.commit({b"a.js": b"short\n"})
    page = get(site.browser(), f"/r/changeset/{commit_id}").html
    (link,) = page.select(".k-coll a")
    assert page.select_one("tr.add td.src").text == "short"
    assert get(site.browser(), link["href"]).body == b"x" * 5_000_000


def test_what_is_left_out_never_leads_to_itself(site: Site, builder: RepositoryBuilder) -> None:
    """In Git, a file that becomes a link has two parts, of which the first one takes all the room."""
    builder.commit({b"a": b"x" * 1_023_990 + b"\n"})
    commit_id = builder.commit({b"a": Symlink(b"target")})
    addresses = [f"/r/changeset-file/{commit_id}/a"]
    while rest := get(site.browser(), addresses[-1]).html.select_one("a[data-rest]"):
        assert rest["href"] not in addresses
        addresses.append(rest["href"])


@pytest.mark.parametrize("content", [b"x" * 300_000 + b"\n", b"".join(b"y" * 900 + b"\n" for _ in range(700))])
def test_heavy_lines_are_shown_to_who_asks_for_them(site: Site, builder: RepositoryBuilder, content: bytes) -> None:
    commit_id = builder.commit({b"heavy.js": content, b"light": b"z\n"})
    page = get(site.browser(), f"/r/changeset/{commit_id}")
    assert [cell.text for cell in page.html.select("tr.add td.src")] == ["z"]
    assert "to keep the page fast" in page.html.select_one("#f1").text
    (rest,) = page.html.select("a[data-rest]")
    part = get(site.browser(), rest["href"] + "?part=1&anchor=f1").html
    assert len(part.select("tr.add")) == content.count(b"\n")


def test_files_beyond_those_of_a_page_are_listed_and_can_be_asked_for(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diffs, "PAGE_LIMITS", DiffLimits(files=3, listed=5))
    for module in (diffs, diff_block, diff_tools):
        monkeypatch.setattr(module, "FILES_ON_PAGE", 5)
    commit_id = builder.commit({b"%d" % number: b"%d\n" % number for number in range(8)})
    browser = site.browser()
    first = get(browser, f"/r/changeset/{commit_id}")
    assert [name.text for name in first.html.select("h2.fn")] == ["0", "1", "2", "3", "4"]
    assert "2 files not shown at once" in first.text
    assert [get(browser, link["href"]).html.select_one("td.src").text for link in first.html.select("a[data-rest]")]
    assert "of 5 viewed on this page" in first.html.select_one(".k-difftools").text
    above, below = (pager.span.text for pager in first.html.select(".k-page"))
    assert above == below == "1 to 5 of 8"
    older, _below = (link for link in first.html.select(".k-page a") if link.text == "Next")
    second = get(browser, older["href"])
    assert [name.text for name in second.html.select("h2.fn")] == ["5", "6", "7"]
    assert [section["id"] for section in second.html.select(".k-file")] == ["f6", "f7", "f8"]
    assert "8 files" in second.html.select_one(".k-difftools").text
    beyond = get(browser, f"/r/changeset/{commit_id}?page=3").html
    assert beyond.select_one(".k-empty h2").text == "No files on this page"
    assert beyond.select_one(".k-empty a")["href"] == f"/r/changeset/{commit_id}"
    assert beyond.select_one(".k-keys") is None


def test_a_merge_against_each_parent_and_all(site: Site, builder: RepositoryBuilder) -> None:
    base = builder.commit({b"a": b"1\n", b"b": b"1\n"})
    ours = builder.commit({b"a": b"ours\n"}, parents=(base,))
    theirs = builder.commit({b"a": b"theirs\n", b"b": b"2\n"}, parents=(base,), branch=b"other")
    merge = builder.commit({b"a": b"both\n", b"b": b"2\n"}, parents=(ours, theirs))
    browser = site.browser()
    page = get(browser, f"/r/changeset/{merge}")
    switch = {link.text: link["href"] for link in page.html.select("[aria-label='Compared with'] a")}
    assert list(switch) == ["Parent 1", "Parent 2", "Combined"]
    assert _changed_lines(page) == [("a", "-ours"), ("a", "+both"), ("b", "-1"), ("b", "+2")]
    assert _changed_lines(get(browser, switch["Parent 2"])) == [("a", "-theirs"), ("a", "+both")]
    combined = get(browser, switch["Combined"])
    assert [cell.text for cell in combined.html.select("td.mk")][1:] == ["\N{MINUS SIGN} ", " \N{MINUS SIGN}", "++"]
    assert get(browser, f"/r/changeset/{merge}?parent=3").status_int == 404
    assert get(browser, f"/r/changeset/{ours}?parent=combined").status_int == 404


def test_further_parents_of_a_merge_of_many_are_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sides", "views"):
        monkeypatch.setattr(f"kallithea.web.changesets.{module}.MOST_PARENTS", 2)
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.GIT)
    base = builder.commit({b"a": b"1\n"})
    sides = [builder.commit({b"b%d" % number: b"1\n"}, parents=(base,)) for number in range(5)]
    merge = builder.commit({b"a": b"2\n"}, parents=tuple(sides))

    page = get(site.browser(), f"/r/changeset/{merge}")

    assert len(page.html.select(".ft a.k-hash")) == 2
    assert "and 3 more" in page.html.select_one(".ft").text
    assert get(site.browser(), f"/r/changeset/{merge}?parent=5").status_int == 200


def test_files_that_a_combined_diff_leaves_out_are_counted(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.web.changesets.combined.PAGE_LIMITS", DiffLimits(files=1, listed=1))
    base = builder.commit({b"a": b"1\n", b"b": b"1\n"})
    sides = [builder.commit({b"a": text, b"b": text}, parents=(base,)) for text in (b"ours\n", b"theirs\n")]
    merge = builder.commit({b"a": b"both\n", b"b": b"both\n"}, parents=tuple(sides))

    page = get(site.browser(), f"/r/changeset/{merge}?parent=combined")

    assert len(page.html.select(".k-file")) == 1
    assert "1 more file not shown, to keep the page fast. The diffs against single parents show it." in page.text


def _changed_lines(page: Answer) -> list[tuple[str, str]]:
    found = []
    for section in page.html.select(".k-file"):
        for row in section.select("tr.add, tr.del"):
            sign = "+" if "add" in row["class"] else "-"
            found.append((section["aria-label"], sign + row.select_one("td.src").text))
    return found


def test_white_space_can_be_ignored(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"a b\n", b"b": b"a b\n"})
    commit_id = builder.commit({b"a": b"a  b\n", b"b": b"b  b\n"})
    browser = site.browser()
    for query in ("whitespace=all", "ignorews=1"):
        page = get(browser, f"/r/changeset/{commit_id}?{query}")
        assert _changed_lines(page) == [("b", "-a b"), ("b", "+b  b")]
        assert "Only white space was changed." in page.text
    raw = get(browser, f"/r/changeset-diff/{commit_id}?whitespace=all").text
    assert (raw.count("\n-a b\n"), raw.count("@@ -1")) == (1, 1)


def test_the_layout_is_remembered(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1\n"})
    commit_id = builder.commit({b"a": b"2\n"})
    browser = site.browser()
    assert not get(browser, f"/r/changeset/{commit_id}").html.select("table.split")
    assert get(browser, f"/r/changeset/{commit_id}?layout=split").html.select("table.split")
    assert get(browser, f"/r/changeset/{commit_id}").html.select("table.split")
    assert get(browser, f"/r/changeset/{commit_id}?layout=nonsense").html.select("table.split")
    assert not get(browser, f"/r/changeset/{commit_id}?layout=unified").html.select("table.split")


def test_one_file_as_a_page_and_as_a_part(site: Site, builder: RepositoryBuilder) -> None:
    lines = [b"%d\n" % number for number in range(1, 101)]
    builder.commit({b"d/old \xe9": b"".join(lines)})
    lines[49] = b"fifty\n"
    commit_id = builder.commit(
        {b"d/old \xe9": None, b"d/new": b"".join(lines)}, renames={b"d/new": b"d/old \xe9"}, message=b"Moved"
    )
    browser = site.browser()
    whole = get(browser, f"/r/changeset/{commit_id}").html
    (more,) = [link["href"] for link in whole.select(".acts a") if link.text == "More lines"]
    page = get(browser, more)
    assert page.html.h1.text == "d/new"
    assert "Moved" in page.text
    assert "Renamed from d/old" in page.text
    assert len(page.html.select(".k-diff tr[id]")) == 25 + 2 + 25
    part = get(browser, f"{more}&part=1&anchor=f7")
    assert part.html.find("html") is None
    assert part.html.select_one("tr.add")["id"] == "f7-n50"
    assert get(browser, f"/r/changeset-file/{commit_id}/nothing").status_int == 404
    assert get(browser, f"/r/changeset-file/{commit_id}/nothing?from=..").status_int == 404
    assert get(browser, f"/r/changeset-file/{commit_id}").status_int == 404


def test_unchanged_lines_between_hunks(site: Site, builder: RepositoryBuilder) -> None:
    lines = [b"%d\n" % number for number in range(1, 201)]
    builder.commit({b"a": b"".join(lines)})
    lines[99] = b"changed\n"
    lines[0] = b"new\nlines\n"
    commit_id = builder.commit({b"a": b"".join(lines)})
    browser = site.browser()
    table = get(browser, f"/r/changeset/{commit_id}").html.select_one("table.k-diff")
    (gap,) = [row["data-gap"] for row in table.select("tr[data-gap]")]
    old, new, count = map(int, gap.split())
    assert (old, new, count) == (5, 6, 92)

    part = get(browser, f"{table['data-lines']}?old={old}&new={new}&last={new + count - 1}&anchor=f1")
    rows = [[cell.text for cell in row.select("td")] for row in part.html.select("tr[id]")]
    assert (rows[0][:2], rows[0][3]) == (["77", "78"], "77")
    assert (rows[-1][:2], rows[-1][3]) == (["96", "97"], "96")
    assert part.html.select_one("tr.hunk")["data-gap"] == "5 6 72"

    old, new, _ = map(int, table["data-gap-after"].split())
    part = get(browser, f"{table['data-lines']}?old={old}&new={new}&last=0&anchor=f1")
    assert [row.select("td")[3].text for row in part.html.select("tr[id]")] == [str(n) for n in range(104, 124)]
    assert part.html.select("tr")[-1]["data-gap"] == "124 125 0"
    part = get(browser, f"{table['data-lines']}?old=190&new=191&last=0&anchor=f1&layout=split")
    assert [row.select("td")[2].text for row in part.html.select("tr")] == [str(n) for n in range(190, 201)]
    assert not part.html.select("tr[data-gap]")


def test_unchanged_lines_far_behind_in_a_file_are_said_to_be_missing(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.services.diffs.MOST_EXPANDED", 34)
    commit_id = builder.commit({b"a": b"".join(b"%09d\n" % number for number in range(1, 6))})
    words = "Lines behind the first 16 MiB of a file are not shown here."
    for layout in ("unified", "split"):
        part = get(site.browser(), f"/r/changeset-lines/{commit_id}/a?old=2&new=2&last=0&layout={layout}")
        rows = part.html.select("tr:not(.hunk)")
        assert [row.select("td.src")[-1].text for row in rows] == ["000000002", "000000003"]
        assert part.html.select_one("tr.hunk td.src").text == words
        assert not part.html.select("tr[data-gap]")
        part = get(site.browser(), f"/r/changeset-lines/{commit_id}/a?old=2&new=2&last=3&layout={layout}")
        assert words not in part.text


@pytest.mark.parametrize("query", ["", "?new=0&old=1", "?new=5&old=1&last=2", "?new=1&old=0", "?new=x&old=1"])
def test_lines_that_make_no_sense(site: Site, builder: RepositoryBuilder, query: str) -> None:
    commit_id = builder.commit({b"a": b"1\n"})
    assert get(site.browser(), f"/r/changeset-lines/{commit_id}/a{query}").status_int == 404


def test_a_diff_that_was_made_is_kept(site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit({b"a": b"1\n"})
    commit_id = builder.commit({b"a": b"<2>\n"})
    browser = site.browser()
    first = get(browser, f"/r/changeset/{commit_id}")
    monkeypatch.setattr(views, "read_page", None)
    again = get(browser, f"/r/changeset/{commit_id}")
    assert again.body == first.body
    assert "&lt;2&gt;" in again.text
    assert "<!--" not in again.text


def test_the_raw_diff_of_a_path(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1\n", b"b": b"1\n"})
    text = get(site.browser(), f"/r/changeset-diff/{commit_id}/b").text
    assert "b/b" in text
    assert "b/a" not in text


def test_the_raw_diff_is_whole_and_plain(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"<script>\n" * 3_000})
    for verb in ("changeset-diff", "raw-changeset", "changeset-download"):
        answer = get(site.browser(), f"/r/{verb}/{commit_id}")
        assert answer.content_type == "text/plain"
        assert answer.body.count(b"\n+<script>") == 3_000
        assert answer.headers["Content-Length"] == str(len(answer.body))


def test_a_git_patch_can_be_applied(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    assert isinstance(builder, GitBuilder)
    builder.commit({b"a": b"1\n"})
    commit_id = builder.commit({b"a": b"2\n"}, message="Größer\n\nSaid in two lines.\nReally.\n".encode())
    patch = get(site.browser(), f"/r/changeset-patch/{commit_id}").body
    clone = tmp_path_factory.mktemp("clone")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(clone)]
    subprocess.run([*git, "clone", "-q", str(builder.path), "."], check=True)
    subprocess.run([*git, "reset", "-q", "--hard", "HEAD^"], check=True)
    subprocess.run([*git, "am", "-q"], input=patch, check=True)
    shown = subprocess.run([*git, "show", "-s", "--format=%an %s %b"], capture_output=True, check=True).stdout.decode()
    assert shown.split() == "Ada Lovelace Größer Said in two lines. Really.".split()


def test_a_commit_with_no_message_and_no_author(site: Site) -> None:
    site.grant("visitors", Level.READ)
    commit_id = site.repository("r").commit({b"a": b"1"}, message=b"", author=b" <>")
    page = get(site.browser(), f"/r/changeset/{commit_id}").text
    assert "(no message)" in page
    assert "(unknown)" in page


def test_a_commit_is_shown_without_its_files_where_they_are_too_many(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    assert isinstance(builder, GitBuilder)
    small = GitLimits(total_memory=32 << 20)
    monkeypatch.setattr("kallithea.vcs.git.diffs.PAGE_PROCESS", small)
    monkeypatch.setattr("kallithea.vcs.git.diffs.RAW_PROCESS", small)
    parents = builder.commit({b"a": b"1"}), builder.commit({b"b": b"1"}, parents=())
    bomb = commit_bomb(builder, 6, *parents)

    for query in ("", "?page=2", "?parent=combined"):
        page = get(site.browser(), f"/r/changeset/{bomb}{query}")
        assert page.status_int == 200
        assert page.html.h1.text == "Many files"
        assert "more memory" in page.html.select_one(".k-notice.warn").text
        assert "No changes" not in page.text
        assert "ETag" not in page.headers
    assert get(site.browser(), f"/r/changeset-diff/{bomb}").status_int == 403
    page = get(site.browser(), f"/r/compare/{parents[0]}..{bomb}")
    assert (page.status_int, "more memory" in page.text) == (200, True)


def test_a_changeset_whose_files_take_too_long_is_shown_without_them(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    monkeypatch.setattr("kallithea.vcs.hg.diffs._PAGE_SECONDS", -1)
    first = builder.commit({b"a": b"1"})
    tip = builder.commit({b"a": b"2"}, message=b"Many files")
    page = get(site.browser(), f"/r/changeset/{tip}")
    assert (page.status_int, page.html.h1.text) == (200, "Many files")
    assert "took longer" in page.html.select_one(".k-notice.warn").text
    page = get(site.browser(), f"/r/compare/{first}..{tip}")
    assert (page.status_int, "took longer" in page.text) == (200, True)
