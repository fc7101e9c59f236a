"""One commit as a page and as text."""

import subprocess

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder, RepositoryBuilder
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
    rows = [(row["class"], row.select_one(".src").text.strip()) for row in page.html.select(".k-diff tr[id]")]
    assert rows == [([], "one = 1"), (["del"], "two = 2"), (["add"], "two = 3")]
    assert page.html.select_one("tr.add ins").text == "3"


def test_short_prefixes_name_a_commit(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    for length in (7, 12):
        assert commit_id in get(site.browser(), f"/r/changeset/{commit_id[:length]}").text


def test_renames_modes_binaries_and_empty_files_are_named(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r")
    builder.commit({b"old.txt": b"1\n2\n3\n4\n5\n6\n", b"bin": b"\0"})
    commit_id = builder.commit({b"old.txt": None, b"new.txt": b"1\n2\n3\n4\n5\n6\n", b"bin": b"\0\1", b"empty": b""})
    page = get(site.browser(), f"/r/changeset/{commit_id}").text
    for words in ("Renamed from old.txt", "Binary files are not compared.", "No lines were changed."):
        assert words in page


def test_large_diffs_are_folded_cut_and_counted(site: Site) -> None:
    site.grant("visitors", Level.READ)
    files = {b"d/%03d" % number: b"x\n" for number in range(310)}
    commit_id = site.repository("r").commit(files | {b"a": b"y\n" * 2_500, b"b": b"z\n" * 500})
    page = get(site.browser(), f"/r/changeset/{commit_id}")
    assert "more files not shown" in page.text
    assert "500 more changed lines not shown" in page.text
    assert [fold["aria-label"] for fold in page.html.select(".fold[checked]")] == ["Fold a", "Fold b"]
    assert len(page.body) < 2_000_000


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
