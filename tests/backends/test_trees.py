"""Folders and files."""

import io

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.types import EntryKind, Kind, PathNotFoundError, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.diffs import changes_of
from tests.factories.repositories import LONG_TEXT, PINNED, RepositoryBuilder, Sample


def test_the_root_lists_folders_first(repository: Repository, sample: Sample) -> None:
    entries = repository.with_sizes(sample["second"], repository.folder(sample["second"], b""))

    assert [(entry.path, entry.kind, entry.size) for entry in entries] == [
        (b"src", EntryKind.FOLDER, None),
        (b"README.rst", EntryKind.FILE, 21),
        (b"link", EntryKind.SYMLINK, 10),
        (b"run.sh", EntryKind.EXECUTABLE, 10),
    ]


def test_a_folder_lists_whole_paths(repository: Repository, sample: Sample) -> None:
    entries = repository.folder(sample["first"], b"src")

    assert [(entry.path, entry.name, entry.kind) for entry in entries] == [
        (b"src/deep", b"deep", EntryKind.FOLDER),
        (b"src/long.txt", b"long.txt", EntryKind.FILE),
    ]


def test_a_subrepository_is_an_entry_with_its_pinned_commit(repository: Repository, sample: Sample) -> None:
    (entry,) = repository.folder(sample["odd"], b"sub")

    assert (entry.path, entry.kind, entry.size, entry.object_id) == (
        b"sub/module",
        EntryKind.SUBREPOSITORY,
        None,
        PINNED,
    )
    assert repository.entry(sample["odd"], b"sub/module") == entry


def test_paths_of_a_whole_commit(repository: Repository, sample: Sample) -> None:
    second = repository.paths(sample["second"], limit=1_000)

    assert second == tuple(sorted(second))
    assert {b"README.rst", b"link", b"run.sh", b"src/deep/er/file.c", b"src/long.txt"} >= {
        path for path in second if not path.startswith(b"src/")
    }
    assert b"sub/module" in repository.paths(sample["odd"], limit=1_000)
    assert repository.paths(sample["second"], limit=2) == second[:2]
    with pytest.raises(RevisionNotFoundError):
        repository.paths("f" * 40, limit=1)


def test_paths_are_in_the_order_of_their_bytes(builder: RepositoryBuilder, reopened: Open) -> None:
    paths = [b"a", b"b-c", b"b/a", b"b.c", b"b/\xff", b"b0", "b/\u00e9".encode()]
    commit_id = builder.commit(dict.fromkeys(paths, b"1"))

    assert reopened(builder).paths(commit_id, limit=100) == tuple(sorted(paths))


def test_the_root_itself_is_a_folder(repository: Repository, sample: Sample) -> None:
    assert repository.entry(sample["first"], b"").kind is EntryKind.FOLDER


def test_entries_of_folders_and_files(repository: Repository, sample: Sample) -> None:
    assert repository.entry(sample["first"], b"src/deep").kind is EntryKind.FOLDER
    assert repository.entry(sample["first"], b"src/deep/er/file.c").size == 29


def test_a_file_is_read_whole(repository: Repository, sample: Sample) -> None:
    blob = repository.blob(sample["first"], b"src/long.txt", limit=100_000)

    assert blob.data == LONG_TEXT
    assert (blob.size, blob.truncated, blob.binary, blob.kind) == (len(LONG_TEXT), False, False, EntryKind.FILE)


def test_a_file_is_cut_at_the_limit(repository: Repository, sample: Sample) -> None:
    blob = repository.blob(sample["first"], b"src/long.txt", limit=10)

    assert blob.data == LONG_TEXT[:10]
    assert (blob.size, blob.truncated) == (len(LONG_TEXT), True)


def test_a_file_as_long_as_the_limit_is_whole(repository: Repository, sample: Sample) -> None:
    assert not repository.blob(sample["first"], b"src/long.txt", limit=len(LONG_TEXT)).truncated


def test_a_symlink_is_its_text(repository: Repository, sample: Sample) -> None:
    blob = repository.blob(sample["second"], b"link", limit=100)

    assert (blob.kind, blob.data) == (EntryKind.SYMLINK, b"README.rst")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (b"caf\xe9.txt", b"latin name\n"),
        ("näme with space.txt".encode(), b"utf-8 name\n"),
        (b"crlf.txt", b"one\r\ntwo\r\n"),
        (b"no-newline", b"the end"),
        (b"empty", b""),
        (b"latin.txt", b"caf\xe9\n"),
    ],
)
def test_bytes_are_kept(repository: Repository, sample: Sample, path: bytes, data: bytes) -> None:
    assert repository.blob(sample["odd"], path, limit=100).data == data
    assert path in [entry.path for entry in repository.folder(sample["odd"], b"")]


