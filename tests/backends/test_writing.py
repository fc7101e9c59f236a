"""Commits without a working copy."""

import contextlib
import io
import multiprocessing
import os
import pathlib
import resource
import tempfile
from collections.abc import Iterator, Sequence

import pytest

from kallithea.core.errors import UnavailableError
from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import (
    EntryKind,
    Kind,
    PathNotFoundError,
    RefKind,
    RefUpdate,
    RevisionNotFoundError,
    UnwritableError,
)
from kallithea.vcs.writing import (
    AddFile,
    CommitRequest,
    CommitText,
    DeleteFile,
    EditFile,
    FileChange,
    FileMode,
    MoveFile,
    NothingChangedError,
    RefMovedError,
    RefTarget,
    RefusedPathError,
    RefusedWriteError,
)
from tests.diffs import diff_of
from tests.factories.repositories import PINNED, Content, Executable, RepositoryBuilder, Submodule, Symlink
from tests.factories.writing import ADA, BOB, BRANCH, FULL_BRANCH, TEXT, on_branch, request, to_nobody, verify

FILES: dict[bytes, Content] = {
    b"README": b"Hello\n",
    b"run.sh": Executable(b"#!/bin/sh\n"),
    b"link": Symlink(b"README"),
    b"src/deep/file.c": b"int main;\n",
    b"src/other.c": b"int other;\n",
    b"inner": Submodule(PINNED),
}


@pytest.fixture
def first(builder: RepositoryBuilder) -> str:
    """The id of a first commit."""
    return builder.commit(FILES, message=b"first")


@pytest.fixture
def opened(builder: RepositoryBuilder, first: str) -> Iterator[Repository]:
    """A repository with one commit."""
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        yield repository


@pytest.fixture
def empty(builder: RepositoryBuilder) -> Iterator[Repository]:
    """A repository without commits."""
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        yield repository


def commit(repository: Repository, expected: str | None, *changes: FileChange) -> str:
    return repository.commit_files(request(repository.kind, expected, *changes), to_nobody)


def content(repository: Repository, commit_id: str, path: bytes) -> tuple[EntryKind, bytes]:
    blob = repository.blob(commit_id, path, limit=1 << 20)
    return blob.kind, blob.data


def paths(repository: Repository, commit_id: str, folder: bytes = b"") -> set[bytes]:
    found: set[bytes] = set()
    for entry in repository.folder(commit_id, folder):
        found |= paths(repository, commit_id, entry.path) if entry.kind is EntryKind.FOLDER else {entry.path}
    return found


def head(repository: Repository) -> str:
    return repository.resolve(BRANCH[repository.kind])


def test_edit_is_committed(opened: Repository, first: str, builder: RepositoryBuilder) -> None:
    made = commit(opened, first, EditFile(b"README", b"Hello, world\n"))

    assert head(opened) == made
    found = opened.commit(made)
    assert found.parent_ids == (first,)
    assert (found.author, found.message.rstrip()) == (ADA, TEXT.message.rstrip())
    assert content(opened, made, b"README") == (EntryKind.FILE, b"Hello, world\n")
    assert paths(opened, made) == paths(opened, first)
    verify(builder.kind, builder.path)


def test_several_changes_are_one_commit(opened: Repository, first: str, builder: RepositoryBuilder) -> None:
    made = commit(
        opened,
        first,
        AddFile(b"docs/new/page.txt", b"page\n"),
        AddFile(b"tool", b"#!/bin/sh\n", FileMode.EXECUTABLE),
        AddFile(b"docs/link", b"new/page.txt", FileMode.SYMLINK),
        EditFile(b"run.sh", b"#!/bin/bash\n"),
        MoveFile(b"src/deep/file.c", b"lib/moved.c"),
        DeleteFile(b"src/other.c"),
    )

    assert opened.count(made) == 2
    assert content(opened, made, b"docs/new/page.txt") == (EntryKind.FILE, b"page\n")
    assert content(opened, made, b"tool") == (EntryKind.EXECUTABLE, b"#!/bin/sh\n")
    assert content(opened, made, b"docs/link") == (EntryKind.SYMLINK, b"new/page.txt")
    assert content(opened, made, b"run.sh") == (EntryKind.EXECUTABLE, b"#!/bin/bash\n")
    assert content(opened, made, b"lib/moved.c") == (EntryKind.FILE, b"int main;\n")
    with pytest.raises(PathNotFoundError):
        opened.entry(made, b"src")
    assert opened.entry(made, b"inner").kind is EntryKind.SUBREPOSITORY
    verify(builder.kind, builder.path)


