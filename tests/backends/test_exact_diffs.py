"""Diffs of random histories, compared with what the git and hg commands print."""

import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.diff import ChangeKind, ContentKind, Diff, Sides, against_parent
from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.histories import RandomHistory, random_history

COMMITS = 60


@pytest.fixture(scope="module", params=[1, 2])
def history(request: pytest.FixtureRequest, kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> RandomHistory:
    return random_history(kind, tmp_path_factory.mktemp("random") / kind, request.param, COMMITS)


@pytest.fixture
def repository(history: RandomHistory) -> Iterator[Repository]:
    with open_repository(history.kind, history.path, VcsOptions()) as opened:
        yield opened


def test_lists_counts_and_lines_are_those_of_the_command(repository: Repository, history: RandomHistory) -> None:
    compared = 0
    for sides, text in _command_diffs(repository, history):
        diff = repository.diff(sides)
        assert _lines(diff) == _lines_of_text(text), sides
        assert _statuses(diff) == _statuses_of_text(text), sides
        if history.kind is Kind.GIT:
            assert _counts(diff) == _git_counts(history, sides), sides
        assert repository.changes(sides) == diff.changes
        compared += 1
    assert compared > COMMITS // 2


def test_combined_diffs_are_those_of_git(repository: Repository, history: RandomHistory) -> None:
    if history.kind is Kind.HG:
        pytest.skip("hg has no such diffs")
    merges = 0
    for commit in (commit for head in history.heads for commit in repository.log(head, limit=99).commits):
        if len(commit.parent_ids) > 1:
            merges += 1
            combined = repository.combined_diff(commit.commit_id)
            text = _git(history, "diff-tree", "-r", "-M", "--cc", "--patch", "--no-commit-id", commit.commit_id)
            start = b"\n" + b"@" * (len(commit.parent_ids) + 1) + b" "
            wanted = [line for part in (b"\n" + text).split(start)[1:] for line in _until_next_file(part)]
            shown = [line for file in combined.files for hunk in file.hunks for line in hunk.text.split(b"\n")[:-1]]
            assert shown == wanted, commit.commit_id
            for hunk in (hunk for file in combined.files for hunk in file.hunks):
                numbers = [[line.numbers[at] for line in hunk.lines] for at in range(len(hunk.old_ranges))]
                counts = [len([number for number in column if number is not None]) for column in numbers]
                assert counts == [count for _, count in hunk.old_ranges]
    assert merges > 3


def _command_diffs(repository: Repository, history: RandomHistory) -> Iterator[tuple[Sides, bytes]]:
    """Each commit against each of its parents; in Mercurial, where each costs much time, a few second parents only."""
    commits = {commit.commit_id: commit for head in history.heads for commit in repository.log(head, limit=99).commits}
    if history.kind is Kind.GIT:
        for commit in commits.values():
            for sides in (Sides(parent, commit.commit_id) for parent in commit.parent_ids or (None,)):
                yield sides, _git(history, "diff-tree", "-r", "-M", "-l400", "--patch", _old(sides), sides.new)
        return
    for part in _hg(history, "log", "--patch", "--git", "--template", "\\0{node}\n").split(b"\0")[1:]:
        commit_id, _, text = part.partition(b"\n")
        yield against_parent(repository.commit(commit_id.decode())), text
    for commit in [commit for commit in commits.values() if len(commit.parent_ids) > 1][:2]:
        sides = against_parent(commit, 2)
        yield sides, _hg(history, "diff", "--git", "-r", sides.old or "null", "-r", sides.new)


def _hg(history: RandomHistory, *arguments: str) -> bytes:
    hg = shutil.which("hg", path=pathlib.Path(sys.executable).parent) or "hg"
    command = [hg, "-R", str(history.path), *arguments]
    return subprocess.run(command, capture_output=True, check=True, env={"HGPLAIN": "1", "HGRCPATH": ""}).stdout


def _git(history: RandomHistory, *arguments: str) -> bytes:
    command = ["git", "-C", str(history.path), *arguments]
    return subprocess.run(command, capture_output=True, check=True, env=git_environment()).stdout


def _old(sides: Sides) -> str:
    return sides.old or "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def _lines(diff: Diff) -> list[bytes]:
    return [line for file in diff.files for hunk in file.hunks for line in hunk.text.split(b"\n")[:-1]]


def _lines_of_text(text: bytes) -> list[bytes]:
    return [line for part in text.split(b"\n@@ ")[1:] for line in _until_next_file(part)]


def _until_next_file(part: bytes) -> list[bytes]:
    return [line for line in re.split(rb"\ndiff --", part)[0].split(b"\n")[1:] if line]


def _statuses(diff: Diff) -> list[tuple[str, bytes]]:
    words = {ChangeKind.ADDED: "new", ChangeKind.DELETED: "deleted", ChangeKind.RENAMED: "rename"}
    words[ChangeKind.COPIED] = "copy"
    stored = [file for file in diff.changes.files if file.content is not ContentKind.SUBREPOSITORY]
    return [(words[file.kind], file.path) for file in stored if file.kind in words]


def _statuses_of_text(text: bytes) -> list[tuple[str, bytes]]:
    found = []
    for part in (b"\n" + text).split(b"\ndiff --git ")[1:]:
        word = re.search(rb"\n(new|deleted) file mode|\n(rename|copy) to ", part)
        if word:
            path = re.search(rb"\n(?:rename|copy) to (.*)", part) or re.match(rb"a/(.*) b/\1\n", part)
            assert path is not None
            found.append(((word[1] or word[2]).decode(), path[1]))
    return found


def _counts(diff: Diff) -> dict[bytes, tuple[int | None, int | None]]:
    return {file.path: (file.added, file.deleted) for file in diff.changes.files}


def _git_counts(history: RandomHistory, sides: Sides) -> dict[bytes, tuple[int, int]]:
    fields = iter(_git(history, "diff-tree", "-r", "-M", "--numstat", "-z", _old(sides), sides.new).split(b"\0")[:-1])
    counts = {}
    for field in fields:
        added, deleted, path = field.split(b"\t")
        # of a rename, both paths follow, the old one first
        counts[path or [next(fields), next(fields)][1]] = int(added), int(deleted)
    return counts
