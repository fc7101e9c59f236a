"""Probes with archives: names that lead elsewhere, options, and links."""

import io
import pathlib
import tarfile
import zipfile
from urllib.parse import quote

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder, RepositoryBuilder, Symlink
from tests.web.site import Browser, Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.user("ada")
    site.grant("ada", Level.READ)
    return site.repository("r", request.param)


@pytest.fixture
def browser(site: Site, builder: RepositoryBuilder) -> Browser:
    """Of a member, who may ask for many archives."""
    return site.browser("ada")


def test_p02_p03_archives_that_lead_elsewhere(browser: Browser, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    for name in ("..%2f..%2fx.zip", "../../x.zip", "%2e%2e/x.zip", "tip%00.zip", "tip.zip%00", "tip%2f..%2ftip.zip"):
        assert get(browser, f"/r/archive/{name}").status_int == 404, name
    for folder in ("..", "../r", "/etc", "a/..", "%00", "a%00", ".git", ".hg"):
        assert get(browser, f"/r/archive/tip.zip?path={folder}").status_int == 404, folder


def test_p03_a_ref_with_slashes_makes_no_path_of_the_name(browser: Browser, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    builder.bookmark(b"a/b-/c", commit_id)
    answer = get(browser, "/r/archive/a/b-/c.tar")
    assert answer.status_int == 200
    assert "/" not in answer.headers["Content-Disposition"]
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as opened:
        assert {entry.name.partition("/")[0] for entry in opened} == {f"r-{commit_id[:12]}"}


@pytest.mark.parametrize("name", [b"../../x", b"../../../tmp/x", b"/etc/x", b"..", b"a/../../x"])
def test_p03_a_ref_that_climbs_writes_nowhere_else(
    site: Site, browser: Browser, builder: RepositoryBuilder, name: bytes
) -> None:
    commit_id = builder.commit({b"a": b"1"})
    if isinstance(builder, GitBuilder):
        # git makes no such ref, but reads what somebody wrote there
        (builder.path / "packed-refs").write_bytes(commit_id.encode() + b" refs/heads/" + name + b"\n")
    else:
        builder.bookmark(name, commit_id)
    before = outside_of_the_store(site)
    quoted = quote(name, safe="")
    for address in (f"tip.tar?at={quoted}", f"{commit_id}.tar?at={quoted}", f"{quoted}.tar"):
        answer = get(browser, f"/r/archive/{address}")
        assert answer.status_int in (200, 404), address
        assert "/" not in answer.headers.get("Content-Disposition", "")
    if builder.kind is Kind.HG:
        assert get(browser, f"/r/archive/x.tar?at={quoted}").status_int == 200
    assert outside_of_the_store(site) == before


def outside_of_the_store(site: Site) -> list[pathlib.Path]:
    """Files of the site, but its caches, its database and what is in the repository; and those beside the site."""
    settings = site.application.settings
    top, inside = settings.repository_folder.parent, {settings.cache_dir, settings.repository_folder / "r"}
    found = [path for path in top.rglob("*") if inside.isdisjoint(path.parents) and "kallithea.db" not in path.name]
    return sorted([*found, *top.parent.glob("*"), *pathlib.Path("/tmp").glob("x*"), *pathlib.Path("/etc").glob("x*")])


def test_p10_a_link_is_a_link(browser: Browser, builder: RepositoryBuilder) -> None:
    builder.commit({b"d": Symlink(b"/etc"), b"a": b"1"})
    assert get(browser, "/r/archive/tip.tar?path=d").status_int == 404
    assert b"root:" not in get(browser, "/r/archive/tip.tar").body
    with zipfile.ZipFile(io.BytesIO(get(browser, "/r/archive/tip.zip").body)) as opened:
        (link,) = [entry for entry in opened.infolist() if entry.filename.endswith("/d")]
        assert (link.external_attr >> 28, opened.read(link)) == (0o12, b"/etc")


def test_p12_neither_revision_nor_folder_is_an_option(
    browser: Browser, builder: RepositoryBuilder, tmp_path: pathlib.Path
) -> None:
    builder.commit({b"a": b"1"})
    target = tmp_path / "written"
    for option in (f"--output={target}", f"-o{target}", f"--exec=touch {target}", "--remote=.", "HEAD^{/.}", "all()"):
        quoted = quote(option, safe="")
        for address in (f"{quoted}.tar", f"tip.tar?at={quoted}", f"tip.tar?path={quoted}", f"tip.tar.gz{quoted}"):
            assert get(browser, f"/r/archive/{address}").status_int == 404, address
    assert not target.exists()


def test_p71_a_tree_without_end_makes_no_archive(site: Site) -> None:
    site.user("ada")
    site.grant("ada", Level.READ)
    builder = site.repository("bomb")
    assert isinstance(builder, GitBuilder)
    item, mode = builder.raw_object("blob", b"x"), b"100644"
    for _ in range(10):
        names = [mode + b" %d\0" % number + bytes.fromhex(item) for number in range(10)]
        item, mode = builder.raw_object("tree", b"".join(names)), b"40000"
    commit = b"tree " + item.encode() + b"\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx\n"
    builder.ref(b"refs/heads/main", builder.raw_object("commit", commit))
    answer = get(site.browser("ada"), "/bomb/archive/main.zip")
    assert (answer.status_int, "too many" in answer.text) == (403, True)
