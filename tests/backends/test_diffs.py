"""What lies between two commits: the list of files, their lines, and the text of it all."""

import pathlib
import subprocess

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.diff import ChangeKind, ContentKind, DiffLimits, DiffOptions, Sides, Whitespace, against_parent
from kallithea.vcs.types import Kind, PathNotFoundError, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.backends.readings import NO_PATHS
from tests.diffs import bodies_of, changes_of, diff_of, raw_diff_of
from tests.factories.repositories import (
    PINNED,
    Executable,
    RepositoryBuilder,
    Sample,
    Submodule,
    Symlink,
)


def test_a_root_commit_adds_everything(repository: Repository, sample: Sample) -> None:
    changes = diff_of(repository, sample["first"]).changes

    assert {file.kind for file in changes.files} == {ChangeKind.ADDED}
    assert (changes.added, changes.deleted, changes.total) == (44, 0, 4)


def test_changed_lines_with_context(repository: Repository, sample: Sample) -> None:
    readme = bodies_of(repository, sample["second"])[b"README.rst"]

    (hunk,) = readme.hunks
    assert readme.change.kind is ChangeKind.MODIFIED
    assert [(line.mark, line.old_number, line.new_number, line.text) for line in hunk.lines] == [
        (" ", 1, 1, b"Sample"),
        (" ", 2, 2, b"======"),
        ("+", None, 3, b""),
        ("+", None, 4, b"More."),
    ]


@pytest.mark.parametrize(("context", "lines"), [(0, 2), (3, 8), (100, 41)])
def test_context_is_as_wide_as_asked(repository: Repository, sample: Sample, context: int, lines: int) -> None:
    (file,) = diff_of(repository, sample["moved"], options=DiffOptions(context)).files

    assert len(file.hunks[0].lines) == lines


def test_any_two_commits_can_be_compared(repository: Repository, sample: Sample) -> None:
    forth = repository.diff(Sides(sample["second"], sample["odd"])).changes
    back = repository.diff(Sides(sample["odd"], sample["second"])).changes

    assert {file.path for file in forth.files} > {b"lib/long.txt", b"side.txt", b"empty"}
    assert (forth.added, forth.deleted) == (back.deleted, back.added)
    assert repository.diff(Sides(sample["odd"], sample["odd"])).changes.total == 0


def test_a_commit_against_nothing_is_all_that_it_holds(repository: Repository, sample: Sample) -> None:
    files = repository.diff(Sides(None, sample["second"])).changes.files

    assert {file.path for file in files} == {
        b"README.rst",
        b"link",
        b"run.sh",
        b"src/deep/er/file.c",
        b"src/long.txt",
    }
    assert {(file.kind, file.old_mode, file.old_id) for file in files} == {(ChangeKind.ADDED, None, None)}


def test_a_rename_with_a_change(repository: Repository, sample: Sample) -> None:
    (moved,) = diff_of(repository, sample["moved"]).changes.files

    assert (moved.old_path, moved.path, moved.kind) == (b"src/long.txt", b"lib/long.txt", ChangeKind.RENAMED)
    assert (moved.added, moved.deleted, moved.old_mode, moved.new_mode) == (1, 1, "100644", "100644")
    assert not moved.mode_only


def test_a_rename_without_a_change(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"old": b"1\n2\n3\n"})
    commit_id = builder.commit({b"old": None, b"new": b"1\n2\n3\n"}, renames={b"new": b"old"})

    (file,) = diff_of(reopened(builder), commit_id).files

    assert (file.change.kind, file.change.old_path, file.change.path) == (ChangeKind.RENAMED, b"old", b"new")
    assert (file.change.added, file.change.deleted, file.hunks) == (0, 0, ())


def test_a_merge_is_compared_with_each_parent(repository: Repository, sample: Sample) -> None:
    merge = repository.commit(sample["merge"])

    first, second = (repository.diff(against_parent(merge, number)).changes.files for number in (1, 2))

    assert [file.path for file in first] == [b"side.txt"]
    assert [file.path for file in second] == [b"README.rst", b"link"]
    with pytest.raises(IndexError):
        against_parent(merge, 3)


def test_special_files(repository: Repository, sample: Sample) -> None:
    files = bodies_of(repository, sample["odd"])

    assert files[b"image.png"].change.content is ContentKind.BINARY
    assert (files[b"image.png"].hunks, files[b"image.png"].old_size, files[b"image.png"].new_size) == ((), None, 7)
    assert (files[b"empty"].change.kind, files[b"empty"].hunks) == (ChangeKind.ADDED, ())
    assert files[b"no-newline"].hunks[0].lines[0].no_newline
    assert [line.text for line in files[b"crlf.txt"].hunks[0].lines] == [b"one\r", b"two\r"]
    assert files[b"latin.txt"].hunks[0].lines[0].text == b"caf\xe9"
    assert b"caf\xe9.txt" in files
    assert "näme with space.txt".encode() in files


