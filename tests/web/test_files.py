"""Folders and files as pages."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.files import code
from tests.factories.repositories import Executable, RepositoryBuilder, Submodule, Symlink
from tests.web.site import Site, get, links

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    """An empty repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def test_a_file_is_shown_in_numbered_coloured_lines(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"src/a.py": b"def f():\n\treturn '<b>'\n"})
    page = get(site.browser(), "/r/files/tip/src/a.py")
    assert [row.get("id") for row in page.html.select("table.k-code tbody tr")] == ["L1", "L2"]
    assert '<span class="k">def</span> <span class="nf">f</span>():' in page.text
    assert "&lt;b&gt;" in page.text
    assert "2 lines" in page.text


@pytest.mark.parametrize("verb", ["files", "annotate"])
def test_the_history_of_lines_is_that_of_the_commit_shown(site: Site, builder: RepositoryBuilder, verb: str) -> None:
    commit_id = builder.commit({b"d/\xe9": b"1\n2\n"})
    builder.tag(b"t", commit_id)
    builder.commit({b"d/\xe9": b"1\nII\n"})

    link = get(site.browser(), f"/r/{verb}/t/d/%E9").html.select_one("[data-linebar] a.k-hide-s")

    assert link["href"] == link["data-lines-history"] == f"/r/changelog/{commit_id}/d/%E9?at=t"
    history = get(site.browser(), f"{link['href']}&lines=2").html
    assert [line["href"] for line in history.select("a.m")] == [f"/r/changeset/{commit_id}"]


def test_a_file_of_code_has_an_outline(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a.py": b"class A:\n    def m(self):\n        pass\n", b"one.py": b"def f(): pass\n"})
    for _ in range(2):
        entries = get(site.browser(), "/r/files/tip/a.py").html.select(".k-outline li")
        shown = [(entry.a["href"], entry.a["data-last"], entry.text, entry.get("class")) for entry in entries]
        # made, and then kept
        assert shown == [("#L1", "3", "A", None), ("#L2", "3", "m", ["m"])]
    assert not get(site.browser(), "/r/files/tip/one.py").html.select(".k-outline, .k-scope")


def test_links_carry_the_full_commit_id_and_the_ref(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"src/a b.py": b"1\n"})
    page = get(site.browser(), "/r/files/tip/src")
    assert any(link.startswith(f"/r/files/{commit_id}/src/a%20b.py") for link in links(page))


def test_no_link_of_a_page_is_dead(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"README.md": b"# Hello\n", b"src/a.py": b"1\n", b"caf\xe9": b"2\n"})
    # a member: a stranger who follows every link is told to wait
    site.user("ada")
    browser, seen, waiting = site.browser("ada"), set[str](), ["/r"]
    while waiting:
        address = waiting.pop()
        if address not in seen and address.startswith("/"):
            seen.add(address)
            answer = get(browser, address)
            assert answer.status_int in (200, 303), address
            waiting += links(answer) if answer.content_type == "text/html" else []
    assert len(seen) > 25


def test_the_tree_beside_a_file_opens_the_folders_above_it(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a/b/c": b"1", b"a/d": b"2", b"e/f": b"3"})
    part = get(site.browser(), "/r/files/tip/a/b/c").html.select_one("#ftree")["data-part"]
    tree = get(site.browser(), part).html
    assert [name.text for name in tree.select("summary .clip")] == ["a", "b"]
    assert {name.text for name in tree.select("a .clip")} == {"c", "d", "e"}
    assert tree.select_one("a[aria-current]").text == "c"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a\0b", "Binary files are not shown."),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "Binary files are not shown."),
        (b"a line of 20 letters\n" * 20_000, "Only the first 250.0 KiB are shown here."),
        (b"x" * 300_000, "Only the first 250.0 KiB are shown here."),
        (b"\n" * 200_000, "Only the first 19.5 KiB are shown here."),
        (b"", "The file is empty."),
        (b"x" * 6000, "No colours"),
    ],
)
def test_what_is_not_shown_is_said(site: Site, builder: RepositoryBuilder, content: bytes, words: str) -> None:
    builder.commit({b"file.py": content})
    page = get(site.browser(), "/r/files/tip/file.py")
    assert words in page.text
    assert "/raw/" in page.text
    assert len(page.body) < 2_500_000


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_in_utf16_is_shown(site: Site, builder: RepositoryBuilder, encoding: str) -> None:
    # one of the letters has the byte of a line end, another takes four bytes
    text = "\ufeff# Caf\u00e9 \u010a \U0001f600\r\nsecond\n"
    files = {name: text.encode(encoding) for name in (b"f.txt", b"README.md")}
    builder.commit({**files, b"long.txt": ("\ufeff" + "\U0001f600\n" * 60_000).encode(encoding)})
    site.user("ada")
    site.grant("ada", Level.WRITE, "r")
    page = get(site.browser("ada"), "/r/files/tip/f.txt")
    assert [row.text for row in page.html.select("table.k-code td.src")] == ["# Caf\u00e9 \u010a \U0001f600", "second"]
    assert "utf-16" in page.text
    assert "Files in UTF-16 are not edited here." in page.text
    assert "Only the first" not in page.text
    assert "Caf\u00e9 \u010a" in get(site.browser(), "/r").text
    assert "Only the first 97.7 KiB are shown here." in get(site.browser(), "/r/files/tip/long.txt").text
    assert "Files in UTF-16 are not edited here." in get(site.browser("ada"), "/r/edit/tip/f.txt").text


