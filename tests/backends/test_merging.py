"""Merges without a working copy, and reports of what keeps them from being made."""

import pathlib
import types
from collections.abc import Mapping, Sequence

import pytest

from kallithea.core.errors import UnavailableError
from kallithea.vcs import merging
from kallithea.vcs.backend import Repository
from kallithea.vcs.merging import (
    ConflictKind,
    MergeConflictError,
    MergeRequest,
    MergeStyle,
    NothingToMergeError,
)
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import EntryKind, Kind, RefKind, RefUpdate, RevisionNotFoundError
from kallithea.vcs.writing import NothingChangedError, RefMovedError, RefTarget, RefusedWriteError
from tests.backends.conftest import Open
from tests.factories.repositories import Content, Executable, RepositoryBuilder, Submodule, Symlink
from tests.factories.writing import FULL_BRANCH, TEXT, on_branch, to_nobody, verify

LINES = b"".join(b"line %d\n" % number for number in range(1, 31))
PIN = "%040x"
NO_RENAMES: Mapping[bytes, bytes] = types.MappingProxyType({})


def changed(line: int, text: bytes, lines: bytes = LINES) -> bytes:
    return lines.replace(b"line %d\n" % line, text + b"\n")


class Fork:
    """Two sides of a history: ``ours`` on the main branch, ``theirs`` beside it."""

    def __init__(self, builder: RepositoryBuilder, files: dict[bytes, Content]) -> None:
        self.builder = builder
        self.base = builder.commit(files, message=b"base")
        self.ours = self.theirs = self.base

    def our(self, files: dict[bytes, Content], renames: Mapping[bytes, bytes] = NO_RENAMES) -> "Fork":
        self.ours = self.builder.commit(files, message=b"ours", parents=(self.ours,), renames=renames)
        return self

    def their(self, files: dict[bytes, Content], renames: Mapping[bytes, bytes] = NO_RENAMES) -> "Fork":
        parents = (self.theirs,)
        self.theirs = self.builder.commit(files, message=b"theirs", parents=parents, branch=b"side", renames=renames)
        return self

    def request(self, style: MergeStyle = MergeStyle.MERGE) -> MergeRequest:
        return MergeRequest(on_branch(self.builder.kind, self.ours), self.theirs, TEXT, style)


def contents(repository: Repository, commit_id: str, folder: bytes = b"") -> dict[bytes, tuple[EntryKind, bytes]]:
    found: dict[bytes, tuple[EntryKind, bytes]] = {}
    for entry in repository.folder(commit_id, folder):
        if entry.kind is EntryKind.FOLDER:
            found |= contents(repository, commit_id, entry.path)
        elif entry.kind is not EntryKind.SUBREPOSITORY:
            found[entry.path] = (entry.kind, repository.blob(commit_id, entry.path, limit=1 << 20).data)
    return found


def kinds(repository: Repository, fork: Fork) -> dict[bytes, ConflictKind]:
    report = repository.find_conflicts(fork.ours, fork.theirs)
    assert report.hidden == 0
    return {conflict.path: conflict.kind for conflict in report.conflicts}


def test_changes_of_both_sides_come_together(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES, b"gone": b"1", b"mode": b"2", b"old/name": LINES, b"kept": b"3"})
    fork.our({b"text": changed(3, b"ours"), b"new/ours": b"4"})
    fork.their(
        {
            b"text": changed(20, b"theirs"),
            b"gone": None,
            b"mode": Executable(b"2"),
            b"old/name": None,
            b"renamed": changed(1, b"edited"),
            b"link": Symlink(b"kept"),
        },
        renames={b"renamed": b"old/name"},
    )
    repository = reopened(builder)
    assert repository.find_conflicts(fork.ours, fork.theirs).clean
    made = repository.merge(fork.request(), to_nobody)

    assert repository.commit(made).parent_ids == (fork.ours, fork.theirs)
    assert repository.commit(made).author == TEXT.author
    assert contents(repository, made) == {
        b"text": (EntryKind.FILE, changed(3, b"ours", changed(20, b"theirs"))),
        b"mode": (EntryKind.EXECUTABLE, b"2"),
        b"renamed": (EntryKind.FILE, changed(1, b"edited")),
        b"kept": (EntryKind.FILE, b"3"),
        b"new/ours": (EntryKind.FILE, b"4"),
        b"link": (EntryKind.SYMLINK, b"kept"),
    }
    verify(builder.kind, builder.path)


