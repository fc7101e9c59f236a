"""Probes with repositories that name programs, for a server to run them."""

import os
import pathlib

import pytest
from bs4 import BeautifulSoup

from kallithea.core.access import Level
from kallithea.services.upkeep import keep_up
from kallithea.vcs.opener import fork_repository, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder, HgBuilder, Submodule, Symlink
from tests.security.pages import visit
from tests.web.site import Site

#: Places of sub-repositories that make a client run a program, or read what is not its own.
EVIL_PLACES = (
    "ext::sh -c touch% {trap}",
    "ssh://-oProxyCommand=touch% {trap}/x",
    "--upload-pack=touch {trap}",
    "fd::17",
    "file:///etc",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "../../../etc/passwd",
    "//evil.example/x",
)


@pytest.fixture
def trap(tmp_path: pathlib.Path) -> pathlib.Path:
    """A program that leaves a trace when it is run."""
    path = tmp_path / "trap"
    path.write_text(f"#!/bin/sh\necho $0 >> {tmp_path}/sprung\ncat\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def harbour(site: Site) -> Site:
    site.grant("visitors", Level.READ)
    return site


def assert_safe(site: Site, trap: pathlib.Path, commit_id: str, *paths: str) -> None:
    """No page runs the program, and none links to where a browser would run something."""
    for address, answer in visit(site.browser(), commit_id, *paths).items():
        assert answer.status_int in (200, 303, 404), (address, answer.text)
        if answer.content_type == "text/html":
            for link in BeautifulSoup(answer.text, "html.parser").select("a[href], form[action], img[src]"):
                target = link.get("href") or link.get("action") or link.get("src")
                assert isinstance(target, str)
                assert target.startswith(("/", "#", "?", "http://localhost", "https://", "http://")), (address, target)
                assert not target.startswith("//"), (address, target)
    repository_id = int(site.path_of("r").removeprefix("/_"))
    keep_up(site.application, repository_id, heavy=True)
    assert not trap.with_name("sprung").exists()
    assert not trap.with_name("trap-touched").exists()


def evil_places(trap: pathlib.Path) -> list[str]:
    return [place.format(trap=trap.with_name("trap-touched")) for place in EVIL_PLACES]


def test_p17_places_of_submodules_are_never_followed(harbour: Site, trap: pathlib.Path) -> None:
    builder = harbour.repository("r", Kind.GIT)
    places = evil_places(trap)
    modules = "".join(
        f'[submodule "--upload-pack=x{number}"]\n\tpath = sub{number}\n\turl = {place}\n\tupdate = !{trap}\n'
        for number, place in enumerate(places)
    )
    commit_id = builder.commit(
        {b".gitmodules": modules.encode(), b"a": b"a", b"README.md": "\n".join(places).encode()}
        | {b"sub%d" % number: Submodule("1" * 40) for number in range(len(places))}
    )
    assert_safe(harbour, trap, commit_id, ".gitmodules", "a", *(f"sub{number}" for number in range(len(places))))


def test_p17_places_of_subrepositories_are_never_followed(harbour: Site, trap: pathlib.Path) -> None:
    builder = harbour.repository("r", Kind.HG)
    places = [*evil_places(trap), f"[git]ext::{trap}", "[svn]svn+ssh://-oProxyCommand=x/", f"[hg]bundle:{trap}"]
    lines = "".join(f"sub{number} = {place}\n" for number, place in enumerate(places))
    commit_id = builder.commit(
        {
            b".hgsub": f"{lines}[subpaths]\n.* = {places[0]}\n".encode(),
            b".hgsubstate": b"".join(b"%s sub%d\n" % (b"1" * 40, number) for number in range(len(places))),
            b"a": b"a",
            b"README.md": "\n".join(places).encode(),
        }
    )
    assert_safe(harbour, trap, commit_id, ".hgsub", ".hgsubstate", "a", *(f"sub{n}" for n in range(len(places))))


def test_p74_attributes_of_a_git_repository_run_nothing(harbour: Site, trap: pathlib.Path) -> None:
    builder = harbour.repository("r", Kind.GIT)
    assert isinstance(builder, GitBuilder)
    with (builder.path / "config").open("a") as config:
        config.write(
            f'[diff "x"]\n\tcommand = {trap}\n\ttextconv = {trap}\n\n'
            f"[diff]\n\texternal = {trap}\n"
            f'[filter "y"]\n\tclean = {trap}\n\tsmudge = {trap}\n\tprocess = {trap}\n\trequired = true\n'
            f'[merge "z"]\n\tdriver = {trap} %A\n[merge]\n\tdefault = z\n[tar "tar.gz"]\n\tcommand = {trap}\n'
            f"[core]\n\thooksPath = {trap.parent}\n\tfsmonitor = {trap}\n\tsshCommand = {trap}\n\tpager = {trap}\n"
            f"\teditor = {trap}\n\tgitProxy = {trap}\n\talternateRefsCommand = {trap}\n[gpg]\n\tprogram = {trap}\n"
            f"[gc]\n\trecentObjectsHook = {trap}\n[log]\n\tshowSignature = true\n[pack]\n\twriteBitmaps = true\n"
            f"[credential]\n\thelper = !{trap}\n[uploadpack]\n\tpackObjectsHook = {trap}\n"
        )  # fmt: skip
    for name in ("post-update", "reference-transaction", "post-checkout", "pre-auto-gc", "post-index-change"):
        (builder.path / "hooks").mkdir(exist_ok=True)
        (builder.path / "hooks" / name).symlink_to(trap)
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "attributes").write_text("* diff=x filter=y merge=z\n")
    attributes = b"* diff=x filter=y merge=z working-tree-encoding=UTF-16 ident export-subst\n"
    first = builder.commit({b".gitattributes": attributes, b"a": b"1\n$Format:%H %(trailers) $\n", b"d/b": b"x"})
    builder.commit({b"a": b"2\n"}, parents=(first,), branch=b"side")
    commit_id = builder.commit({b"a": b"3\n", b".gitattributes": attributes + b"# changed\n"}, parents=(first,))

    assert_safe(harbour, trap, commit_id, "a", ".gitattributes", "d/b")
    options = harbour.application.vcs_options
    with open_repository(Kind.GIT, builder.path, options) as repository:
        repository.find_conflicts(commit_id, builder.tips[b"side"])
    fork_repository(Kind.GIT, builder.path, builder.path.with_name("fork"), options, lambda percent, step: None)
    assert not trap.with_name("sprung").exists()


