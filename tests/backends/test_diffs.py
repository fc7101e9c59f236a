"""What a commit changed."""

import pathlib
import subprocess

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import ChangeKind, DiffLimits, FileDiff, Kind, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.repositories import (
    PINNED,
    Executable,
    RepositoryBuilder,
    Sample,
    Submodule,
    Symlink,
)


def changes(repository: Repository, commit_id: str) -> dict[bytes, FileDiff]:
    return {file.path: file for file in repository.diff(commit_id).files}


def test_a_root_commit_adds_everything(repository: Repository, sample: Sample) -> None:
    diff = repository.diff(sample["first"])

    assert {file.change for file in diff.files} == {ChangeKind.ADDED}
    assert (diff.added, diff.deleted, diff.hidden_files) == (44, 0, 0)


def test_changed_lines_with_context(repository: Repository, sample: Sample) -> None:
    readme = changes(repository, sample["second"])[b"README.rst"]

    (hunk,) = readme.hunks
    assert readme.change is ChangeKind.MODIFIED
    assert [(line.mark, line.old_number, line.new_number, line.text) for line in hunk.lines] == [
        (" ", 1, 1, b"Sample"),
        (" ", 2, 2, b"======"),
        ("+", None, 3, b""),
        ("+", None, 4, b"More."),
    ]


def test_context_is_as_wide_as_asked(repository: Repository, sample: Sample) -> None:
    (narrow,) = changes_with_context(repository, sample["moved"], 0)
    (wide,) = changes_with_context(repository, sample["moved"], 100)

    assert len(narrow.hunks[0].lines) == 2
    assert len(wide.hunks[0].lines) == 41


def changes_with_context(repository: Repository, commit_id: str, context: int) -> tuple[FileDiff, ...]:
    return repository.diff(commit_id, context=context).files


def test_a_rename_with_a_change(repository: Repository, sample: Sample) -> None:
    (moved,) = repository.diff(sample["moved"]).files

    assert (moved.old_path, moved.path, moved.change) == (b"src/long.txt", b"lib/long.txt", ChangeKind.RENAMED)
    assert (moved.added, moved.deleted, moved.old_mode, moved.new_mode) == (1, 1, "100644", "100644")


def test_a_merge_is_compared_with_its_first_parent(repository: Repository, sample: Sample) -> None:
    assert list(changes(repository, sample["merge"])) == [b"side.txt"]


def test_special_files(repository: Repository, sample: Sample) -> None:
    files = changes(repository, sample["odd"])

    assert files[b"image.png"].binary
    assert files[b"image.png"].hunks == ()
    assert (files[b"empty"].change, files[b"empty"].hunks) == (ChangeKind.ADDED, ())
    assert files[b"no-newline"].hunks[0].lines[0].no_newline
    assert [line.text for line in files[b"crlf.txt"].hunks[0].lines] == [b"one\r", b"two\r"]
    assert files[b"latin.txt"].hunks[0].lines[0].text == b"caf\xe9"
    assert b"caf\xe9.txt" in files
    assert "näme with space.txt".encode() in files


def test_a_mode_change_alone(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"run it": b"x\n"})
    commit_id = builder.commit({b"run it": Executable(b"x\n")})

    (file,) = reopened(builder).diff(commit_id).files

    assert (file.path, file.change, file.old_mode, file.new_mode) == (
        b"run it",
        ChangeKind.MODIFIED,
        "100644",
        "100755",
    )
    assert (file.hunks, file.binary) == ((), False)


def test_a_deletion(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1\n2\n", b"b": b"b"})
    commit_id = builder.commit({b"a": None})

    (file,) = reopened(builder).diff(commit_id).files

    assert (file.path, file.change, file.old_mode, file.new_mode) == (b"a", ChangeKind.DELETED, "100644", None)
    assert (file.added, file.deleted) == (0, 2)


def test_a_symlink_is_its_text(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"link": Symlink(b"/etc/passwd")})

    (file,) = reopened(builder).diff(commit_id).files

    assert (file.new_mode, file.hunks[0].lines[0].text) == ("120000", b"/etc/passwd")