def test_rename_on_one_side_meets_a_change_on_the_other(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"old": LINES, b"other": b"1"})
    fork.our({b"old": changed(5, b"ours")})
    fork.their({b"old": None, b"folder/new": LINES}, renames={b"folder/new": b"old"})
    repository = reopened(builder)
    made = repository.merge(fork.request(), to_nobody)
    assert contents(repository, made) == {
        b"folder/new": (EntryKind.FILE, changed(5, b"ours")),
        b"other": (EntryKind.FILE, b"1"),
    }


def test_same_change_on_both_sides_is_no_conflict(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES, b"gone": b"1"})
    same: dict[bytes, Content] = {b"text": changed(3, b"same"), b"gone": None, b"new": b"same"}
    fork.our(same)
    fork.their(same | {b"more": b"only theirs"})
    repository = reopened(builder)
    made = repository.merge(fork.request(), to_nobody)
    assert contents(repository, made).keys() == {b"text", b"new", b"more"}


def test_conflict_in_lines_names_its_three_versions(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"deep/text": LINES, b"other": b"1"})
    fork.our({b"deep/text": changed(3, b"ours")})
    fork.their({b"deep/text": changed(3, b"theirs"), b"other": b"2"})
    repository = reopened(builder)
    (conflict,) = repository.find_conflicts(fork.ours, fork.theirs).conflicts

    assert (conflict.path, conflict.kind) == (b"deep/text", ConflictKind.CONTENT)
    versions = [conflict.base, conflict.ours, conflict.theirs]
    commits = [fork.base, fork.ours, fork.theirs]
    assert [version.object_id if version else None for version in versions] == [
        repository.entry(commit_id, b"deep/text").object_id for commit_id in commits
    ]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ({}, {b"a": b"1\n"}, {b"a": b"2\n"}, {b"a": ConflictKind.BOTH_ADDED}),
        ({b"a": b"1"}, {b"a": b"2"}, {b"a": None}, {b"a": ConflictKind.CHANGED_DELETED}),
        ({b"a": b"1"}, {b"a": None}, {b"a": b"2"}, {b"a": ConflictKind.CHANGED_DELETED}),
        ({b"a": b"\0"}, {b"a": b"\0\1"}, {b"a": b"\0\2"}, {b"a": ConflictKind.BINARY}),
        ({}, {b"a": b"1"}, {b"a": Symlink(b"2")}, {b"a": ConflictKind.MODE}),
        ({b"a": Symlink(b"0")}, {b"a": Symlink(b"1")}, {b"a": Symlink(b"2")}, {b"a": ConflictKind.CONTENT}),
        ({}, {b"a": b"1"}, {b"a/b": b"2"}, {b"a": ConflictKind.FILE_AND_FOLDER}),
        ({}, {b"a/b": b"1"}, {b"a": b"2"}, {b"a": ConflictKind.FILE_AND_FOLDER}),
        (
            {b"in": Submodule(PIN % 1)},
            {b"in": Submodule(PIN % 2)},
            {b"in": Submodule(PIN % 3)},
            {b"in": ConflictKind.SUBREPOSITORY},
        ),
    ],
)
def test_kinds_of_conflicts(
    builder: RepositoryBuilder,
    reopened: Open,
    base: Mapping[bytes, Content],
    ours: dict[bytes, Content],
    theirs: dict[bytes, Content],
    expected: dict[bytes, ConflictKind],
) -> None:
    fork = Fork(builder, {b"always": b"there", **base}).our(ours).their(theirs)
    repository = reopened(builder)
    assert kinds(repository, fork) == expected
    with pytest.raises(MergeConflictError) as problem:
        repository.merge(fork.request(), to_nobody)
    assert problem.value.report == repository.find_conflicts(fork.ours, fork.theirs)
    assert repository.state().refs[FULL_BRANCH[builder.kind]] == fork.ours


