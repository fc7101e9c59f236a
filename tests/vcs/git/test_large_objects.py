"""Objects that a few kilobytes of a pack make huge."""

import pathlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from kallithea.core.meter import Meter
from kallithea.vcs.diff import Sides
from kallithea.vcs.git import diffs, line_search
from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.line_search import LineQuery
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import RevisionNotFoundError, TooLargeError
from tests.factories.repositories import GitBuilder

Open = Callable[[GitBuilder], GitRepository]
LARGE = 40 << 20
HEAD = b"author A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\n"


@pytest.fixture(params=["loose", "packed"])
def stored(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def commit_talkatively(builder: GitBuilder, stored: str) -> tuple[str, str]:
    """A commit, and one upon it whose message is huge."""
    first = builder.commit({b"a": b"1"})
    tree = builder.git("rev-parse", f"{first}^{{tree}}").strip()
    data = b"tree " + tree + b"\nparent " + first.encode() + b"\n" + HEAD + b"a" * LARGE
    large = builder.raw_object("commit", data)
    builder.ref(b"refs/heads/main", large)
    if stored == "packed":
        builder.git("repack", "-adq")
    return first, large


def test_a_huge_message_is_not_read(builder: GitBuilder, reopened: Open, stored: str) -> None:
    first, large = commit_talkatively(builder, stored)
    repository = reopened(builder)

    with pytest.raises(TooLargeError, match="too large to be read"):
        repository.commit(large)
    with pytest.raises(TooLargeError, match="too large to be read"):
        repository.commits([first, large])
    assert repository.commit(first).message == repository.commits([first])[0].message == b"a commit"


def lend(lender: GitBuilder, path: pathlib.Path) -> GitBuilder:
    """A repository that has no objects but those of another one."""
    borrower = GitBuilder(path)
    (borrower.path / "objects" / "info").mkdir(exist_ok=True)
    (borrower.path / "objects" / "info" / "alternates").write_text(f"{lender.path}/objects\n")
    return borrower


def test_a_huge_message_of_another_repository_is_not_read(
    builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path, stored: str
) -> None:
    first, large = commit_talkatively(builder, stored)
    repository = reopened(lend(builder, tmp_path / "borrower"))

    with pytest.raises(TooLargeError, match="too large to be read"):
        repository.commit(large)
    assert repository.commit(first).message == b"a commit"


def test_repositories_that_lend_to_each_other_are_looked_at_once(
    builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path
) -> None:
    tip = builder.commit({b"a": b"1"})
    borrower = lend(builder, tmp_path / "borrower")
    (builder.path / "objects" / "info" / "alternates").write_text(f"{borrower.path}/objects\n")
    repository = reopened(borrower)

    assert repository.commit(tip).message == b"a commit"
    with pytest.raises(RevisionNotFoundError):
        repository.commit("1" * 40)


def test_a_history_ends_in_words_where_a_message_is_huge(builder: GitBuilder, reopened: Open) -> None:
    _first, large = commit_talkatively(builder, "loose")
    tip = builder.commit({b"a": b"2"}, parents=(large,))

    page = reopened(builder).log(tip)

    assert [commit.commit_id for commit in page.commits] == [tip]
    assert "answered more than" in page.damage


def test_a_name_of_a_huge_file_is_no_commit(builder: GitBuilder, reopened: Open, stored: str) -> None:
    builder.commit({b"zeros": bytes(LARGE)})
    if stored == "packed":
        builder.git("repack", "-adq")
    large = builder.git("rev-parse", "main:zeros").decode().strip()

    with pytest.raises(TooLargeError):
        reopened(builder).commit(large)


def test_a_huge_file_comes_piece_by_piece(builder: GitBuilder, meter: Meter) -> None:
    tip = builder.commit({b"zeros": bytes(LARGE)})

    with open_repository(builder.path, VcsOptions()) as repository:
        assert repository.blob(tip, b"zeros", limit=10).data == bytes(10)
        with repository.open_blob(tip, b"zeros") as (size, stream):
            assert (size, len(stream.read(1 << 16))) == (LARGE, 1 << 16)

    assert meter.processes == 2


def test_lines_are_found_beside_files_that_git_cannot_hold(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_search, "LARGEST", 4 << 20)
    tip = builder.commit({b"a*/b": b"found\n", b"a*/zeros": bytes(5 << 20), b"b": b"found\n", b"zeros": bytes(5 << 20)})
    repository = reopened(builder)

    def search(path: bytes) -> tuple[list[bytes], int]:
        found = repository.search_lines(tip, LineQuery("found", path=path), limit=10, seconds=60)
        return [file.path for file in found.files], found.left_out

    assert search(b"") == ([b"a*/b", b"b"], 2)
    assert search(b"a*") == ([b"a*/b"], 1)
    assert search(b"b") == ([b"b"], 0)


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if files of 5 MiB could not be held by a git that shows a diff."""
    monkeypatch.setattr(diffs, "LARGEST", 4 << 20)
    monkeypatch.setattr(diffs, "PAGE_PROCESS", replace(diffs.PAGE_PROCESS, memory=4 << 20))


@pytest.mark.usefixtures("little_memory")
def test_a_diff_shows_what_lies_beside_files_that_git_cannot_hold(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1\n", b"gone": bytes(5 << 20), b"moved": b"text\n"})
    new = {b"a": b"2\n", b"gone": None, b"*ros": bytes(6 << 20), b"moved": None, b"to": b"text\n", b"z": b"3\n"}
    second = builder.commit(new)
    sides = Sides(first, second)

    diff = reopened(builder).diff(sides)

    assert [file.path for file in diff.changes.files] == [b"*ros", b"a", b"gone", b"to", b"z"]
    assert diff.changes.total == 5
    assert (diff.changes.added, diff.changes.deleted) == (2, 1)
    found = {file.change.path: file for file in diff.files}
    assert [path for path, file in found.items() if file.too_large] == [b"*ros", b"gone"]
    assert (found[b"*ros"].new_size, found[b"gone"].old_size) == (6 << 20, 5 << 20)
    assert (found[b"to"].change.old_path, found[b"to"].change.similarity) == (b"moved", 100)
    assert [len(found[path].hunks) for path in (b"a", b"z")] == [1, 1]
    one = reopened(builder).diff(sides, paths=[b"*ros"])
    assert [(file.change.path, file.too_large) for file in one.files] == [(b"*ros", True)]
