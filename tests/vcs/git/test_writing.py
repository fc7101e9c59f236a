"""What only Git has about commits without a working copy."""

import pathlib
import threading
from collections.abc import Callable, Sequence

import pytest

from kallithea.vcs.git.durability import MOVING
from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.opener import VcsOptions, create_repository
from kallithea.vcs.types import BusyError, Kind, RefKind, RefUpdate, VcsError
from kallithea.vcs.writing import (
    AddFile,
    CommitRequest,
    EditFile,
    MoveFile,
    NothingChangedError,
    RefMovedError,
    RefTarget,
    RefusedWriteError,
)
from tests.factories.repositories import Executable, GitBuilder
from tests.factories.writing import BOB, TEXT, WHEN, on_branch, request, to_nobody, verify
from tests.vcs.git.test_process import fake_git

Reopened = Callable[[GitBuilder], GitRepository]


def test_commit_is_the_one_that_git_makes(builder: GitBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1", b"folder/b": b"2", b"run": Executable(b"3")})
    made = reopened(builder).commit_files(request(Kind.GIT, first, EditFile(b"folder/b", b"new")), to_nobody)

    blob = builder.git("hash-object", "-w", "--stdin", data=b"new").decode().strip()
    index = {"GIT_INDEX_FILE": str(builder.path / "scratch-index")}
    builder.git("read-tree", first, environment=index)
    builder.git("update-index", "--cacheinfo", f"100644,{blob},folder/b", environment=index)
    tree = builder.git("write-tree", environment=index).decode().strip()
    date = f"{int(WHEN.timestamp())} -0330"
    people = {f"GIT_{who}_NAME": "Ada Lövelace" for who in ("AUTHOR", "COMMITTER")}
    people |= {f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")}
    people |= {f"GIT_{who}_DATE": date for who in ("AUTHOR", "COMMITTER")}
    by_git = builder.git("commit-tree", tree, "-p", first, data=TEXT.message, environment=people)
    assert by_git.decode().strip() == made


def test_committer_is_kept(builder: GitBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    text = type(TEXT)(TEXT.message, TEXT.author, BOB)
    repository = reopened(builder)
    target = on_branch(Kind.GIT, first)
    made = repository.commit_files(CommitRequest(target, text, (EditFile(b"a", b"2"),)), to_nobody)
    assert repository.commit(made).committer == BOB


def test_branch_that_has_moved_though_git_was_too_late_to_say_so(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    first = builder.commit({b"a": b"1"})
    late = 'case "$*" in *update-ref*) git "$@"; exit 1;; esac; exec git "$@"\n'

    with open_repository(builder.path, fake_git(tmp_path, late)) as repository:
        made = repository.commit_files(request(Kind.GIT, first, EditFile(b"a", b"2")), to_nobody)

    assert builder.git("rev-parse", "refs/heads/main").decode().strip() == made != first
    verify(Kind.GIT, builder.path)


def test_branch_that_moves_at_the_last_moment(builder: GitBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    seconds: list[str] = []

    def push_meanwhile(_updates: Sequence[RefUpdate]) -> None:
        seconds.append(builder.commit({b"a": b"pushed meanwhile"}))

    repository = reopened(builder)
    with pytest.raises(RefMovedError) as moved:
        repository.commit_files(request(Kind.GIT, first, EditFile(b"a", b"mine")), push_meanwhile)
    assert [moved.value.current] == seconds
    assert repository.resolve(b"main") == seconds[0]


def test_branch_that_is_locked_is_waited_for(builder: GitBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    builder.git("pack-refs", "--all")
    lock = builder.path / "refs/heads/main.lock"

    def hold_for_a_while(_updates: object) -> None:
        lock.touch()
        threading.Timer(1.0, lock.unlink).start()

    made = reopened(builder).commit_files(request(Kind.GIT, first, EditFile(b"a", b"mine")), hold_for_a_while)
    assert reopened(builder).resolve(b"main") == made


def test_branch_that_stays_locked_is_not_said_to_have_moved(
    builder: GitBuilder, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOVING, "core.filesRefLockTimeout", "50")
    first = builder.commit({b"a": b"1"})
    builder.git("pack-refs", "--all")
    (builder.path / "refs/heads/main.lock").touch()
    with pytest.raises(BusyError, match="Somebody else is changing the repository"):
        reopened(builder).commit_files(request(Kind.GIT, first, EditFile(b"a", b"mine")), to_nobody)


def test_sha256_repository(tmp_path: pathlib.Path, reopened: Reopened) -> None:
    builder = GitBuilder(tmp_path / "sha256", object_format="sha256")
    repository = reopened(builder)
    first = repository.commit_files(request(Kind.GIT, None, AddFile(b"a", b"1")), to_nobody)
    second = repository.commit_files(request(Kind.GIT, first, MoveFile(b"a", b"b")), to_nobody)
    assert len(second) == 64
    assert repository.commit(second).parent_ids == (first,)
    verify(Kind.GIT, builder.path)


def test_objects_come_as_one_pack_and_nothing_else_stays(builder: GitBuilder, reopened: Reopened) -> None:
    """Loose objects are not synced to the disk together; and files that are forgotten add up."""
    first = builder.commit({b"a": b"1"})
    builder.git("repack", "-adq")
    reopened(builder).commit_files(request(Kind.GIT, first, AddFile(b"x/y/z", b"1")), to_nobody)
    counts = dict(line.split(b": ") for line in builder.git("count-objects", "-v").splitlines())
    assert (counts[b"count"], counts[b"packs"], counts[b"garbage"]) == (b"0", b"2", b"0")
    assert builder.git("for-each-ref", "--format=%(refname)") == b"refs/heads/main\n"
    assert not list(builder.path.rglob("*.keep")) + list(builder.path.rglob("*.lock"))


def test_stream_that_git_cannot_read_leaves_no_report(builder: GitBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})

    class Lying(bytes):
        def __len__(self) -> int:
            return 1

    with pytest.raises(VcsError):
        reopened(builder).commit_files(request(Kind.GIT, first, AddFile(b"b", Lying(b"x" * 20))), to_nobody)
    assert not list(builder.path.glob("fast_import_crash_*"))


@pytest.mark.parametrize("name", [b"a..b", b"a b", b"-x", b"HEAD", b"f" * 40, b"x.lock", b"a/.b", b"main/x"])
def test_new_branch_that_git_or_the_site_refuses(builder: GitBuilder, reopened: Reopened, name: bytes) -> None:
    first = builder.commit({b"a": b"1"})
    told: list[RefUpdate] = []
    with pytest.raises(RefusedWriteError):
        reopened(builder).commit_files(
            CommitRequest(RefTarget(RefKind.BRANCH, name, None), TEXT, (EditFile(b"a", b"2"),), parent=first),
            told.extend,
        )
    assert told == []


def test_repository_has_no_bookmarks(builder: GitBuilder, reopened: Reopened) -> None:
    with pytest.raises(RefusedWriteError, match="only branches"):
        reopened(builder).commit_files(CommitRequest(RefTarget(RefKind.BOOKMARK, b"x", None), TEXT, ()), to_nobody)


def test_head_follows_the_first_branch(tmp_path: pathlib.Path) -> None:
    create_repository(Kind.GIT, tmp_path / "new", VcsOptions())
    told: list[RefUpdate] = []
    with GitRepository(VcsOptions(), tmp_path / "new") as repository:
        target = RefTarget(RefKind.BRANCH, b"trunk", None)
        made = repository.commit_files(CommitRequest(target, TEXT, (AddFile(b"a", b""),)), told.extend)
        assert told == [
            RefUpdate(b"refs/heads/trunk", None, made),
            RefUpdate(b"HEAD", "ref:refs/heads/main", "ref:refs/heads/trunk"),
        ]
        assert repository.resolve(b"HEAD") == made


def test_commit_needs_few_processes(
    builder: GitBuilder, reopened: Reopened, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    first = builder.commit({b"a": b"1"})
    log = tmp_path / "log"
    program = tmp_path / "git"
    program.write_text(f'#!/bin/sh\necho "$2" >> {log}\nexec git "$@"\n')
    program.chmod(0o755)
    with GitRepository(VcsOptions(str(program)), builder.path) as repository:
        repository.commit_files(request(Kind.GIT, first, *(AddFile(b"f%d" % n, b"x") for n in range(50))), to_nobody)
    assert log.read_text().split() == ["fast-import", "update-ref"]


def test_nothing_changed_is_found_by_the_tree(builder: GitBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1", b"b": b"2"})
    with pytest.raises(NothingChangedError):
        reopened(builder).commit_files(request(Kind.GIT, first, EditFile(b"a", b"1"), EditFile(b"b", b"2")), to_nobody)
