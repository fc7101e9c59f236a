"""What only Git has about merges, and that they are git's own."""

import pathlib
import subprocess
from collections.abc import Callable

import pytest

from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.merging import Conflict, ConflictKind, MergeRequest
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Kind, TooLargeError
from tests.factories.histories import random_history
from tests.factories.repositories import Content, GitBuilder
from tests.factories.tree_bombs import commit_bomb
from tests.factories.writing import TEXT, on_branch, to_nobody, verify

Reopened = Callable[[GitBuilder], GitRepository]
LINES = b"".join(b"line %d\n" % number for number in range(1, 31))


def changed(line: int, text: bytes, lines: bytes = LINES) -> bytes:
    return lines.replace(b"line %d\n" % line, text + b"\n")


def git(folder: pathlib.Path, *arguments: str, check: bool = True) -> bytes:
    people = {f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", **people}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=check).stdout


def merge_by_git(folder: pathlib.Path, ours: str, theirs: str) -> tuple[str, set[bytes]] | None:
    """In a working copy: the tree of ``git merge`` and the paths in conflict; None where it does nothing."""
    git(folder, "checkout", "-q", "-f", "--detach", ours)
    git(folder, "clean", "-qfdx")
    git(folder, "merge", "-q", "--no-ff", "-m", "by git", theirs, check=False)
    unmerged = {line.partition(b"\t")[2] for line in git(folder, "ls-files", "-u", "-z").split(b"\0") if line}
    tree = git(folder, "rev-parse", "HEAD^{tree}").decode().strip()
    is_done = unmerged or git(folder, "rev-parse", "HEAD").decode().strip() != ours
    git(folder, "merge", "--abort", check=False)
    return (tree, {path.partition(b"~")[0] for path in unmerged}) if is_done else None


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_merges_are_those_of_git(tmp_path: pathlib.Path, seed: int) -> None:
    history = random_history(Kind.GIT, tmp_path / "repository", seed, 60)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(history.path), str(clone))
    merges = git(clone, "rev-list", "--all", "--merges", "--parents").decode().splitlines()
    outcomes = []
    with GitRepository(VcsOptions(), history.path) as repository:
        for _, ours, theirs, *_ in map(str.split, merges):
            expected = merge_by_git(clone, ours, theirs)
            if expected is None:
                continue
            tree, conflicts = expected
            report = repository.find_conflicts(ours, theirs)
            assert {conflict.path for conflict in report.conflicts} == conflicts
            outcomes.append(report.clean)
            if report.clean:
                git(history.path, "update-ref", "refs/heads/test", ours)
                made = repository.merge(MergeRequest(on_branch(Kind.GIT, ours, b"test"), theirs, TEXT), to_nobody)
                assert git(history.path, "rev-parse", f"{made}^{{tree}}").decode().strip() == tree
    assert len(outcomes) > 3
    assert any(outcomes)


def test_criss_cross_within_one_file(builder: GitBuilder, reopened: Reopened) -> None:
    """Mercurial sees a conflict here, because it merges no common ancestors."""
    base = builder.commit({b"a": LINES})
    ours = builder.commit({b"a": changed(3, b"ours")})
    theirs = builder.commit({b"a": changed(20, b"theirs")}, parents=(base,), branch=b"side")
    both = changed(3, b"ours", changed(20, b"theirs"))
    left = builder.commit({b"a": both}, parents=(ours, theirs))
    right = builder.commit({b"a": both}, parents=(theirs, ours), branch=b"side")
    left = builder.commit({b"a": changed(3, b"ours again", changed(20, b"theirs"))}, parents=(left,))
    right = builder.commit({b"a": changed(20, b"theirs again", changed(3, b"ours"))}, parents=(right,), branch=b"side")
    repository = reopened(builder)
    made = repository.merge(MergeRequest(on_branch(Kind.GIT, left), right, TEXT), to_nobody)
    assert repository.blob(made, b"a", limit=1000).data == changed(3, b"ours again", changed(20, b"theirs again"))


def conflicts(
    builder: GitBuilder, reopened: Reopened, base: dict[bytes, Content], *sides: dict[bytes, Content]
) -> dict[bytes, Conflict]:
    first = builder.commit({b"always": b"there", **base})
    ours, theirs = (builder.commit(files, parents=(first,)) for files in sides)
    return {conflict.path: conflict for conflict in reopened(builder).find_conflicts(ours, theirs).conflicts}


