"""Probes with revisions that look like options, and with branches and tags that are called so."""

import pathlib
from urllib.parse import quote

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder
from tests.web.site import Site, get, links

VERBS = ("files", "raw", "rawfile", "changelog", "changeset", "changeset-diff", "changeset-patch", "changeset-download")


def _options(target: pathlib.Path) -> list[str]:
    return [
        f"--output={target}",
        f"-O{target}",
        f"-o{target}",
        f"--upload-pack=touch {target}",
        f"--config=alias.log=!touch {target}",
        f"--exec=touch {target}",
        "--debugger",
        "--all",
        "-x",
        f"HEAD --output={target}",
        "HEAD^{/.}",
        "HEAD~1",
        "HEAD@{0}",
        ":/commit",
        "all()",
        'file("re:(a+)+$")',
        "tip^",
        "tip:0",
        "-1",
        "null",
        "0" * 40,
        "f" * 40,
        ".",
        "@{-1}",
        "\n",
    ]


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", request.param)
    builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"})
    return builder


@pytest.mark.parametrize("verb", VERBS)
def test_p12_a_revision_is_never_an_option_nor_an_expression(
    site: Site, builder: RepositoryBuilder, verb: str, tmp_path: pathlib.Path
) -> None:
    target = tmp_path / "written"
    for option in _options(target):
        for address in (f"/r/{verb}/{quote(option, safe='')}", f"/r/{verb}/tip?at={quote(option, safe='')}"):
            assert get(site.browser(), address).status_int == 404, address
    assert get(site.browser(), f"/r/changelog?branch=--output%3D{target}").status_int == 404
    assert not target.exists()


def test_p12_neither_side_of_a_comparison_is_an_option(
    site: Site, builder: RepositoryBuilder, tmp_path: pathlib.Path
) -> None:
    target = tmp_path / "written"
    # a dot beside two others is one of the three
    for number, option in enumerate(set(_options(target)) - {"."}):
        name = quote(option, safe="")
        # each from another network: a single one would soon be told to wait
        browser = site.browser(REMOTE_ADDR=f"192.0.2.{number}")
        for address in (
            f"/r/compare/{name}...tip",
            f"/r/compare/tip..{name}",
            f"/r/compare-diff/{name}..tip",
            f"/r/compare-file/tip...{name}/a",
            f"/r/compare-lines/tip...{name}/a?old=1&new=1",
            f"/r/compare?base={name}&show=1",
            f"/r/compare?tip={name}",
            f"/r/compare/...?other_repo={name}",
        ):
            assert get(browser, address).status_int == 404, address
    assert not target.exists()


@pytest.mark.parametrize("kind_of_ref", ["branch", "tag"])
@pytest.mark.parametrize(
    "name", [b"--output=x", b"-x", b";id", b"$(id)", b"`id`", b"--upload-pack=id", b"a--b=c", b"'\"<b>"]
)
def test_p13_p14_refs_called_like_options_and_commands(
    site: Site, builder: RepositoryBuilder, kind_of_ref: str, name: bytes, tmp_path: pathlib.Path
) -> None:
    commit_id = builder.commit({b"src/a": b"special\n"})
    if isinstance(builder, GitBuilder):
        folder = b"heads" if kind_of_ref == "branch" else b"tags"
        reference = builder.path / "refs" / folder.decode() / name.decode()
        reference.write_text(f"{commit_id}\n")
    elif isinstance(builder, HgBuilder) and kind_of_ref == "branch":
        builder.bookmark(name, commit_id)
    else:
        builder.tag(name, commit_id)
    before = sorted(path for path in builder.path.rglob("*") if "cache" not in path.parts)
    browser, quoted = site.browser(), quote(name, safe="")
    for address in (
        f"/r/files/{quoted}/src",
        f"/r/changelog/{quoted}",
        f"/r/changeset/{quoted}",
        f"/r/compare/...{quoted}",
        f"/r/files/x?at={quoted}",
    ):
        assert get(browser, address).status_int == 200, address
    assert get(browser, f"/r/raw/{quoted}/src/a").text == "special\n"
    for page in ("/r", "/r/branches", "/r/changelog", "/r/files/tip"):
        answer = get(browser, page)
        assert answer.status_int == 200
        assert "<b>" not in answer.text.replace("<b>", "", answer.text.count("<b class")).replace("<b>r</b>", "")
        for link in links(answer):
            assert get(browser, link).status_int in (200, 303), link
    assert sorted(path for path in builder.path.rglob("*") if "cache" not in path.parts) == before