@pytest.mark.parametrize(
    "name", [b"tab\tin it", b'quote"d', b"back\\slash", b"\xff\xfe", b"a b/c d", b"--option", b":(glob)*", b" b/x"]
)
def test_odd_names(builder: RepositoryBuilder, reopened: Open, name: bytes) -> None:
    builder.commit({name: b"1\n", b"other": b"1\n"})
    commit_id = builder.commit({name: b"2\n", b"other": b"2\n"})
    repository = reopened(builder)

    alone = repository.diff(against_parent(repository.commit(commit_id)), paths=[name])

    assert set(changes_of(repository, commit_id)) == {name, b"other"}
    assert [(file.change.path, len(file.hunks)) for file in alone.files] == [(name, 1)]


def test_a_newline_in_a_name(builder: RepositoryBuilder, reopened: Open) -> None:
    if builder.kind is Kind.HG:
        pytest.skip("Mercurial has no such names")
    commit_id = builder.commit({b"a\nb": b"1\n"})

    assert [len(file.hunks) for file in diff_of(reopened(builder), commit_id).files] == [1]


def test_a_mode_change_alone(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"run it": b"x\n"})
    commit_id = builder.commit({b"run it": Executable(b"x\n")})

    (file,) = diff_of(reopened(builder), commit_id).files

    change = file.change
    assert (change.path, change.kind) == (b"run it", ChangeKind.MODIFIED)
    assert (change.old_mode, change.new_mode) == ("100644", "100755")
    assert (file.hunks, change.content, change.added) == ((), ContentKind.TEXT, 0)
    assert change.mode_only


def test_a_deletion(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1\n2\n", b"b": b"b"})
    commit_id = builder.commit({b"a": None})

    (file,) = diff_of(reopened(builder), commit_id).changes.files

    assert (file.path, file.kind, file.old_mode, file.new_mode) == (b"a", ChangeKind.DELETED, "100644", None)
    assert (file.added, file.deleted) == (0, 2)


def test_a_symlink_is_its_text(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"link": Symlink(b"/etc/passwd")})

    (file,) = diff_of(reopened(builder), commit_id).files

    assert (file.change.new_mode, file.change.content) == ("120000", ContentKind.SYMLINK)
    assert file.hunks[0].lines[0].text == b"/etc/passwd"


def test_a_file_that_becomes_a_link(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"text\n"})
    commit_id = builder.commit({b"a": Symlink(b"elsewhere")})

    (file,) = diff_of(reopened(builder), commit_id).files

    assert (file.change.kind, file.change.content) == (ChangeKind.RETYPED, ContentKind.SYMLINK)
    assert (file.change.old_mode, file.change.new_mode) == ("100644", "120000")
    assert [(line.mark, line.text) for hunk in file.hunks for line in hunk.lines] == [
        ("-", b"text"),
        ("+", b"elsewhere"),
    ]
    assert (file.change.added, file.change.deleted) == (1, 1)


def test_a_file_that_becomes_a_folder(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"text\n"})
    commit_id = builder.commit({b"a": None, b"a/b": b"other\n"})
    repository = reopened(builder)

    kinds = {path: file.kind for path, file in changes_of(repository, commit_id).items()}

    assert kinds == {b"a": ChangeKind.DELETED, b"a/b": ChangeKind.ADDED}
    alone = repository.diff(against_parent(repository.commit(commit_id)), paths=[b"a/b"])
    assert [file.change.path for file in alone.files] == [b"a/b"]


def test_sub_repositories_are_told_by_their_commits(builder: RepositoryBuilder, reopened: Open) -> None:
    added = builder.commit({b"inner": Submodule(PINNED)})
    moved = builder.commit({b"inner": Submodule(PINNED[::-1])})
    repository = reopened(builder)

    first, second = (changes_of(repository, commit_id)[b"inner"] for commit_id in (added, moved))

    assert (first.kind, first.old_id, first.new_id) == (ChangeKind.ADDED, None, PINNED)
    assert (second.kind, second.old_id, second.new_id) == (ChangeKind.MODIFIED, PINNED, PINNED[::-1])
    assert second.content is ContentKind.SUBREPOSITORY
    assert diff_of(repository, moved).changes.added == 1