def test_move_is_seen_as_one(opened: Repository, first: str) -> None:
    made = commit(opened, first, MoveFile(b"src/deep/file.c", b"src/renamed.c"))
    (file,) = diff_of(opened, made).changes.files
    assert (file.old_path, file.path, file.kind) == (b"src/deep/file.c", b"src/renamed.c", "renamed")


def test_two_files_change_places(opened: Repository, first: str) -> None:
    made = commit(opened, first, MoveFile(b"README", b"src/other.c"), MoveFile(b"src/other.c", b"README"))
    assert content(opened, made, b"README")[1] == b"int other;\n"
    assert content(opened, made, b"src/other.c")[1] == b"Hello\n"


def test_mode_alone_changes(opened: Repository, first: str) -> None:
    made = commit(opened, first, EditFile(b"README", mode=FileMode.EXECUTABLE))
    assert content(opened, made, b"README") == (EntryKind.EXECUTABLE, b"Hello\n")
    again = commit(opened, made, EditFile(b"README", mode=FileMode.REGULAR))
    assert content(opened, again, b"README") == (EntryKind.FILE, b"Hello\n")


def test_file_becomes_a_folder(opened: Repository, first: str) -> None:
    made = commit(opened, first, MoveFile(b"README", b"README/first"), AddFile(b"README/second", b"2"))
    assert {b"README/first", b"README/second"} <= paths(opened, made)


def test_stream_is_read_from_where_it_stands(opened: Repository, first: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"skipped" + b"line\n" * 50_000)
        file.seek(7)
        made = commit(opened, first, AddFile(b"large.txt", file))
    with opened.open_blob(made, b"large.txt") as (size, stream):
        assert size == 250_000
        assert stream.read() == b"line\n" * 50_000


def test_any_bytes_are_a_content(opened: Repository, first: str) -> None:
    data = bytes(range(256)) * 3 + b"\r\n\0done\ncommit refs/heads/main\n"
    made = commit(opened, first, AddFile(b"binary", data), AddFile(b"empty", b""))
    assert content(opened, made, b"binary")[1] == data
    assert content(opened, made, b"empty")[1] == b""


@pytest.mark.parametrize("path", [b"caf\xe9.txt", b'quote " and \\ .txt', b"-rf", b" lead", "漢字/ü".encode()])
def test_odd_names_are_kept(opened: Repository, first: str, path: bytes) -> None:
    made = commit(opened, first, AddFile(path, b"1"))
    again = commit(opened, made, MoveFile(path, path + b".moved"))
    assert content(opened, again, path + b".moved")[1] == b"1"
    assert path not in paths(opened, commit(opened, again, DeleteFile(path + b".moved")))


def test_first_commit_of_an_empty_repository(empty: Repository, builder: RepositoryBuilder) -> None:
    moved: list[RefUpdate] = []
    made = empty.commit_files(request(empty.kind, None, AddFile(b"a/b", b"1")), moved.extend)
    assert moved == [RefUpdate(FULL_BRANCH[empty.kind], None, made)]
    assert head(empty) == made
    assert empty.commit(made).parent_ids == ()
    verify(builder.kind, builder.path)


def test_new_branch_from_an_old_commit(opened: Repository, first: str) -> None:
    second = commit(opened, first, EditFile(b"README", b"2"))
    target = on_branch(opened.kind, None, b"feature/new")
    made = opened.commit_files(CommitRequest(target, TEXT, (EditFile(b"README", b"3"),), parent=first), to_nobody)
    assert opened.resolve(b"feature/new") == made
    assert opened.commit(made).parent_ids == (first,)
    assert head(opened) == second


def test_branch_that_moved_meanwhile_is_named(opened: Repository, first: str, builder: RepositoryBuilder) -> None:
    second = builder.commit({b"README": b"pushed meanwhile"})
    before = opened.state().refs
    with open_repository(builder.kind, builder.path, VcsOptions()) as fresh:
        with pytest.raises(RefMovedError) as moved:
            commit(fresh, first, EditFile(b"README", b"mine"))
        assert moved.value.current == second
        assert fresh.state().refs == before | {FULL_BRANCH[builder.kind]: second}


