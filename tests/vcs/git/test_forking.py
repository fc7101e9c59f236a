"""What only Git has about forks."""

import os
import pathlib
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from kallithea.vcs.git import forking
from kallithea.vcs.git.forking import fork_repository
from kallithea.vcs.git.object_files import link_objects
from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, CorruptObjectError, Kind, VcsError
from tests.factories.repositories import GitBuilder
from tests.factories.writing import verify

Fork = Callable[..., GitBuilder]


@pytest.fixture
def fork(builder: GitBuilder, tmp_path: pathlib.Path) -> Fork:
    """Fork a repository; the answer can be asked like a builder."""

    def fork_it(source: GitBuilder = builder) -> GitBuilder:
        made = GitBuilder.__new__(GitBuilder)
        made.path = tmp_path / "fork"
        fork_repository(source.path, made.path, VcsOptions(), lambda *_: None)
        return made

    return fork_it


def objects(builder: GitBuilder) -> set[bytes]:
    return set(builder.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split())


def links(builder: GitBuilder) -> set[int]:
    return {path.stat().st_nlink for path in (builder.path / "objects").rglob("*") if path.is_file()}


def test_what_no_ref_of_the_fork_leads_to_is_not_in_it(builder: GitBuilder, fork: Fork) -> None:
    """As password files are that were pushed once, and whose branch was deleted."""
    kept = builder.commit({b"a": b"1"})
    lost = builder.commit({b"password": b"secret"}, branch=b"mistake")
    pulled = builder.commit({b"b": b"2"}, branch=b"later")
    builder.ref(b"refs/pull/1/head", pulled)
    builder.ref(b"refs/keep-around/x", lost)
    builder.git("update-ref", "-d", "refs/heads/mistake")
    builder.git("update-ref", "-d", "refs/heads/later")
    for repacked in (False, True):
        if repacked:
            builder.git("repack", "-adkq")
        made = fork()
        assert objects(made) == set(made.git("rev-list", "--objects", "--no-object-names", kept).split())
        assert lost.encode() not in objects(made)
        assert made.git("for-each-ref", "--format=%(refname)") == b"refs/heads/main\n"
        assert links(made) == {1}
        verify(Kind.GIT, made.path)
        made.path.rename(made.path.with_name(f"fork-{repacked}"))


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_packs_loose_objects_and_graphs_are_linked(tmp_path: pathlib.Path, fork: Fork, object_format: str) -> None:
    builder = GitBuilder(tmp_path / "source", object_format=object_format)
    builder.commit({b"a": b"1"})
    builder.annotated_tag(b"v1", builder.annotated_tag(b"inner", builder.tips[b"main"]), target_kind="tag")
    builder.git("repack", "-adbq")
    builder.git("commit-graph", "write", "--reachable", "--changed-paths")
    builder.git("hash-object", "-w", "--stdin", data=b"1")
    builder.git("commit-graph", "write", "--reachable", "--split")
    made = fork(builder)
    assert objects(made) == objects(builder)
    assert links(made) == {2}
    assert made.git("commit-graph", "verify") == b""
    assert {path.suffix for path in (made.path / "objects/pack").iterdir()} >= {".pack", ".idx", ".bitmap"}
    verify(Kind.GIT, made.path)


def test_tags_of_tags_are_peeled(builder: GitBuilder, fork: Fork) -> None:
    commit_id = builder.commit({b"a": b"1"})
    outer = builder.annotated_tag(b"outer", builder.annotated_tag(b"inner", commit_id), target_kind="tag")
    made = fork()
    packed = (made.path / "packed-refs").read_text()
    assert "fully-peeled" in packed.splitlines()[0]
    assert f"{outer} refs/tags/outer\n^{commit_id}\n" in packed


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("ref: refs/heads/topic\n", "ref: refs/heads/topic\n"),
        ("ref: refs/heads/unborn\n", "ref: refs/heads/unborn\n"),
        ("ref: refs/remotes/x\n", "ref: refs/heads/main\n"),
        ("0" * 39 + "1\n", "ref: refs/heads/main\n"),
    ],
)
def test_head_names_the_same_branch(builder: GitBuilder, fork: Fork, head: str, expected: str) -> None:
    builder.bookmark(b"topic", builder.commit({b"a": b"1"}))
    (builder.path / "HEAD").write_text(head)
    assert (fork().path / "HEAD").read_text() == expected