def test_p74_configuration_of_a_mercurial_repository_runs_nothing(harbour: Site, trap: pathlib.Path) -> None:
    builder = harbour.repository("r", Kind.HG)
    assert isinstance(builder, HgBuilder)
    hooks = "".join(
        f"{name}.x = {trap}\n" for name in ("changegroup", "pretxnclose", "txnclose", "outgoing", "preoutgoing")
    )
    (builder.path / ".hg" / "hgrc").write_text(
        f"[hooks]\n{hooks}[extensions]\nevil = {trap}.py\nextdiff =\n[encode]\n** = pipe: {trap}\n"
        f"[decode]\n** = pipe: {trap}\n[merge-tools]\nx.executable = {trap}\n[ui]\nmerge = x\nssh = {trap}\n"
    )
    trap.with_suffix(".py").write_text(f"open({str(trap.with_name('sprung'))!r}, 'w')\n")
    commit_id = builder.commit({b"a": b"1\n", b".hgeol": b"[patterns]\n** = native\n"})

    assert_safe(harbour, trap, commit_id, "a", ".hgeol")


@pytest.mark.parametrize("kind", Kind)
def test_p74_links_lead_nowhere(harbour: Site, trap: pathlib.Path, kind: Kind) -> None:
    builder = harbour.repository("r", kind)
    (trap.parent / "secret").write_text("the secret")
    commit_id = builder.commit(
        {
            b"one": Symlink(b"two"),
            b"two": Symlink(b"one"),
            b"d/up": Symlink(b".."),
            b"d/self": Symlink(b"self"),
            b"README.md": Symlink(os.fsencode(trap.parent / "secret")),
            b"passwd": Symlink(b"/etc/passwd"),
            b".gitattributes": Symlink(b"/etc/passwd"),
        }
    )
    answers = visit(harbour.browser(), commit_id, "one", "d/up", "d/self", "d/up/d/up/README.md", "README.md", "passwd")
    for address, answer in answers.items():
        assert answer.status_int in (200, 404) or (answer.status_int, answer.location) == (303, "/r"), address
        assert b"the secret" not in answer.body, address
        assert b"root:x:0" not in answer.body, address
    assert answers[f"/r/files/{commit_id}/d/up/d/up/README.md"].status_int == 404


def test_p74_a_submodule_that_is_the_repository_itself(harbour: Site, trap: pathlib.Path) -> None:
    builder = harbour.repository("r", Kind.GIT)
    first = builder.commit({b"a": b"a"})
    modules = b'[submodule "self"]\n\tpath = self\n\turl = ./\n[submodule "deep"]\n\tpath = d/self\n\turl = ../r\n'
    commit_id = builder.commit({b".gitmodules": modules, b"self": Submodule(first), b"d/self": Submodule(first)})
    assert_safe(harbour, trap, commit_id, "self", "self/a", "d/self")


def test_p74_what_is_put_into_an_archive_is_bounded(harbour: Site) -> None:
    """``export-subst`` with a format that makes much out of little."""
    builder = harbour.repository("r", Kind.GIT)
    wide = b"$Format:" + b"%w(0,0,0)%B%<(1000000000)%H%>>(1000000000)%an" * 3 + b"$\n"
    commit_id = builder.commit({b"a": wide * 50, b".gitattributes": b"a export-subst\n"}, message=b"x" * 10_000)
    answer = harbour.browser().get(f"/r/archive/{commit_id}.zip", expect_errors=True)
    assert answer.status_int in (200, 500, 503)
    assert len(answer.body) < 100_000_000