def test_a_moved_subrepository(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"inner": Submodule(PINNED)})
    commit_id = builder.commit({b"inner": Submodule(PINNED[::-1])})

    (file,) = reopened(builder).diff(commit_id).files

    assert file.path == (b"inner" if builder.kind is Kind.GIT else b".hgsubstate")
    assert (file.added, file.deleted) == (1, 1)


def test_a_binary_change(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a b": b"\0one"})
    commit_id = builder.commit({b"a b": b"\0two"})

    (file,) = reopened(builder).diff(commit_id).files

    assert (file.path, file.binary, file.change, file.hunks) == (b"a b", True, ChangeKind.MODIFIED, ())


def test_lines_that_look_like_headers(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"-- a\ndiff --git a/x b/x\n@@ -1 +1 @@\n"})
    commit_id = builder.commit({b"a": b"++ b\n\\ No newline at end of file\nGIT binary patch\n"})

    (file,) = reopened(builder).diff(commit_id).files

    assert [(line.mark, line.text) for line in file.hunks[0].lines] == [
        ("-", b"-- a"),
        ("-", b"diff --git a/x b/x"),
        ("-", b"@@ -1 +1 @@"),
        ("+", b"++ b"),
        ("+", b"\\ No newline at end of file"),
        ("+", b"GIT binary patch"),
    ]


def test_a_limit_of_files(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"%d" % number: b"x\n" for number in range(7)})

    diff = reopened(builder).diff(commit_id, limits=DiffLimits(files=3))

    assert (len(diff.files), diff.hidden_files, diff.added) == (3, 4, 3)


def test_a_limit_of_lines_in_a_file(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"x\n" * 50, b"b": b"y\n" * 2})

    long, short = reopened(builder).diff(commit_id, limits=DiffLimits(lines_per_file=10)).files

    assert (long.added, long.hidden_lines, len(long.hunks[0].lines)) == (50, 40, 10)
    assert (short.added, short.hidden_lines) == (2, 0)


def test_a_limit_of_lines_in_all(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"x\n" * 8, b"b": b"y\n" * 8})

    diff = reopened(builder).diff(commit_id, limits=DiffLimits(lines=10))

    assert [(file.added, file.hidden_lines) for file in diff.files] == [(8, 0), (8, 6)]


def test_a_limit_of_bytes(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"short\n" + b"x" * 300_000 + b"\nshort\n", b"b": b"short\n"})

    long, other = reopened(builder).diff(commit_id, limits=DiffLimits(bytes=1000)).files

    assert (long.added, long.hidden_lines) == (3, 2)
    assert [line.text for line in long.hunks[0].lines] == [b"short"]
    assert other.hidden_lines == 0


def test_an_unknown_commit_has_no_raw_diff_before_anything_is_sent(repository: Repository) -> None:
    with pytest.raises(RevisionNotFoundError):
        repository.raw_diff("f" * 40)


@pytest.mark.parametrize("nickname", ["second", "merge", "moved", "odd"])
def test_the_raw_diff_can_be_applied(
    repository: Repository, sample: Sample, nickname: str, tmp_path: pathlib.Path
) -> None:
    commit = repository.commit(sample[nickname])
    _write_files(repository, commit.parent_ids[0], tmp_path)

    patch = b"".join(repository.raw_diff(sample[nickname]))
    done = subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    for file in repository.diff(sample[nickname]).files:
        if file.new_mode in ("100644", "100755"):
            blob = repository.blob(sample[nickname], file.path, limit=10_000)
            assert (tmp_path / file.path.decode("utf-8", "surrogateescape")).read_bytes() == blob.data


def _write_files(repository: Repository, commit_id: str, folder: pathlib.Path, path: bytes = b"") -> None:
    for entry in repository.folder(commit_id, path):
        target = folder / entry.path.decode("utf-8", "surrogateescape")
        match entry.kind:
            case "folder":
                target.mkdir()
                _write_files(repository, commit_id, folder, entry.path)
            case "symlink":
                target.symlink_to(repository.blob(commit_id, entry.path, limit=1000).data.decode())
            case "file" | "executable":
                target.write_bytes(repository.blob(commit_id, entry.path, limit=10_000).data)