def test_a_binary_file_is_recognised(repository: Repository, sample: Sample) -> None:
    assert repository.blob(sample["odd"], b"image.png", limit=100).binary


@pytest.mark.parametrize(
    "path",
    [
        b"absent",
        b"src/absent",
        b"README.rst/below",
        b"src/",
        b"/src",
        b"src//long.txt",
        b"./src",
        b"src/..",
        b"../repository",
        b"sr",
        b"link/x",
        b"src\0",
        b"\n",
        b"d" * 5000,
    ],
)
def test_what_is_not_there_is_not_found(repository: Repository, sample: Sample, path: bytes) -> None:
    for read in (repository.entry, repository.folder):
        with pytest.raises(PathNotFoundError):
            read(sample["second"], path)
    with pytest.raises(PathNotFoundError):
        repository.blob(sample["second"], path, limit=10)


def test_a_file_is_no_folder(repository: Repository, sample: Sample) -> None:
    with pytest.raises(PathNotFoundError):
        repository.folder(sample["first"], b"README.rst")


@pytest.mark.parametrize("path", [b"", b"src", b"sub/module"])
def test_a_folder_is_no_file(repository: Repository, sample: Sample, path: bytes) -> None:
    with pytest.raises(PathNotFoundError):
        repository.blob(sample["odd"], path, limit=10)
    with pytest.raises(PathNotFoundError), repository.open_blob(sample["odd"], path):
        pass


def test_a_moved_file_is_gone_from_its_old_place(repository: Repository, sample: Sample) -> None:
    with pytest.raises(PathNotFoundError):
        repository.entry(sample["moved"], b"src/long.txt")
    assert repository.entry(sample["moved"], b"lib/long.txt").size == len(LONG_TEXT) + 4


@pytest.mark.parametrize("commit_id", ["", "f" * 40, "not hexadecimal", "f" * 64])
def test_an_unknown_commit_has_no_tree(repository: Repository, commit_id: str) -> None:
    with pytest.raises(RevisionNotFoundError):
        repository.folder(commit_id, b"")


def test_a_large_file_is_streamed(builder: RepositoryBuilder, reopened: Open) -> None:
    data = bytes(range(256)) * 12_000
    commit_id = builder.commit({b"large": data, b"small": b"small"})
    repository = reopened(builder)

    with repository.open_blob(commit_id, b"large") as (size, stream):
        assert size == len(data)
        received = io.BytesIO()
        while chunk := stream.read(100_000):
            received.write(chunk)
    assert received.getvalue() == data


def test_a_stream_may_be_left_early(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"large": b"x" * 1_000_000, b"small": b"small"})
    repository = reopened(builder)

    with repository.open_blob(commit_id, b"large") as (_, stream):
        assert stream.read(3) == b"xxx"

    assert repository.blob(commit_id, b"small", limit=10).data == b"small"
    assert repository.blob(commit_id, b"large", limit=2).data == b"xx"


def test_many_files_in_one_folder(builder: RepositoryBuilder, reopened: Open) -> None:
    names = [b"f%04d" % number for number in range(700)]
    commit_id = builder.commit({name: name * 3 for name in names} | {b"f/x": b"x", b"f-1": b"1", b"f0": b"0"})

    repository = reopened(builder)
    entries = repository.folder(commit_id, b"")

    assert [entry.path for entry in entries] == [b"f", b"f-1", b"f0", *names]
    assert {entry.size for entry in repository.with_sizes(commit_id, entries[3:])} == {15}


def test_control_characters_in_names(builder: RepositoryBuilder, reopened: Open) -> None:
    name = b'tab\there "quoted" back\\slash \x01\x7f'
    if builder.kind is Kind.GIT:
        name += b"\nnewline"
    commit_id = builder.commit({name: b"x\n"})
    repository = reopened(builder)

    assert [entry.path for entry in repository.folder(commit_id, b"")] == [name]
    assert list(changes_of(repository, commit_id)) == [name]
    assert len(repository.log(commit_id, LogFilter(path=name)).commits) == 1


def test_other_files_may_be_read_while_one_is_streamed(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"large": b"x" * 300_000, b"small": b"small"})
    repository = reopened(builder)
    repository.blob(commit_id, b"small", limit=10)

    with repository.open_blob(commit_id, b"large") as (_, stream):
        received = stream.read(1000)
        assert repository.blob(commit_id, b"small", limit=10).data == b"small"
        with repository.open_blob(commit_id, b"small") as (_, other):
            assert other.read() == b"small"
        received += stream.read()

    assert received == b"x" * 300_000
    assert repository.blob(commit_id, b"small", limit=10).data == b"small"