def test_branch_that_is_gone(opened: Repository, first: str) -> None:
    target = on_branch(opened.kind, first, b"gone")
    with pytest.raises(RefMovedError) as moved:
        opened.commit_files(CommitRequest(target, TEXT, (AddFile(b"a", b""),)), to_nobody)
    assert moved.value.current is None


def test_branch_that_should_not_exist_yet(opened: Repository, first: str) -> None:
    with pytest.raises(RefMovedError) as moved:
        commit(opened, None, AddFile(b"a", b""))
    assert moved.value.current == first


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (EditFile(b"README", b"Hello\n"),),
        (EditFile(b"README", mode=FileMode.REGULAR),),
        (MoveFile(b"README", b"README"),),
        (DeleteFile(b"README"), AddFile(b"README", b"Hello\n")),
    ],
)
def test_edit_that_changes_nothing(opened: Repository, first: str, changes: tuple[FileChange, ...]) -> None:
    told: list[RefUpdate] = []
    with pytest.raises(NothingChangedError):
        opened.commit_files(request(opened.kind, first, *changes), told.extend)
    assert (head(opened), told) == (first, [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (AddFile(b"README", b""), "there is a file of this name already"),
        (AddFile(b"src", b""), "there is a folder of this name already"),
        (AddFile(b"inner", b""), "there is another repository of this name already"),
        (AddFile(b"README/x", b""), "README is a file, not a folder"),
        (AddFile(b"link/x", b""), "link is a symbolic link, not a folder"),
        (AddFile(b"inner/x", b""), "inner is another repository, not a folder"),
        (MoveFile(b"README", b"src"), "there is a folder"),
        (MoveFile(b"README", b"run.sh"), "there is a file"),
        (MoveFile(b"src", b"lib"), "this is a folder, not a file"),
        (MoveFile(b"README", b"../README"), "dots and blanks"),
        (EditFile(b"missing", b""), "there is no such file"),
        (EditFile(b"src", b""), "this is a folder, not a file"),
        (EditFile(b"README", mode=FileMode.SYMLINK), "only together with the path"),
        (EditFile(b"README", b"", FileMode.SYMLINK), "has 1 to 4\u202f095 bytes"),
        (EditFile(b"README", b"a\0b", FileMode.SYMLINK), "must not contain NUL"),
        (DeleteFile(b"missing"), "there is no such file"),
        (DeleteFile(b"inner"), "this is another repository, not a file"),
        (DeleteFile(b"src"), "this is a folder, not a file"),
        (DeleteFile(b""), "there is no such file"),
        (AddFile(b".git/config", b""), "own folder"),
        (AddFile(b"a/.hg/hgrc", b""), "own folder"),
        (AddFile(b".gitmodules", b""), "changed by a push only"),
        (AddFile(b".hgsubstate", b""), "changed by a push only"),
    ],
)
def test_refused_path_is_named(opened: Repository, first: str, change: FileChange, words: str) -> None:
    with pytest.raises(RefusedPathError, match=words):
        commit(opened, first, change, AddFile(b"new", b"not written either"))
    assert head(opened) == first


@pytest.mark.parametrize(
    "changes",
    [
        (AddFile(b"new", b"1"), AddFile(b"new", b"2")),
        (AddFile(b"new", b"1"), AddFile(b"new/deep/er", b"2")),
        (DeleteFile(b"README"), MoveFile(b"README", b"new")),
        (MoveFile(b"README", b"new"), MoveFile(b"run.sh", b"new")),
    ],
)
def test_changes_that_contradict_each_other(opened: Repository, first: str, changes: tuple[FileChange, ...]) -> None:
    with pytest.raises(RefusedPathError):
        commit(opened, first, *changes)


@pytest.mark.parametrize("message", [b"", b" \n", b"a\0b"])
def test_message_that_cannot_be_one(message: bytes) -> None:
    with pytest.raises(RefusedWriteError):
        CommitText(message, ADA, ADA)


@pytest.mark.parametrize("name", [b"", b"a:b", b"tip"])
def test_new_branch_of_an_impossible_name(opened: Repository, first: str, name: bytes) -> None:
    if opened.kind is Kind.GIT:
        name = {b"": b"", b"a:b": b"a..b", b"tip": b"-option"}[name]
    target = RefTarget(RefKind.BRANCH, name, None)
    with pytest.raises(RefusedWriteError):
        opened.commit_files(CommitRequest(target, TEXT, (AddFile(b"a", b""),), parent=first), to_nobody)


