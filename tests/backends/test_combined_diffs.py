"""Merges against all their parents at once."""

from kallithea.vcs.diff import ChangeKind, DiffLimits, DiffOptions
from tests.backends.conftest import Open
from tests.factories.repositories import Executable, RepositoryBuilder

LINES = [b"%d" % number for number in range(1, 21)]


def text(**changed: bytes) -> bytes:
    """Twenty lines, of which ``l5=b"five"`` changes the fifth."""
    lines = list(LINES)
    for name, line in changed.items():
        lines[int(name[1:]) - 1] = line
    return b"".join(line + b"\n" for line in lines)


def merge(builder: RepositoryBuilder, ours: bytes, theirs: bytes, result: bytes, path: bytes = b"a") -> str:
    """A merge of two changes of one file."""
    base = builder.commit({path: text()})
    first = builder.commit({path: ours}, parents=(base,))
    second = builder.commit({path: theirs}, parents=(base,), branch=b"other")
    return builder.commit({path: result}, parents=(first, second))


def test_lines_that_no_parent_has(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = merge(builder, text(l5=b"ours"), text(l5=b"theirs"), text(l5=b"both"))

    (file,) = reopened(builder).combined_diff(commit_id, options=DiffOptions(1)).files

    (hunk,) = file.hunks
    assert [(line.marks, line.numbers, line.new_number, line.text) for line in hunk.lines] == [
        ("  ", (4, 4), 4, b"4"),
        ("- ", (5, None), None, b"ours"),
        (" -", (None, 5), None, b"theirs"),
        ("++", (None, None), 5, b"both"),
        ("  ", (6, 6), 6, b"6"),
    ]
    assert (hunk.old_ranges, hunk.new_start, hunk.new_lines) == (((4, 3), (4, 3)), 4, 3)
    assert file.kinds == (ChangeKind.MODIFIED, ChangeKind.MODIFIED)


def test_both_sides_of_a_conflict_kept(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = merge(builder, text(l5=b"ours"), text(l5=b"theirs"), text(l5=b"ours\ntheirs"))

    (file,) = reopened(builder).combined_diff(commit_id, options=DiffOptions(0)).files

    assert [(line.marks, line.text) for line in file.hunks[0].lines] == [(" +", b"ours"), ("+ ", b"theirs")]


def test_changes_of_one_side_are_left_out(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = merge(builder, text(l2=b"ours"), text(l18=b"theirs"), text(l2=b"ours", l18=b"theirs"))

    (file,) = reopened(builder).combined_diff(commit_id).files

    assert (file.path, file.hunks) == (b"a", ())


def test_files_of_one_side_are_not_listed(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = merge(builder, text(l2=b"ours"), text(), text(l2=b"ours"))

    assert reopened(builder).combined_diff(commit_id).total == 0


def test_what_only_the_merge_brought(builder: RepositoryBuilder, reopened: Open) -> None:
    base = builder.commit({b"a": text(), b"gone": b"x\n"})
    first = builder.commit({b"b": b"1\n"}, parents=(base,))
    second = builder.commit({b"c": b"1\n"}, parents=(base,), branch=b"other")
    commit_id = builder.commit({b"c": b"1\n", b"evil": Executable(b"1\n"), b"gone": None}, parents=(first, second))

    files = {file.path: file for file in reopened(builder).combined_diff(commit_id).files}

    assert set(files) == {b"evil", b"gone"}
    assert (files[b"evil"].kinds, files[b"evil"].old_modes) == ((ChangeKind.ADDED,) * 2, (None, None))
    assert files[b"evil"].new_mode == "100755"
    assert [line.marks for line in files[b"evil"].hunks[0].lines] == ["++"]
    assert files[b"gone"].new_mode is None


def test_binary_files(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = merge(builder, b"\0a", b"\0b", b"\0c")

    (file,) = reopened(builder).combined_diff(commit_id).files

    assert (file.binary, file.hunks) == (True, ())


def test_limits(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = merge(builder, text(l5=b"ours"), text(l5=b"theirs"), text(l5=b"x" * 100_000))
    repository = reopened(builder)

    (file,) = repository.combined_diff(commit_id, limits=DiffLimits(bytes=1000)).files

    assert file.cut
    assert len(b"".join(hunk.text for hunk in file.hunks)) <= 1000
    assert repository.combined_diff(commit_id, limits=DiffLimits(files=0)).total == 1


def test_a_commit_that_is_no_merge(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1\n"})
    commit_id = builder.commit({b"a": b"2\n"})

    assert reopened(builder).combined_diff(commit_id).files == ()