def test_a_binary_change(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a b": b"\0one"})
    commit_id = builder.commit({b"a b": b"\0three"})

    (file,) = diff_of(reopened(builder), commit_id).files

    assert (file.change.path, file.change.kind, file.hunks) == (b"a b", ChangeKind.MODIFIED, ())
    assert (file.change.content, file.old_size, file.new_size) == (ContentKind.BINARY, 4, 6)
    assert (file.change.added, file.change.deleted, file.too_large) == (0, 0, False)


def test_a_binary_file_that_only_moved_has_no_lines(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"old": b"\0one" * 9})
    commit_id = builder.commit({b"old": None, b"new": b"\0one" * 9}, renames={b"new": b"old"})
    repository = reopened(builder)

    diff = diff_of(repository, commit_id)

    assert repository.changes(Sides(repository.commit(commit_id).parent_ids[0], commit_id)) == diff.changes
    (change,) = diff.changes.files
    assert (change.kind, change.added, change.deleted) == (ChangeKind.RENAMED, 0, 0)
    # git does not look at it
    assert change.content is (ContentKind.TEXT if builder.kind is Kind.GIT else ContentKind.BINARY)


@pytest.mark.parametrize(
    ("ignored", "changed"),
    [
        (Whitespace.NONE, {b"amount", b"all", b"blank", b"words"}),
        (Whitespace.AMOUNT, {b"all", b"blank", b"words"}),
        (Whitespace.ALL, {b"blank", b"words"}),
        (Whitespace.BLANK_LINES, {b"amount", b"all", b"words"}),
    ],
)
def test_white_space_can_be_ignored(
    builder: RepositoryBuilder, reopened: Open, ignored: Whitespace, changed: set[bytes]
) -> None:
    builder.commit({b"amount": b"a b\n", b"all": b"a b\n", b"blank": b"a\nb\n", b"words": b"a\n"})
    commit_id = builder.commit({b"amount": b"a   b \n", b"all": b"ab\n", b"blank": b"a\n\nb\n", b"words": b"b\n"})

    diff = diff_of(reopened(builder), commit_id, options=DiffOptions(ignored=ignored))

    assert {file.change.path for file in diff.files if file.hunks} == changed
    assert diff.changes.total == 4
    assert all((file.added, file.deleted) == (0, 0) for file in diff.changes.files if file.path not in changed)


def test_lines_that_look_like_headers(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"-- a\ndiff --git a/x b/x\n@@ -1 +1 @@\n"})
    commit_id = builder.commit({b"a": b"++ b\n\\ No newline at end of file\nGIT binary patch\n"})

    (file,) = diff_of(reopened(builder), commit_id).files

    assert [(line.mark, line.text) for line in file.hunks[0].lines] == [
        ("-", b"-- a"),
        ("-", b"diff --git a/x b/x"),
        ("-", b"@@ -1 +1 @@"),
        ("+", b"++ b"),
        ("+", b"\\ No newline at end of file"),
        ("+", b"GIT binary patch"),
    ]


def test_only_some_paths(builder: RepositoryBuilder, reopened: Open) -> None:
    files = {b"a": b"1\n", b"b": b"1\n", b"old": b"1\n2\n3\n4\n"}
    builder.commit(files)
    commit_id = builder.commit(
        {b"a": b"2\n", b"b": b"2\n", b"old": None, b"new": b"1\n2\n3\n5\n"}, renames={b"new": b"old"}
    )
    repository = reopened(builder)
    sides = against_parent(repository.commit(commit_id))

    found = repository.diff(sides, paths=[b"b", b"new", b"old", b"nothing"])

    assert [(file.change.path, file.change.kind) for file in found.files] == [
        (b"b", ChangeKind.MODIFIED),
        (b"new", ChangeKind.RENAMED),
    ]
    assert repository.diff(sides, paths=[b"nothing"]).changes.total == 0
    assert b"diff --git a/b b/b" in b"".join(repository.raw_diff(sides, paths=[b"b"]))
    assert b"a/a" not in b"".join(repository.raw_diff(sides, paths=[b"b"]))


def test_what_is_alike_in_the_end_has_not_changed(builder: RepositoryBuilder, reopened: Open) -> None:
    text = {b"back": b"one\n", b"mode": b"x\n", b"other": b"1\n"}
    first = builder.commit(text)
    builder.commit({b"back": b"two\n", b"mode": b"y\n", b"other": b"2\n"})
    last = builder.commit({b"back": b"one\n", b"mode": Executable(b"x\n"), b"other": b"3\n"})
    repository, sides = reopened(builder), Sides(first, last)

    for listed in (repository.changes(sides), repository.changes(sides, counted=False), repository.diff(sides).changes):
        assert [file.path for file in listed.files] == [b"mode", b"other"]
    assert b"back" not in b"".join(repository.raw_diff(sides))