def test_tag_cannot_be_written_to(opened: Repository, first: str) -> None:
    with pytest.raises(RefusedWriteError):
        opened.commit_files(CommitRequest(RefTarget(RefKind.TAG, b"v1", None), TEXT, ()), to_nobody)


def test_parent_must_exist(opened: Repository) -> None:
    target = on_branch(opened.kind, None, b"new")
    with pytest.raises(RevisionNotFoundError):
        opened.commit_files(CommitRequest(target, TEXT, (AddFile(b"a", b""),), parent="f" * 40), to_nobody)


def test_refusal_to_record_leaves_everything_as_it_was(
    opened: Repository, first: str, builder: RepositoryBuilder
) -> None:
    before = opened.state()

    def refuse(_updates: Sequence[RefUpdate]) -> None:
        raise UnavailableError("no database")

    with pytest.raises(UnavailableError, match="no database"):
        opened.commit_files(request(opened.kind, first, EditFile(b"README", b"mine")), refuse)
    with open_repository(builder.kind, builder.path, VcsOptions()) as fresh:
        assert fresh.state().refs == before.refs
    verify(builder.kind, builder.path)
    commit(opened, first, EditFile(b"README", b"mine"))


def test_what_moves_is_announced_before_it_moves(opened: Repository, first: str, builder: RepositoryBuilder) -> None:
    told: list[tuple[str, list[RefUpdate]]] = []

    def look(updates: Sequence[RefUpdate]) -> None:
        with open_repository(builder.kind, builder.path, VcsOptions()) as other:
            told.append((head(other), list(updates)))

    made = opened.commit_files(request(opened.kind, first, EditFile(b"README", b"mine")), look)
    assert told == [(first, [RefUpdate(FULL_BRANCH[builder.kind], first, made)])]


def test_author_can_break_out_of_nothing(opened: Repository, first: str) -> None:
    author = type(ADA)(b"Ada <x>\nparent 0", b"a@b>\n", ADA.when)
    text = CommitText(b"message", author, BOB)
    changes = (EditFile(b"README", b"2"),)
    made = opened.commit_files(CommitRequest(on_branch(opened.kind, first), text, changes), to_nobody)
    found = opened.commit(made)
    assert (found.author.name, found.author.email) == (b"Ada  x parent 0", b"a@b")
    assert found.parent_ids == (first,)


def _write(kind: Kind, path: str, expected: str, data: bytes) -> str:
    with contextlib.suppress(RefMovedError), open_repository(kind, pathlib.Path(path), VcsOptions()) as repository:
        return commit(repository, expected, EditFile(b"README", data))
    return ""


def test_of_processes_that_commit_at_once_one_wins(builder: RepositoryBuilder, first: str) -> None:
    count = 4
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        jobs = [(builder.kind, str(builder.path), first, b"%d" % number) for number in range(count)]
        made = pool.starmap(_write, jobs, chunksize=1)
    winners = [commit_id for commit_id in made if commit_id]
    assert len(winners) == 1
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        assert head(repository) == winners[0]
        assert repository.count(winners[0]) == 2
    verify(builder.kind, builder.path)


def test_stream_that_breaks_leaves_nothing(opened: Repository, first: str, builder: RepositoryBuilder) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the upload was cut off")

    with pytest.raises(OSError, match="cut off"):
        commit(opened, first, AddFile(b"new", Breaking(b"data")))
    assert head(opened) == first
    verify(builder.kind, builder.path)


def _write_with_little_room(kind: Kind, path: str, expected: str) -> str:
    # what is larger than this cannot be written: as on a full disk, but without one
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    with open_repository(kind, pathlib.Path(path), VcsOptions()) as repository:
        try:
            return commit(repository, expected, AddFile(b"large", os.urandom(600_000)))
        except UnwritableError as problem:
            return str(problem)


def test_full_disk_is_said_in_words_and_nothing_is_lost(
    opened: Repository, first: str, builder: RepositoryBuilder
) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        answer = pool.apply(_write_with_little_room, (builder.kind, str(builder.path), first))
    assert "full" in answer
    with open_repository(builder.kind, builder.path, VcsOptions()) as fresh:
        assert fresh.state().refs == opened.state().refs
        assert paths(fresh, commit(fresh, first, AddFile(b"small", b"1"))) == paths(opened, first) | {b"small"}
    verify(builder.kind, builder.path)