def test_repositories_inside_are_merged_one_by_one(builder: RepositoryBuilder, reopened: Open) -> None:
    def pins(one: int, two: int) -> dict[bytes, Content]:
        return {b"one": Submodule(PIN % one), b"two": Submodule(PIN % two)}

    fork = Fork(builder, {b"a": b"1", **pins(1, 1)}).our(pins(2, 1)).their(pins(1, 3))
    repository = reopened(builder)
    made = repository.merge(fork.request(), to_nobody)
    found = [repository.entry(made, path).object_id for path in (b"one", b"two")]
    assert found == [PIN % 2, PIN % 3]


def test_executable_bit_of_one_side_counts(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"a": LINES, b"b": LINES})
    fork.our({b"a": Executable(LINES), b"b": changed(1, b"ours")})
    fork.their({b"a": changed(2, b"theirs"), b"b": Executable(LINES)})
    repository = reopened(builder)
    made = repository.merge(fork.request(), to_nobody)
    assert contents(repository, made) == {
        b"a": (EntryKind.EXECUTABLE, changed(2, b"theirs")),
        b"b": (EntryKind.EXECUTABLE, changed(1, b"ours")),
    }


def criss_cross(builder: RepositoryBuilder) -> Fork:
    """Two branches that have merged each other, so that they have two nearest common ancestors."""
    fork = Fork(builder, {b"mine": LINES, b"yours": LINES})
    fork.our({b"mine": changed(3, b"ours")})
    fork.their({b"yours": changed(3, b"theirs")})
    first_ours, first_theirs = fork.ours, fork.theirs
    both: dict[bytes, Content] = {b"mine": changed(3, b"ours"), b"yours": changed(3, b"theirs")}
    fork.ours = builder.commit(both, parents=(first_ours, first_theirs))
    fork.theirs = builder.commit(both, parents=(first_theirs, first_ours), branch=b"side")
    return fork.our({b"mine": changed(3, b"ours again")}).their({b"yours": changed(3, b"theirs again")})


def test_criss_cross_history_has_no_false_conflicts(builder: RepositoryBuilder, reopened: Open) -> None:
    """With either of the two common ancestors alone as the base, one side's file would seem to conflict."""
    fork = criss_cross(builder)
    repository = reopened(builder)
    assert repository.find_conflicts(fork.ours, fork.theirs).clean
    made = repository.merge(fork.request(), to_nobody)
    assert contents(repository, made) == {
        b"mine": (EntryKind.FILE, changed(3, b"ours again")),
        b"yours": (EntryKind.FILE, changed(3, b"theirs again")),
    }


def test_looking_for_conflicts_leaves_nothing(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"text": changed(1, b"ours")}).their({b"text": changed(2, b"theirs")})
    repository = reopened(builder)

    def files() -> set[tuple[pathlib.Path, int]]:
        left = ("cache", "wcache")
        paths = (path for path in builder.path.rglob("*") if path.is_file() and path.parent.name not in left)
        return {(path, path.stat().st_mtime_ns) for path in paths}

    before = files()
    repository.find_conflicts(fork.ours, fork.theirs)
    assert files() == before


def test_many_conflicts_are_counted(
    builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MOST_CONFLICTS", 3)
    fork = Fork(builder, {b"always": b"there"})
    fork.our({b"%d" % number: b"ours\n" for number in range(8)})
    fork.their({b"%d" % number: b"theirs\n" for number in range(8)})
    report = reopened(builder).find_conflicts(fork.ours, fork.theirs)
    assert [conflict.path for conflict in report.conflicts] == [b"0", b"1", b"2"]
    assert (report.hidden, report.total, report.clean) == (5, 8, False)


def test_squash_is_one_commit_on_the_branch(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"text": changed(1, b"ours")})
    fork.their({b"text": changed(9, b"theirs")}).their({b"new": b"1"})
    repository = reopened(builder)
    made = repository.merge(fork.request(MergeStyle.SQUASH), to_nobody)
    assert repository.commit(made).parent_ids == (fork.ours,)
    assert contents(repository, made) == {
        b"text": (EntryKind.FILE, changed(1, b"ours", changed(9, b"theirs"))),
        b"new": (EntryKind.FILE, b"1"),
    }
    verify(builder.kind, builder.path)


