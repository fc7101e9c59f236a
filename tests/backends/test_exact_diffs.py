"""Diffs of random histories, and of histories of others, compared with what the git and hg commands print."""

import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.diff import ChangeKind, ContentKind, Diff, DiffLimits, Sides, against_parent
from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.histories import History, random_history
from tests.factories.others import OTHERS, history_of_others

COMMITS = 60
# Some commits of others have more lines than are shown at first.
WHOLE = DiffLimits(files=10_000, lines_per_file=1_000_000, lines=1_000_000, bytes=1 << 30, listed=10_000)


@pytest.fixture(scope="module", params=[1, 2, *OTHERS])
def history(
    request: pytest.FixtureRequest, kind: Kind, tmp_path_factory: pytest.TempPathFactory, folder_of_others: pathlib.Path
) -> History:
    if isinstance(request.param, str):
        return history_of_others(kind, request.param, folder_of_others)
    return random_history(kind, tmp_path_factory.mktemp("random") / kind, request.param, COMMITS)


@pytest.fixture
def repository(history: History) -> Iterator[Repository]:
    with open_repository(history.kind, history.path, VcsOptions()) as opened:
        yield opened


def test_lists_counts_and_lines_are_those_of_the_command(repository: Repository, history: History) -> None:
    compared = 0
    for sides, text in _command_diffs(repository, history):
        diff = repository.diff(sides, limits=WHOLE)
        assert _lines(diff) == _lines_of_text(text), sides
        assert _statuses(diff) == _statuses_of_text(text), sides
        if history.kind is Kind.GIT:
            counts, git_counts = _counts(diff), _git_counts(history, sides)
            assert counts == {path: git_counts[path] for path in counts}, sides
            assert git_counts.keys() - counts.keys() == _moved(diff), sides
        assert repository.changes(sides) == diff.changes
        compared += 1
    assert compared >= _count(history)


def test_combined_diffs_are_those_of_git(repository: Repository, history: History) -> None:
    if history.kind is Kind.HG:
        pytest.skip("hg has no such diffs")
    merges = 0
    for commit in (commit for head in history.heads for commit in repository.log(head, limit=1_000).commits):
        if len(commit.parent_ids) > 1:
            merges += 1
            combined = repository.combined_diff(commit.commit_id, limits=WHOLE)
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


def _command_diffs(repository: Repository, history: History) -> Iterator[tuple[Sides, bytes]]:
    """Each commit against each of its parents; in Mercurial, where each costs much time, a few second parents only."""
    commits = {
        commit.commit_id: commit for head in history.heads for commit in repository.log(head, limit=1_000).commits
    }
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


def _count(history: History) -> int:
    """How many commits there are."""
    return len(_git(history, "rev-list", "--all").split() if history.kind is Kind.GIT else _hg(history, "log", "-T."))


def _hg(history: History, *arguments: str) -> bytes:
    hg = shutil.which("hg", path=pathlib.Path(sys.executable).parent) or "hg"
    command = [hg, "-R", str(history.path), *arguments]
    return subprocess.run(command, capture_output=True, check=True, env={"HGPLAIN": "1", "HGRCPATH": ""}).stdout


def _git(history: History, *arguments: str) -> bytes:
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
        word = re.search(rb"\n(new|deleted) file mode (?!160000)|\n(rename|copy) to ", part)
        if word:
            path = re.search(rb"\n(?:rename|copy) to (.*)", part) or re.match(rb"a/(.*) b/\1\n", part)
            assert path is not None
            found.append(((word[1] or word[2]).decode(), path[1]))
    return found


def _moved(diff: Diff) -> set[bytes]:
    """Files that kept their content."""
    return {file.path for file in diff.changes.files if file.old_id == file.new_id}


def _counts(diff: Diff) -> dict[bytes, tuple[int | None, int | None]]:
    """Of files with another content; None where they are binary."""
    return {
        file.path: (None, None) if file.content is ContentKind.BINARY else (file.added, file.deleted)
        for file in diff.changes.files
        if file.old_id != file.new_id
    }


def _git_counts(history: History, sides: Sides) -> dict[bytes, tuple[int | None, int | None]]:
    fields = iter(_git(history, "diff-tree", "-r", "-M", "--numstat", "-z", _old(sides), sides.new).split(b"\0")[:-1])
    counts: dict[bytes, tuple[int | None, int | None]] = {}
    for field in fields:
        added, deleted, path = field.split(b"\t")
        # of a rename, both paths follow, the old one first
        counts[path or [next(fields), next(fields)][1]] = _number(added), _number(deleted)
    return counts


def _number(field: bytes) -> int | None:
    return None if field == b"-" else int(field)