def test_what_only_begins_like_utf16_is_none(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f": b"\xff\xfea\0\0\0", b"g": b"\xff\xfeword\x00\xd8", b"h": b"\xff\xfe odd\n"})
    for name in "fg":
        assert "Binary files are not shown." in get(site.browser(), f"/r/files/tip/{name}").text
    page = get(site.browser(), "/r/files/tip/h")
    assert "odd" in page.html.select_one("table.k-code td.src").text
    assert "utf-16" not in page.text


LONG = b"".join(b"line %d\n" % number for number in range(1, 30_001))


def _numbers(page: Answer) -> list[str]:
    # A parser would take seconds for a page of 20,000 lines.
    return re.findall(r'<tr id="(L\d+)"', page.text)


def test_a_file_that_is_cut_says_how_many_lines_it_has(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.txt": LONG, b"longer.txt": b"x" * 20 + b"\n" + b"y\n" * 600_000, b"longest.txt": LONG * 16})
    for name, words in (("f", "30 000 lines"), ("longer", "600 001 lines"), ("longest", "more than 394 978 lines")):
        page = get(site.browser(), f"/r/files/tip/{name}.txt")
        assert words in page.text.replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert len(page.body) < 2_600_000


def test_all_lines_of_a_long_file_are_reached_by_links(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.txt": LONG})
    page, windows = get(site.browser(), "/r/files/tip/f.txt"), []
    assert "Show the lines after these" in page.text
    while True:
        numbers = _numbers(page)
        windows.append((numbers[0], numbers[-1], len(numbers)))
        following = page.html.select_one("nav.k-page").find("a", string="Next")
        if following is None:
            break
        page = get(site.browser(), following["href"])
    assert windows == [("L1", "L20000", 20_000), ("L20001", "L30000", 10_000)]
    assert page.html.select_one("#L30000 .src").text == "line 30000"
    before = page.html.select_one("nav.k-page").find("a", string="Previous")["href"]
    assert _numbers(get(site.browser(), before))[0] == "L1"


def test_windows_of_long_lines_follow_each_other_both_ways(site: Site, builder: RepositoryBuilder) -> None:
    content = b"".join(b"%07d" % number + b"z" * number + b"\n" for number in range(1, 2_001))
    builder.commit({b"f.md": content + b"w" * 300_000 + b"\nlast"})
    addresses, shown = ["/r/files/tip/f.md?view=source"], list[str]()
    while True:
        page = get(site.browser(), addresses[-1])
        shown += _numbers(page)
        following = page.html.select_one("nav.k-page").find("a", string="Next")
        if following is None:
            break
        addresses.append(following["href"])
        assert "view=source" in addresses[-1]
    assert shown == [f"L{number}" for number in range(1, 2_003)]
    back = set[str]()
    while (link := page.html.select_one("nav.k-page").find("a", string="Previous")) is not None:
        page = get(site.browser(), link["href"])
        back.update(_numbers(page))
    assert {f"L{number}" for number in range(1, 2_001)} <= back


@pytest.mark.parametrize(
    ("query", "first"), [("from=29000", "L29000"), ("from=99999999999", "L30000"), ("from=0", "L1"), ("from=x", "L1")]
)
def test_a_window_begins_where_it_is_told(site: Site, builder: RepositoryBuilder, query: str, first: str) -> None:
    builder.commit({b"f.txt": LONG})
    page = get(site.browser(), f"/r/files/tip/f.txt?{query}")
    assert _numbers(page)[0] == first
    assert page.html.select_one("[data-absent] a") is not None


def test_of_a_short_file_nothing_is_elsewhere(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.txt": b"1\n2\n3\n"})
    page = get(site.browser(), "/r/files/tip/f.txt")
    assert page.html.select("nav.k-page, [data-absent] a") == []
    assert _numbers(get(site.browser(), "/r/files/tip/f.txt?from=3")) == ["L3"]


def test_a_later_line_that_is_cut_says_so(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.txt": b"1\n" + b"x" * 2_000_000 + b"\nlast\n"})
    page = get(site.browser(), "/r/files/tip/f.txt?from=2")
    assert _numbers(page) == ["L2"]
    notice = page.html.select_one(".k-notice").get_text()
    assert re.search(r"Only the first [\d.]+ KiB of these lines are shown here\.", notice)
    last = page.click("Show the lines after these")
    assert _numbers(last) == ["L3"]
    assert "these lines" not in last.html.select_one(".k-notice").text


def test_a_line_that_is_cut_stays_in_its_encoding(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.txt": b"x" + "é".encode() * 1_000_000 + b"\n"})
    page = get(site.browser(), "/r/files/tip/f.txt")
    assert set(page.html.select_one("#L1 td.src").text) == {"x", "é"}


def test_the_last_lines_that_can_be_shown_of_a_large_file_say_so(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.txt": (b"y" * 999 + b"\n") * 34_000})
    page = get(site.browser(), "/r/files/tip/f.txt?from=99999")
    assert _numbers(page) == ["L33554"]
    assert "Lines behind the first 32 MiB of a file are not shown here." in page.text


def test_a_picture_is_shown(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"logo.png": PNG})
    assert f'src="/r/raw/{commit_id}/logo.png"' in get(site.browser(), "/r/files/tip/logo.png").text


def test_of_a_symbolic_link_the_text_is_shown(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"link": Symlink(b"/etc/passwd")})
    page = get(site.browser(), "/r/files/tip/link")
    assert "/etc/passwd" in page.html.select_one("td.src").text
    assert "symbolic link" in page.text


def test_an_executable_file_says_so(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"run": Executable(b"#!/bin/sh\n")})
    assert "executable" in get(site.browser(), "/r/files/tip/run").text


def test_a_sub_repository_is_named_with_its_commit(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"sub": Submodule("1" * 40), b"file": b"1"})
    folder, page = get(site.browser(), "/r/files/tip"), get(site.browser(), "/r/files/tip/sub")
    assert "Sub-repository at 11111111" in folder.text
    assert "1" * 40 in page.text
    assert get(site.browser(), "/r/raw/tip/sub").status_int == 404


def _inside(builder: RepositoryBuilder, source: str, pinned: str = "1" * 40) -> str:
    """Commit a repository inside at ``lib/sub`` that comes from there."""
    if builder.kind is Kind.GIT:
        modules = f'[submodule "x"]\n\tpath = lib/sub\n\turl = {source}\n'.encode()
        return builder.commit({b".gitmodules": modules, b"lib/sub": Submodule(pinned), b"f": b"1"})
    states = {b".hgsub": f"lib/sub = {source}\n".encode(), b".hgsubstate": f"{pinned} lib/sub\n".encode()}
    return builder.commit({**states, b"f": b"1", b"lib/f": b"1"})


def _links_inside(page: Answer) -> list[tuple[str, str]]:
    return [(link["href"], link.text) for link in page.html.select(".k-coll a")]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "source", ["../sea", "../sea.git", "./../../g/sea/", "http://localhost/g/sea", "http://LOCALHOST/g/sea.git"]
)
def test_a_sub_repository_of_this_site_is_a_link(site: Site, kind: Kind, source: str) -> None:
    site.grant("visitors", Level.READ)
    site.group("g")
    pinned = site.repository("g/sea", kind).commit({b"a": b"1"})
    _inside(site.repository("g/r", kind), source, pinned)
    page = get(site.browser(), "/g/r/files/tip/lib/sub")
    assert _links_inside(page) == [(f"/g/sea/changeset/{pinned}", pinned), ("/g/sea", source)]
    assert "ETag" not in page.headers


@pytest.mark.parametrize("kind", Kind)
def test_a_hidden_sub_repository_is_as_absent(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    site.user("ada", administrator=True)
    pinned = site.repository("sea", kind, private=True).commit({b"a": b"1"})
    for name in ("sea", "lee"):
        _inside(site.repository(f"r-{name}", kind), f"../{name}", pinned)
    hidden, absent = (get(site.browser(), f"/r-{name}/files/tip/lib/sub") for name in ("sea", "lee"))
    assert hidden.html.select_one(".k-coll").decode() == absent.html.select_one(".k-coll").decode().replace(
        "lee", "sea"
    )
    assert _links_inside(hidden) == []
    assert ("/sea", "../sea") in _links_inside(get(site.browser("ada"), "/r-sea/files/tip/lib/sub"))


def test_a_commit_that_a_repository_of_this_site_has_not_is_no_link(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("sea").commit({b"a": b"1"})
    _inside(site.repository("r"), "../sea")
    assert _links_inside(get(site.browser(), "/r/files/tip/lib/sub")) == [("/sea", "../sea")]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("https://example.org/sea.git", True),
        ("http://localhost:99999999/sea", True),
        ("https://ada:secret@example.org/sea", False),
        ("ssh://git@localhost/sea", False),
        ("git@localhost:sea", False),
        ("javascript:alert(1)//", False),
        ("https://[", False),
        ("../../../../etc", False),
        ("file:///etc/passwd", False),
        ("ext::sh -c x", False),
    ],
)
def test_where_a_sub_repository_comes_from_is_text_or_a_link(site: Site, kind: Kind, source: str, link: bool) -> None:
    site.grant("visitors", Level.READ)
    _inside(site.repository("r", kind), source)
    page = get(site.browser(), "/r/files/tip/lib/sub")
    assert f"It comes from {source}." in page.html.select_one(".k-coll").text
    assert _links_inside(page) == ([(source, source)] if link else [])
    folder = get(site.browser(), "/r/files/tip/lib").html
    assert folder.find("a", string="sub")["href"].endswith("/lib/sub")


def test_a_large_folder_is_shown_by_pages(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    builder.commit({b"f%04d" % number: b"" for number in range(2_100)})
    first, last = get(site.browser(), "/r/files/tip"), get(site.browser(), "/r/files/tip?page=3")
    assert "1 to 1\N{NARROW NO-BREAK SPACE}000 of 2\N{NARROW NO-BREAK SPACE}100" in first.text
    assert "f0999" in first.text
    assert "f1000" not in first.text
    assert "f2099" in last.text
    words = "The first 1\N{NARROW NO-BREAK SPACE}000 of 2\N{NARROW NO-BREAK SPACE}100 entries."
    assert words in get(site.browser(), "/r").text


def test_ten_thousand_refs_make_no_long_menu(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    commit_id = builder.commit({b"f": b""})
    updates = b"".join(b"create refs/tags/t%05d %s\n" % (number, commit_id.encode()) for number in range(10_000))
    builder.git("update-ref", "--stdin", data=updates)  # type: ignore[attr-defined]
    for address in ("/r", "/r/files/tip", "/r/changelog", "/r/branches", f"/r/changeset/{commit_id}"):
        assert len(get(site.browser(), address).body) < 90_000, address
    assert "t09999" in get(site.browser(), "/r/branches").text
    assert "t00000" in get(site.browser(), "/r/branches?tags=100").text
    assert "t05000" in get(site.browser(), "/r/branches?f=t05000").text


def test_a_very_deep_path_is_shown_without_its_middle(site: Site, builder: RepositoryBuilder) -> None:
    folders = [f"d{number}" for number in range(40)]
    commit_id = builder.commit({"/".join([*folders, "file"]).encode(): b"1\n"})
    path = get(site.browser(), f"/r/files/{commit_id}/{'/'.join(folders)}/file").html.select_one(".k-path")
    names = [link.text for link in path.select("a")]
    assert names == ["r", *folders[:5], "…", *folders[16:]]
    (middle,) = (link for link in path.select("a") if link.text == "…")
    assert middle["href"] == f"/r/files/{commit_id}/{'/'.join(folders[:16])}"


def test_an_empty_repository_has_only_its_first_page(site: Site, builder: RepositoryBuilder) -> None:
    assert get(site.browser(), "/r/files").location == "/r"
    assert get(site.browser(), "/r/files-find").location == "/r"
    assert get(site.browser(), "/r/changelog").status_int == 200
    assert get(site.browser(), "/r/branches").status_int == 200
    assert get(site.browser(), "/r/files/tip").status_int == 404


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        (
            b"film.mp4",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"1a" * 32 + b"\nsize 12582912\n",
            "The content of this file, 12.0 MiB, is stored in Git LFS",
        ),
        (b".hglf/film.mp4", b"1a" * 20 + b"\n", "largefiles extension"),
    ],
)
def test_a_file_whose_content_lies_elsewhere(
    site: Site, builder: RepositoryBuilder, path: bytes, content: bytes, words: str
) -> None:
    builder.commit({path: content})
    assert words in get(site.browser(), f"/r/files/tip/{path.decode()}").text


def test_a_long_file_is_coloured_for_one_visitor_at_a_time(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"file.py": b"import this\n" * 3000})
    browser = site.browser()

    @contextlib.contextmanager
    def somebody_else_has_it(*_: object, **__: object) -> Iterator[bool]:
        yield False

    with monkeypatch.context() as patch:
        patch.setattr(code, "take_turn", somebody_else_has_it)
        meanwhile = get(browser, f"/r/files/{commit_id}/file.py")
    then = get(browser, f"/r/files/{commit_id}/file.py")

    assert "No colours yet" in meanwhile.text
    assert "import this" in meanwhile.html.select_one("#L3000").text
    assert "ETag" not in meanwhile.headers
    assert then.html.select_one("#L3000 .kn") is not None