def test_squash_of_changes_that_are_there_already(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"text": changed(1, b"same")}).their({b"text": changed(1, b"same")})
    with pytest.raises(NothingChangedError):
        reopened(builder).merge(fork.request(MergeStyle.SQUASH), to_nobody)


@pytest.mark.parametrize("style", MergeStyle)
def test_merge_of_what_is_merged_already(builder: RepositoryBuilder, reopened: Open, style: MergeStyle) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"text": changed(1, b"ours")})
    fork.theirs = fork.base
    with pytest.raises(NothingToMergeError):
        reopened(builder).merge(fork.request(style), to_nobody)


def test_merge_of_what_follows_makes_a_commit(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).their({b"text": changed(1, b"theirs")})
    repository = reopened(builder)
    made = repository.merge(fork.request(), to_nobody)
    assert repository.commit(made).parent_ids == (fork.base, fork.theirs)
    assert contents(repository, made) == contents(repository, fork.theirs)


def forward(builder: RepositoryBuilder, fork: Fork) -> MergeRequest:
    """A request to move a branch (Git) or bookmark (Mercurial) called ``mark`` forward."""
    builder.bookmark(b"mark", fork.ours)
    kind = RefKind.BRANCH if builder.kind is Kind.GIT else RefKind.BOOKMARK
    return MergeRequest(RefTarget(kind, b"mark", fork.ours), fork.theirs, TEXT, MergeStyle.FAST_FORWARD)


def test_fast_forward_moves_the_ref_alone(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).their({b"text": changed(1, b"theirs")})
    request = forward(builder, fork)
    repository = reopened(builder)
    told: list[RefUpdate] = []
    assert repository.merge(request, told.extend) == fork.theirs
    name = b"refs/heads/mark" if builder.kind is Kind.GIT else b"bookmarks/mark"
    assert told == [RefUpdate(name, fork.base, fork.theirs)]
    assert repository.resolve(b"mark") == fork.theirs


def test_fast_forward_needs_a_branch_without_commits_of_its_own(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"a": b"1"}).their({b"b": b"1"})
    request = forward(builder, fork)
    with pytest.raises(RefusedWriteError, match="commits of its own"):
        reopened(builder).merge(request, to_nobody)


def test_branch_that_moved_meanwhile(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"a": b"1"}).their({b"b": b"1"})
    request = fork.request()
    fork.our({b"a": b"2"})
    with pytest.raises(RefMovedError) as moved:
        reopened(builder).merge(request, to_nobody)
    assert moved.value.current == fork.ours


def test_refusal_to_record_leaves_everything_as_it_was(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"text": LINES}).our({b"a": b"1"}).their({b"b": b"1"})

    def refuse(_updates: Sequence[RefUpdate]) -> None:
        raise UnavailableError("no database")

    repository = reopened(builder)
    before = repository.state().refs
    with pytest.raises(UnavailableError):
        repository.merge(fork.request(), refuse)
    with open_repository(builder.kind, builder.path, VcsOptions()) as fresh:
        assert fresh.state().refs == before
    verify(builder.kind, builder.path)


def test_histories_without_a_common_beginning(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"a": b"1"})
    fork.theirs = builder.commit({b"b": b"1"}, parents=(), branch=b"side")
    repository = reopened(builder)
    for attempt in (repository.find_conflicts, lambda *_: repository.merge(fork.request(), to_nobody)):
        with pytest.raises(RefusedWriteError, match="no history in common"):
            attempt(fork.ours, fork.theirs)


def test_side_must_exist(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"a": b"1"})
    with pytest.raises(RevisionNotFoundError):
        reopened(builder).find_conflicts(fork.base, "f" * 40)
    fork.theirs = "f" * 40
    with pytest.raises(RevisionNotFoundError):
        reopened(builder).merge(fork.request(), to_nobody)


def test_branch_without_commits_cannot_be_merged_into(builder: RepositoryBuilder, reopened: Open) -> None:
    fork = Fork(builder, {b"a": b"1"})
    request = MergeRequest(on_branch(builder.kind, None, b"new"), fork.base, TEXT)
    with pytest.raises(RefusedWriteError):
        reopened(builder).merge(request, to_nobody)
