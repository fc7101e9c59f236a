"""What only Mercurial has about commits without a working copy."""

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from kallithea.vcs.hg import changing, writing
from kallithea.vcs.hg.mercurial_setup import new_ui
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import BusyError, Kind, RefKind, RefUpdate, RevisionNotFoundError
from kallithea.vcs.writing import (
    AddFile,
    Announce,
    CommitRequest,
    CommitText,
    EditFile,
    FileMode,
    MoveFile,
    RefMovedError,
    RefTarget,
    RefusedPathError,
    RefusedWriteError,
)
from tests.factories.repositories import HgBuilder
from tests.factories.writing import TEXT, WHEN, on_branch, request, to_nobody, verify

Reopened = Callable[[HgBuilder], HgRepository]


def hg(folder: pathlib.Path, *arguments: str) -> bytes:
    command = [str(pathlib.Path(sys.executable).with_name("hg")), "-R", str(folder), *arguments]
    environment = {"PATH": "/usr/bin:/bin", "HGRCPATH": "", "HGENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, env=environment, check=True, cwd=folder).stdout


def test_changeset_is_the_one_that_hg_makes(builder: HgBuilder, reopened: Reopened, tmp_path: pathlib.Path) -> None:
    first = builder.commit({b"a": b"1", b"folder/b": b"2", b"c": b"3"})
    hg(builder.path, "clone", "-q", ".", str(tmp_path / "clone"))
    changes = (
        EditFile(b"a", b"new"),
        MoveFile(b"folder/b", b"moved", b"2 and more"),
        AddFile(b"run", b"#!", FileMode.EXECUTABLE),
    )
    made = reopened(builder).commit_files(request(Kind.HG, first, *changes), to_nobody)

    clone = tmp_path / "clone"
    (clone / "a").write_bytes(b"new")
    hg(clone, "move", "-q", "folder/b", "moved")
    (clone / "moved").write_bytes(b"2 and more")
    (clone / "run").write_bytes(b"#!")
    (clone / "run").chmod(0o755)
    date = f"{int(WHEN.timestamp())} 12600"
    who = "Ada Lövelace <ada@example.org>"
    hg(clone, "commit", "-q", "-A", "-u", who, "-d", date, "-m", TEXT.message.decode())
    assert hg(clone, "log", "-r", "tip", "-T", "{node}").decode() == made


def test_bookmark_moves_and_no_other(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    for name in (b"mine", b"theirs"):
        builder.bookmark(name, first)
    target = RefTarget(RefKind.BOOKMARK, b"mine", first)
    told: list[RefUpdate] = []
    repository = reopened(builder)
    made = repository.commit_files(CommitRequest(target, TEXT, (EditFile(b"a", b"3"),)), told.extend)
    marks = {ref.name: ref.commit_id for ref in repository.refs().bookmarks}
    assert marks == {b"mine": made, b"theirs": first}
    heads = ",".join(sorted([made, second]))
    assert told == [RefUpdate(b"bookmarks/mine", first, made), RefUpdate(b"heads/default", second, heads)]


def test_new_bookmark_is_made_with_its_commit(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"}, branch=b"stable")
    repository = reopened(builder)
    target = RefTarget(RefKind.BOOKMARK, b"new", None)
    made = repository.commit_files(CommitRequest(target, TEXT, (EditFile(b"a", b"2"),), parent=first), to_nobody)
    assert [ref.commit_id for ref in repository.refs().bookmarks] == [made]
    assert repository.commit(made).branch == b"stable"


def test_bookmark_that_moved_is_named(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    builder.bookmark(b"mine", second)
    target = RefTarget(RefKind.BOOKMARK, b"mine", first)
    with pytest.raises(RefMovedError) as moved:
        reopened(builder).commit_files(CommitRequest(target, TEXT, (EditFile(b"a", b"3"),)), to_nobody)
    assert moved.value.current == second


@pytest.mark.parametrize("name", [b"taken", b"default"])
def test_branches_and_bookmarks_share_their_names(builder: HgBuilder, reopened: Reopened, name: bytes) -> None:
    first = builder.commit({b"a": b"1"})
    builder.bookmark(b"taken", first)
    kind = RefKind.BRANCH if name == b"taken" else RefKind.BOOKMARK
    with pytest.raises(RefusedWriteError, match="has this name already"):
        reopened(builder).commit_files(
            CommitRequest(RefTarget(kind, name, None), TEXT, (EditFile(b"a", b"2"),), parent=first), to_nobody
        )


def test_one_of_several_heads_is_continued(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    heads = [builder.commit({b"a": data}, parents=(first,)) for data in (b"2", b"3")]
    repository = reopened(builder)
    made = repository.commit_files(request(Kind.HG, heads[0], EditFile(b"a", b"4")), to_nobody)
    assert repository.state().refs == {b"heads/default": ",".join(sorted([made, heads[1]]))}


def test_changeset_that_is_no_head_is_not_continued(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    with pytest.raises(RefMovedError) as moved:
        reopened(builder).commit_files(request(Kind.HG, first, EditFile(b"a", b"3")), to_nobody)
    assert moved.value.current == second


def test_head_that_goes_on_from_the_one_that_moved_is_named(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    mine, other = (builder.commit({b"a": data}, parents=(first,)) for data in (b"2", b"3"))
    later = builder.commit({b"b": b"1"}, parents=(mine,))
    tip = builder.commit({b"b": b"2"}, parents=(other,))
    for start, head in ((mine, later), (other, tip)):
        with pytest.raises(RefMovedError) as moved:
            reopened(builder).commit_files(request(Kind.HG, start, EditFile(b"a", b"4")), to_nobody)
        assert moved.value.current == head
    # where nothing goes on from it, the branch is at its tip
    builder.close_branch(b"default", later)
    with pytest.raises(RefMovedError) as moved:
        reopened(builder).commit_files(request(Kind.HG, mine, EditFile(b"a", b"4")), to_nobody)
    assert moved.value.current == tip


def test_head_that_moves_while_the_lock_is_waited_for(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    repository = reopened(builder)
    made: list[str] = []

    def push_meanwhile(path: pathlib.Path, announce: Announce, **options: bool) -> Any:
        made.append(builder.commit({b"a": b"pushed meanwhile"}))
        return changing.changing(path, announce, **options)

    with mock.patch.object(writing, "changing", push_meanwhile), pytest.raises(RefMovedError) as moved:
        repository.commit_files(request(Kind.HG, first, EditFile(b"a", b"mine")), to_nobody)
    assert [moved.value.current] == made


def test_closed_branch_stays_closed(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    closed = builder.close_branch(b"default", first)
    with pytest.raises(RefusedWriteError, match="closed"):
        reopened(builder).commit_files(request(Kind.HG, closed, EditFile(b"a", b"2")), to_nobody)


@pytest.mark.parametrize(("parent_phase", "phase"), [("public", "public"), ("draft", "draft")])
def test_phase_is_that_of_a_push_or_of_the_parent(
    builder: HgBuilder, reopened: Reopened, parent_phase: str, phase: str
) -> None:
    first = builder.commit({b"a": b"1"})
    builder.set_phase(first, parent_phase)
    repository = reopened(builder)
    made = repository.commit_files(request(Kind.HG, first, EditFile(b"a", b"2")), to_nobody)
    assert repository.commit(made).phase == phase


def test_nobody_learns_of_secret_changesets(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    builder.set_phase(first, "public")
    secret = builder.commit({b"a": b"secret"})
    builder.set_phase(secret, "secret")
    repository = reopened(builder)
    with pytest.raises(RefMovedError) as moved:
        repository.commit_files(request(Kind.HG, secret, EditFile(b"a", b"2")), to_nobody)
    assert moved.value.current == first
    target = on_branch(Kind.HG, None, b"new")
    with pytest.raises(RevisionNotFoundError):
        repository.commit_files(CommitRequest(target, TEXT, (EditFile(b"a", b"2"),), parent=secret), to_nobody)
    made = repository.commit_files(request(Kind.HG, first, EditFile(b"a", b"2")), to_nobody)
    assert repository.state().refs == {b"heads/default": made}


def test_large_file_is_refused_before_it_is_read(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    with (builder.path / "sparse").open("wb+") as file:
        os.truncate(file.fileno(), writing.LARGEST_FILE + 1)
        with pytest.raises(RefusedPathError, match="at most 64 MiB"):
            reopened(builder).commit_files(request(Kind.HG, first, AddFile(b"large", file)), to_nobody)


@pytest.mark.parametrize("message", [b"caf\xe9"])
def test_message_that_mercurial_cannot_store(builder: HgBuilder, reopened: Reopened, message: bytes) -> None:
    first = builder.commit({b"a": b"1"})
    text = CommitText(message, TEXT.author, TEXT.committer)
    with pytest.raises(RefusedWriteError):
        reopened(builder).commit_files(
            CommitRequest(on_branch(Kind.HG, first), text, (EditFile(b"a", b"2"),)), to_nobody
        )
    verify(Kind.HG, builder.path)


def test_what_a_dead_process_left_is_undone(builder: HgBuilder, reopened: Reopened) -> None:
    first = builder.commit({b"a": b"1"})
    pid = os.fork()
    if pid == 0:
        dying = builder.open()
        with dying.lock(), dying.transaction(b"dying"):
            builder.open = lambda: dying  # type: ignore[method-assign]
            builder.commit({b"a": b"half written"})
            os._exit(0)
    os.waitpid(pid, 0)
    assert (builder.path / ".hg/store/journal").exists()

    made = reopened(builder).commit_files(request(Kind.HG, first, EditFile(b"a", b"2")), to_nobody)
    verify(Kind.HG, builder.path)
    assert reopened(builder).count(made) == 2


def test_lock_that_stays_held_is_a_refusal(
    builder: HgBuilder, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builder.commit({b"a": b"1"})
    repository = reopened(builder)
    holder = builder.open()
    told: list[RefUpdate] = []

    def impatient_ui() -> Any:
        ui = new_ui()
        ui.setconfig(b"ui", b"timeout", b"0", b"test")
        return ui

    monkeypatch.setattr(changing, "new_ui", impatient_ui)
    with holder.lock(), pytest.raises(BusyError, match="Somebody else is changing the repository"):
        repository.commit_files(request(Kind.HG, first, EditFile(b"a", b"2")), told.extend)
    assert told == []