def test_borrowed_objects_become_the_forks_own(builder: GitBuilder, fork: Fork, tmp_path: pathlib.Path) -> None:
    builder.commit({b"a": b"1"})
    subprocess.run(["git", "clone", "-q", "--bare", "--shared", builder.path, tmp_path / "borrower"], check=True)
    borrower = GitBuilder.__new__(GitBuilder)
    borrower.path = tmp_path / "borrower"
    made = fork(borrower)
    builder.path.rename(tmp_path / "gone")
    verify(Kind.GIT, made.path)
    assert not (made.path / "objects/info/alternates").exists()
    assert not list(made.path.glob("others*"))


def test_shallow_repository_stays_shallow(builder: GitBuilder, fork: Fork, tmp_path: pathlib.Path) -> None:
    for number in range(3):
        builder.commit({b"a": b"%d" % number})
    address = f"file://{builder.path}"
    subprocess.run(["git", "clone", "-q", "--bare", "--depth=1", address, tmp_path / "shallow"], check=True)
    shallow = GitBuilder.__new__(GitBuilder)
    shallow.path = tmp_path / "shallow"
    made = fork(shallow)
    assert made.git("rev-list", "--count", "--all") == b"1\n"
    verify(Kind.GIT, made.path)


def test_repack_meanwhile_is_waited_out(builder: GitBuilder, fork: Fork, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit({b"a": b"1"})
    real, calls = os.link, []

    def repack_first(source: pathlib.Path, target: pathlib.Path) -> None:
        calls.append(source)
        if len(calls) == 2:
            builder.git("repack", "-adq", "--no-write-bitmap-index")
            assert not source.exists()
        real(source, target)

    monkeypatch.setattr(os, "link", repack_first)
    made = fork()
    assert objects(made) == objects(builder)
    assert links(made) == {2}
    verify(Kind.GIT, made.path)


def test_repacks_without_end_lead_to_a_pack(builder: GitBuilder, fork: Fork, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit({b"a": b"1"})

    def vanish(source: pathlib.Path, target: pathlib.Path) -> None:
        raise FileNotFoundError(source)

    monkeypatch.setattr(os, "link", vanish)
    made = fork()
    assert objects(made) == objects(builder)
    assert links(made) == {1}
    verify(Kind.GIT, made.path)


def test_push_meanwhile_is_in_it_wholly_or_not_at_all(
    builder: GitBuilder, fork: Fork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refs are read before the objects; what comes later is then no object of theirs."""
    first = builder.commit({b"a": b"1"})

    def push_first(*arguments: object, **options: int) -> bool:
        builder.commit({b"a": b"2"})
        return link_objects(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(forking, "link_objects", push_first)
    made = fork()
    assert made.git("rev-list", "--all").decode().split() == [first]
    assert objects(made) == set(made.git("rev-list", "--objects", "--no-object-names", first).split())


def test_forks_leave_all_slots_to_pages_and_other_jobs(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forking, "_LIMITS", replace(forking._LIMITS, patience=0))
    builder.commit({b"a": b"1"})
    options = VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=2)

    with take_slot(options, Weight.COPY, 0) or pytest.fail("a slot"), pytest.raises(BusyError):
        fork_repository(builder.path, tmp_path / "fork", options, lambda *_: None)
    heavy = [take_slot(options, Weight.HEAVY, 0) or pytest.fail("a slot") for _ in range(2)]
    fork_repository(builder.path, tmp_path / "fork", options, lambda *_: None)
    for slot in heavy:
        slot.close()


@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_damaged_repository_is_not_forked(builder: GitBuilder, fork: Fork, kind: str) -> None:
    commit_id = builder.commit({b"folder/a": b"1"})
    name = f"{commit_id}:folder/a" if kind == "blob" else f"{commit_id}:folder"
    object_id = builder.git("rev-parse", name).decode().strip()
    for pack in (builder.path / "objects/pack").glob("*.pack"):
        data = pack.read_bytes()
        for file in (builder.path / "objects/pack").iterdir():
            file.unlink()
        builder.git("unpack-objects", "-q", data=data)
    (builder.path / "objects" / object_id[:2] / object_id[2:]).unlink()
    with pytest.raises(VcsError) as problem:
        fork()
    assert isinstance(problem.value, CorruptObjectError)
    assert object_id in str(problem.value)


def test_pages_read_the_fork(builder: GitBuilder, fork: Fork) -> None:
    commit_id = builder.commit({b"a": b"1"})
    with GitRepository(VcsOptions(), fork().path) as repository:
        assert repository.blob(commit_id, b"a", limit=10).data == b"1"
