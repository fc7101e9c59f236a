"""What is missing, damaged or malformed is named, and spoils nothing else."""

import os
import pathlib
from collections.abc import Callable

import pytest

from kallithea.vcs.hg.changesets import changed, parse_entry
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.types import CorruptObjectError, EntryKind, VcsError
from tests.diffs import diff_of
from tests.factories.repositories import HgBuilder, Submodule

Open = Callable[[HgBuilder], HgRepository]


def filelog(builder: HgBuilder, name: str) -> pathlib.Path:
    return builder.path / ".hg" / "store" / "data" / f"{name}.i"


@pytest.mark.parametrize("how", ["removed", "emptied", "cut", "overwritten"])
def test_a_damaged_file(builder: HgBuilder, reopened: Open, how: str) -> None:
    commit_id = builder.commit({b"bad": os.urandom(3000), b"good": b"good"})
    node = reopened(builder).entry(commit_id, b"bad").object_id
    assert node is not None
    path = filelog(builder, "bad")
    match how:
        case "removed":
            path.unlink()
        case "emptied":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:-100])
        case "overwritten":
            path.write_bytes(path.read_bytes()[:1000] + os.urandom(2000))
    repository = reopened(builder)

    with pytest.raises(CorruptObjectError, match=node):
        repository.blob(commit_id, b"bad", limit=10)
    with pytest.raises(CorruptObjectError, match=node), repository.open_blob(commit_id, b"bad"):
        pass
    bad, good = diff_of(repository, commit_id).files
    assert (bad.hunks, node in bad.damage) == ((), True)
    assert (good.hunks[0].text, good.damage) == (b"+good\n\\ No newline at end of file\n", "")
    assert repository.blob(commit_id, b"good", limit=10).data == b"good"
    assert {entry.path for entry in repository.folder(commit_id, b"")} == {b"bad", b"good"}


def test_beside_a_damaged_file_the_last_changes_are_found(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1", b"bad": b"1", b"c": b"1"})
    second = builder.commit({b"bad": b"2"})
    third = builder.commit({b"c": b"2"})
    filelog(builder, "bad").unlink()

    found = reopened(builder).last_changes(third, b"", [b"a", b"bad", b"c"])

    assert found.changes == {b"a": first, b"bad": second, b"c": third}


def test_renames_beside_a_damaged_file_are_shown_as_what_was_added(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"old": b"1"})
    commit_id = builder.commit({b"bad": b"1", b"new": b"1", b"old": None}, renames={b"new": b"old"})
    filelog(builder, "bad").unlink()

    diff = diff_of(reopened(builder), commit_id)

    assert [(file.path, file.kind) for file in diff.changes.files] == [
        (b"bad", "added"),
        (b"new", "added"),
        (b"old", "deleted"),
    ]
    assert [bool(file.damage) for file in diff.files] == [True, False, False]
    assert (diff.changes.added, diff.changes.deleted) == (None, None)


def test_a_damaged_file_that_is_followed_is_named_by_its_id(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"bad": b"1"})
    node = reopened(builder).entry(commit_id, b"bad").object_id
    filelog(builder, "bad").unlink()

    with pytest.raises(CorruptObjectError, match=f"Object {node}"):
        reopened(builder).log(commit_id, LogFilter(path=b"bad", follow=True))


@pytest.mark.parametrize("how", ["removed", "overwritten"])
def test_a_damaged_manifest(builder: HgBuilder, reopened: Open, how: str) -> None:
    commit_id = builder.commit({b"%d" % number: b"x" for number in range(100)})
    path = builder.path / ".hg" / "store" / "00manifest.i"
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:64] + os.urandom(path.stat().st_size - 64))
    repository = reopened(builder)

    for read in (lambda: repository.folder(commit_id, b""), lambda: diff_of(repository, commit_id)):
        with pytest.raises(CorruptObjectError, match=commit_id):
            read()
    assert repository.commit(commit_id).commit_id == commit_id


def test_a_damaged_changelog_is_an_error_of_ours(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    path = builder.path / ".hg" / "store" / "00changelog.d"
    path.write_bytes(os.urandom(path.stat().st_size))

    with pytest.raises(CorruptObjectError, match=commit_id):
        reopened(builder).commit(commit_id)


def test_bookmarks_that_cannot_be_read_are_in_the_way_of_refs_alone(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"1"})
    (builder.path / ".hg" / "bookmarks").mkdir()

    assert reopened(builder).blob(commit_id, b"a", limit=10).data == b"1"


def test_a_truncated_changelog_is_an_error_of_ours(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"a"})
    path = builder.path / ".hg" / "store" / "00changelog.i"
    path.write_bytes(path.read_bytes()[:30])

    with pytest.raises(VcsError):
        reopened(builder)


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (b"", b"", b""),
        (b"0" * 40, b"", b""),
        (b"0" * 40 + b"\nuser", b"user", b""),
        (b"0" * 40 + b"\nuser\nnonsense\n\nm", b"user", b"m"),
        (b"0" * 40 + b"\nuser\n99999999999999999999 0\n\nm", b"user", b"m"),
        (b"0" * 40 + b"\nuser\n1 999999999\n\nm", b"user", b"m"),
        (b"0" * 40 + b"\nuser\n1\n\nm", b"user", b"m"),
        (b"0" * 40 + b"\nuser\n-1.5 0\n\nm", b"user", b"m"),
        (b"0" * 40 + b"\nJ\xfcrgen <j@x>\n1 0 branch:x\na\nb\n\nm\n\nn\xe9", b"J\xfcrgen", b"m\n\nn\xe9"),
    ],
)
def test_nonsense_in_entries_survives(text: bytes, name: bytes, message: bytes) -> None:
    entry = parse_entry(text)

    assert (entry.author.name, entry.message) == (name, message)
    assert isinstance(entry.author.when.isoformat(), str)


def test_only_the_list_of_files_is_searched() -> None:
    text = b"0" * 40 + b"\nuser\n1 0\na/b\nc\n\na\nmessage/x\n"

    assert [changed(text, path) for path in (b"a", b"a/b", b"c", b"user", b"message", b"b", b"1 0")] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_malformed_list_of_subrepositories(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit(
        {b".hgsub": b"no equals sign", b".hgsubstate": b"\n\nnopath\n" + b"1" * 40 + b" /lib/x/\n\xff\xfe y\n"}
    )
    repository = reopened(builder)

    assert [(entry.path, entry.kind) for entry in repository.folder(commit_id, b"")] == [
        (b"lib", EntryKind.FOLDER),
        (b".hgsub", EntryKind.FILE),
        (b".hgsubstate", EntryKind.FILE),
        (b"y", EntryKind.SUBREPOSITORY),
    ]
    assert repository.entry(commit_id, b"lib/x").object_id == "1" * 40


def test_subrepositories_beside_files(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"lib/a": b"a", b"lib/inner": Submodule("2" * 40), b"lib/z": b"z"})

    assert [entry.path for entry in reopened(builder).folder(commit_id, b"lib")] == [b"lib/a", b"lib/inner", b"lib/z"]


def test_nonsense_dates_survive(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"}, date="-100 +0000")

    assert reopened(builder).commit(commit_id).author.when.timestamp() == -100


def test_copies_are_told(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1\n2\n3\n"})
    commit_id = builder.commit({b"b": b"1\n2\n3\n"}, renames={b"b": b"a"})

    (file,) = diff_of(reopened(builder), commit_id).changes.files

    assert (file.kind, file.old_path, file.path) == ("copied", b"a", b"b")
    assert reopened(builder).entry(commit_id, b"b").size == 6