def test_file_renamed_to_two_names(builder: GitBuilder, reopened: Reopened) -> None:
    found = conflicts(builder, reopened, {b"a": LINES}, {b"a": None, b"b": LINES}, {b"a": None, b"c": LINES})
    assert found.keys() == {b"a", b"b", b"c"}
    assert {conflict.kind for conflict in found.values()} == {ConflictKind.RENAMED_TWICE}


def test_file_renamed_and_deleted(builder: GitBuilder, reopened: Reopened) -> None:
    found = conflicts(builder, reopened, {b"a": LINES}, {b"a": None, b"b": LINES}, {b"a": None})
    assert {path: conflict.kind for path, conflict in found.items()} == {b"b": ConflictKind.RENAMED_DELETED}


def test_file_added_to_a_folder_that_was_renamed(builder: GitBuilder, reopened: Reopened) -> None:
    folder: dict[bytes, Content] = {b"old/%d" % number: b"%d" % number + LINES for number in range(4)}
    moved = {path.replace(b"old", b"new"): content for path, content in folder.items()}
    gone: dict[bytes, Content] = dict.fromkeys(folder)
    found = conflicts(builder, reopened, folder, {b"old/added": b"1"}, gone | moved)
    assert {path: conflict.kind for path, conflict in found.items()} == {b"new/added": ConflictKind.FOLDER_RENAMED}


def test_version_that_no_commit_holds_is_left_out(builder: GitBuilder, reopened: Reopened) -> None:
    """Of a criss-cross history git makes up a common ancestor."""
    base = builder.commit({b"a": LINES})
    ours = builder.commit({b"a": changed(3, b"ours")})
    theirs = builder.commit({b"a": changed(3, b"theirs")}, parents=(base,), branch=b"side")
    left = builder.commit({b"a": changed(3, b"solved")}, parents=(ours, theirs))
    right = builder.commit({b"a": changed(3, b"otherwise")}, parents=(theirs, ours), branch=b"side")
    (conflict,) = reopened(builder).find_conflicts(left, right).conflicts
    assert conflict.kind is ConflictKind.CONTENT
    assert conflict.base is None
    assert conflict.ours is not None
    assert conflict.theirs is not None


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_programs_that_the_repository_names_are_not_started(
    tmp_path: pathlib.Path, reopened: Reopened, object_format: str
) -> None:
    builder = GitBuilder(tmp_path / "own", object_format=object_format)
    base = builder.commit({b"a": LINES})
    ours = builder.commit({b"a": changed(3, b"ours")})
    theirs = builder.commit({b"a": changed(20, b"theirs")}, parents=(base,), branch=b"side")
    builder.git("config", "merge.evil.driver", f"touch {tmp_path}/started; false")
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info/attributes").write_text("* merge=evil\n")

    repository = reopened(builder)
    assert repository.find_conflicts(ours, theirs).clean
    repository.merge(MergeRequest(on_branch(Kind.GIT, ours), theirs, TEXT), to_nobody)
    assert not (tmp_path / "started").exists()
    verify(Kind.GIT, builder.path)


def test_odd_folder_name(tmp_path: pathlib.Path, reopened: Reopened) -> None:
    """Git takes colons and quotes in a list of places of objects for its own."""
    builder = GitBuilder(tmp_path / 'a:b "c" #d')
    base = builder.commit({b"a": LINES})
    ours = builder.commit({b"a": changed(3, b"ours")})
    theirs = builder.commit({b"a": changed(20, b"theirs")}, parents=(base,), branch=b"side")
    assert reopened(builder).find_conflicts(ours, theirs).clean


def test_shallow_history_is_merged_as_far_as_it_goes(tmp_path: pathlib.Path, builder: GitBuilder) -> None:
    builder.commit({b"a": b"forgotten"})
    base = builder.commit({b"a": LINES})
    ours = builder.commit({b"a": changed(3, b"ours")})
    theirs = builder.commit({b"a": changed(20, b"theirs")}, parents=(base,), branch=b"side")
    address = f"file://{builder.path}"
    git(tmp_path, "clone", "-q", "--bare", "--depth=2", "--no-single-branch", address, "shallow")
    with GitRepository(VcsOptions(), tmp_path / "shallow") as repository:
        assert repository.find_conflicts(ours, theirs).clean


def test_a_merge_of_huge_trees_is_ended(builder: GitBuilder, reopened: Reopened) -> None:
    base = builder.commit({b"a": b"1"})
    ours, theirs = (commit_bomb(builder, 6, base, content=content) for content in (b"1", b"2"))
    with pytest.raises(TooLargeError, match="more memory than one request may take"):
        reopened(builder).find_conflicts(ours, theirs)
