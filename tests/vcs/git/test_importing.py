"""What only Git has: its own refs, kinds of ids, checks of objects, and its own protocol."""

import pathlib
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.git.remote_refs import RemoteRefs, parse_remote_refs
from kallithea.vcs.opener import VcsOptions, pull_repository
from kallithea.vcs.remote import RemoteError, RemoteStep
from kallithea.vcs.types import Kind
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import Recorder, clone, files_below, source
from tests.factories.repositories import GitBuilder
from tests.factories.writing import to_nobody, verify


@pytest.fixture
def elsewhere(tmp_path: pathlib.Path) -> GitBuilder:
    return GitBuilder(tmp_path / "elsewhere" / "r")


@pytest.fixture
def site(elsewhere: GitBuilder) -> Iterator[RemoteSite]:
    with remote_site(elsewhere.path.parent) as serving:
        yield serving


@pytest.fixture
def target(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "here" / "new"


def git(path: pathlib.Path, *arguments: str) -> str:
    command = ["git", f"--git-dir={path}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=git_environment()).stdout


def refs_of(path: pathlib.Path) -> dict[str, str]:
    lines = git(path, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


def test_only_branches_and_tags_come(elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    tip = elsewhere.commit({b"a": b"1"})
    hidden = elsewhere.commit({b"a": b"hidden"}, branch=b"review")
    elsewhere.ref(b"refs/pull/318/head", hidden)
    elsewhere.git("update-ref", "-d", "refs/heads/review")
    elsewhere.ref(b"refs/notes/commits", tip)
    listener = clone(Kind.GIT, source(site.url("r")), target)
    assert list(refs_of(target)) == ["refs/heads/main"]
    assert listener.warnings == ["refs that are left out, because they are not under heads or tags: 2"]
    with pytest.raises(subprocess.CalledProcessError):
        git(target, "cat-file", "-e", hidden)


def test_names_that_pushes_may_not_have_are_left_out(
    elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    tip = elsewhere.commit({b"a": b"1"})
    for name in (b"refs/heads/-x", b"refs/heads/HEAD", b"refs/tags/" + tip.encode(), b"refs/heads/right"):
        elsewhere.ref(name, tip)
    listener = clone(Kind.GIT, source(site.url("r")), target)
    assert list(refs_of(target)) == ["refs/heads/main", "refs/heads/right"]
    assert [line.partition(" is left out")[0] for line in listener.warnings] == [
        "refs/heads/-x",
        "refs/heads/HEAD",
        f"refs/tags/{tip}",
    ]


@pytest.mark.parametrize(
    ("branches", "head", "default"),
    [
        (["main", "trunk"], "refs/heads/trunk", "refs/heads/trunk"),
        (["main", "zeta"], "refs/heads/absent", "refs/heads/main"),
        (["alpha", "zeta"], "refs/heads/absent", "refs/heads/alpha"),
    ],
)
def test_default_branch_is_that_of_elsewhere(
    elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path, branches: list[str], head: str, default: str
) -> None:
    for branch in branches:
        elsewhere.commit({b"a": branch.encode()}, branch=branch.encode())
    elsewhere.git("symbolic-ref", "HEAD", head)
    clone(Kind.GIT, source(site.url("r")), target)
    assert git(target, "symbolic-ref", "HEAD").strip() == default


def test_ids_of_sha256(tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    elsewhere = GitBuilder(tmp_path / "elsewhere" / "r", object_format="sha256")
    tip = elsewhere.commit({b"a": b"1"})
    with remote_site(elsewhere.path.parent) as site:
        clone(Kind.GIT, source(site.url("r")), target)
        assert refs_of(target) == {"refs/heads/main": tip}
        here = GitBuilder(tmp_path / "sha1")
        here.commit({b"a": b"1"})
        with pytest.raises(RemoteError, match="in different ways"):
            pull_repository(Kind.GIT, source(site.url("r")), here.path, VcsOptions(), Recorder(), to_nobody)


def test_annotated_tags_come_as_they_are(elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    tag = elsewhere.annotated_tag(b"v1", elsewhere.commit({b"a": b"1"}))
    clone(Kind.GIT, source(site.url("r")), target)
    assert refs_of(target)["refs/tags/v1"] == tag
    assert f"^{elsewhere.tips[b'main']}" in (target / "packed-refs").read_text()


def test_faults_of_old_histories_are_let_through(elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    tree = elsewhere.git("rev-parse", elsewhere.commit({b"a": b"1"}) + "^{tree}").decode().strip()
    commit = f"tree {tree}\nauthor Ada ada@example.org> 1 +0000\ncommitter Ada <a> 1 +0000\n\nold\n"
    elsewhere.ref(b"refs/heads/main", elsewhere.raw_object("commit", commit.encode()))
    clone(Kind.GIT, source(site.url("r")), target)
    assert "refs/heads/main" in refs_of(target)


def test_objects_that_could_harm_are_refused(elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    blob = elsewhere.raw_object("blob", b"[core]\n")
    tree = elsewhere.raw_object("tree", b"100644 .git\0" + bytes.fromhex(blob))
    commit = f"tree {tree}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx\n"
    elsewhere.ref(b"refs/heads/main", elsewhere.raw_object("commit", commit.encode()))
    with pytest.raises(RemoteError, match=rf"git's checks: object {tree}, hasDotgit"):
        clone(Kind.GIT, source(site.url("r")), target)
    assert files_below(target.parent) == []


def test_shallow_repository_is_refused(tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    whole = GitBuilder(tmp_path / "whole")
    for number in range(3):
        whole.commit({b"a": b"%d" % number})
    command = ["git", "clone", "-q", "--bare", "--depth=1", f"file://{whole.path}", str(tmp_path / "elsewhere" / "r")]
    subprocess.run(command, check=True)
    with remote_site(tmp_path / "elsewhere") as site, pytest.raises(RemoteError, match="lacks a part of its history"):
        clone(Kind.GIT, source(site.url("r")), target)
    assert files_below(target.parent) == []


def test_branches_of_which_one_would_be_a_folder_of_the_other(
    elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    tip = elsewhere.commit({b"a": b"1"})
    clone(Kind.GIT, source(site.url("r")), target)
    git(target, "update-ref", "refs/heads/x", tip)
    elsewhere.ref(b"refs/heads/x/y", tip)
    report = pull_repository(Kind.GIT, source(site.url("r")), target, VcsOptions(), Recorder(), to_nobody)
    assert report.left == ((b"refs/heads/x/y", "one of two names would be a folder of the other"),)


def test_tag_that_is_another_one_here_stays(elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    elsewhere.tag(b"v1", first)
    clone(Kind.GIT, source(site.url("r")), target)
    elsewhere.tag(b"v1", elsewhere.commit({b"a": b"2"}))
    report = pull_repository(Kind.GIT, source(site.url("r")), target, VcsOptions(), Recorder(), to_nobody)
    assert report.left == ((b"refs/tags/v1", "the tag is another one here"),)
    assert refs_of(target)["refs/tags/v1"] == first


def test_ref_that_somebody_pushes_meanwhile_is_not_overwritten(
    elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    first = elsewhere.commit({b"a": b"1"})
    other = elsewhere.commit({b"b": b"1"}, parents=(first,), branch=b"other")
    clone(Kind.GIT, source(site.url("r")), target)
    elsewhere.commit({b"a": b"2"})

    def push(_updates: object) -> None:
        git(target, "update-ref", "refs/heads/main", other)

    with pytest.raises(RemoteError, match="Somebody pushed meanwhile"):
        pull_repository(Kind.GIT, source(site.url("r")), target, VcsOptions(), Recorder(), push)
    assert refs_of(target) == {"refs/heads/main": other, "refs/heads/other": other}


def test_pull_sends_only_what_is_missing(elsewhere: GitBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    for number in range(30):
        elsewhere.commit({b"a": b"%d" % number})
    clone(Kind.GIT, source(site.url("r")), target)
    elsewhere.commit({b"b": b"1"})
    listener = Recorder()
    pull_repository(Kind.GIT, source(site.url("r")), target, VcsOptions(), listener, to_nobody)
    assert max(amount.total for amount in listener.amounts if amount.unit == "objects") == 3
    verify(Kind.GIT, target)


def test_gits_own_protocol(elsewhere: GitBuilder, target: pathlib.Path) -> None:
    """The daemon is asked for the name of the host, at the pinned address."""
    tip = elsewhere.commit({b"a": b"1"})
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = elsewhere.path.parent
    (base / "elsewhere.example").mkdir()
    elsewhere.path.rename(base / "elsewhere.example" / "r")
    command = ["git", "daemon", "--listen=127.0.0.1", f"--port={port}", "--export-all", "--reuseaddr"]
    command.append(f"--interpolated-path={base}/%H%D")
    with subprocess.Popen(command, env=git_environment(), stderr=subprocess.DEVNULL) as daemon:
        try:
            _wait_for(port)
            address = source(f"git://elsewhere.example:{port}/r")
            listener = clone(Kind.GIT, address, target)
        finally:
            daemon.terminate()
    assert refs_of(target) == {"refs/heads/main": tip}
    assert listener.steps[0] is RemoteStep.CONNECT


@pytest.mark.parametrize(
    "output", [b"0123\trefs/heads/main\n", b"0" * 40 + b"\trefs/heads/a\n" + b"0" * 64 + b"\tHEAD\n"]
)
def test_ids_that_git_does_not_know(output: bytes) -> None:
    with pytest.raises(RemoteError, match="names objects in a way"):
        parse_remote_refs(output)


def test_listing_of_nothing() -> None:
    assert parse_remote_refs(b"") == RemoteRefs({}, None, {}, 0, None)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