@pytest.mark.parametrize("path", [b"", b"a\0b", *NO_PATHS])
def test_what_can_be_no_path(repository: Repository, sample: Sample, path: bytes) -> None:
    try:
        found = repository.diff(Sides(sample["first"], sample["second"]), paths=[path])
    except PathNotFoundError:
        return
    assert found.changes.total == 0


def test_the_list_comes_in_windows(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"%d" % number: b"x\n" * number for number in range(7)})
    repository = reopened(builder)
    sides = Sides(None, commit_id)

    window = repository.changes(sides, offset=2, limit=3)
    uncounted = repository.changes(sides, offset=6, limit=3, counted=False)

    assert [(file.path, file.added) for file in window.files] == [(b"2", 2), (b"3", 3), (b"4", 4)]
    assert (window.total, window.added, window.deleted, window.offset) == (7, 21, 0, 2)
    assert [(file.path, file.added) for file in uncounted.files] == [(b"6", None)]
    assert (uncounted.total, uncounted.added) == (7, None)
    assert repository.changes(sides).files == repository.diff(sides).changes.files


def test_a_limit_of_files(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"%d" % number: b"x\n" for number in range(7)})

    diff = diff_of(reopened(builder), commit_id, limits=DiffLimits(files=3, listed=5))

    assert (len(diff.files), len(diff.changes.files), diff.changes.total, diff.changes.added) == (3, 5, 7, 7)


def test_counting_ends_in_time(builder: RepositoryBuilder, reopened: Open) -> None:
    files = {b"%03d" % number: b"%d\n" % number * 1000 for number in range(100)}
    commit_id = builder.commit(files)

    diff = diff_of(reopened(builder), commit_id, limits=DiffLimits(files=3, counting_seconds=0))

    assert [file.change.added for file in diff.files] == [1000, 1000, 1000]
    assert (diff.changes.total, diff.changes.added) == (100, None)
    assert diff.changes.files[-1].added is None


def test_a_limit_of_lines_in_a_file(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"x\n" * 50, b"b": b"y\n" * 2})

    long, short = diff_of(reopened(builder), commit_id, limits=DiffLimits(lines_per_file=10)).files

    assert (long.change.added, long.hidden_lines, len(long.hunks[0].lines), long.next_line) == (50, 40, 10, 10)
    assert (short.change.added, short.hidden_lines, short.next_line) == (2, 0, 0)


def test_the_lines_after_those_that_were_seen(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"".join(b"%d\n" % number for number in range(50))})

    (rest,) = diff_of(reopened(builder), commit_id, limits=DiffLimits(skipped_lines=48)).files

    assert [(line.new_number, line.text) for line in rest.hunks[0].lines] == [(49, b"48"), (50, b"49")]
    assert (rest.change.added, rest.hidden_lines) == (50, 0)


def test_a_limit_of_lines_in_all(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"x\n" * 8, b"b": b"y\n" * 8})

    diff = diff_of(reopened(builder), commit_id, limits=DiffLimits(lines=10))

    assert [(file.change.added, file.hidden_lines) for file in diff.files] == [(8, 0), (8, 6)]


def test_a_limit_of_bytes(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"short\n" + b"x" * 300_000 + b"\nshort\n", b"b": b"short\n"})

    long, other = diff_of(reopened(builder), commit_id, limits=DiffLimits(bytes=1000)).files

    assert (long.change.added, long.hidden_lines) == (3, 2)
    assert [line.text for line in long.hunks[0].lines] == [b"short"]
    assert other.hidden_lines == 0


@pytest.mark.parametrize("sides", [Sides(None, "f" * 40), Sides("f" * 40, "e" * 40), Sides(None, "--all")])
def test_unknown_commits_are_told_before_anything_is_sent(repository: Repository, sides: Sides) -> None:
    for read in (repository.changes, repository.diff, repository.raw_diff):
        with pytest.raises(RevisionNotFoundError):
            read(sides)
    with pytest.raises(RevisionNotFoundError):
        repository.combined_diff(sides.new)


@pytest.mark.parametrize("nickname", ["second", "merge", "moved", "odd"])
def test_the_raw_diff_can_be_applied(
    repository: Repository, sample: Sample, nickname: str, tmp_path: pathlib.Path
) -> None:
    commit = repository.commit(sample[nickname])
    _write_files(repository, commit.parent_ids[0], tmp_path)

    patch = b"".join(raw_diff_of(repository, sample[nickname]))
    done = subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    for path, file in changes_of(repository, sample[nickname]).items():
        if file.new_mode in ("100644", "100755"):
            blob = repository.blob(sample[nickname], path, limit=10_000)
            assert (tmp_path / path.decode("utf-8", "surrogateescape")).read_bytes() == blob.data


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
