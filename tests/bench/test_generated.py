from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from scripts.benchmarks.generated.big import FILE, FOLDER, BigShape, big_commits
from scripts.benchmarks.generated.git import write_git
from scripts.benchmarks.generated.hg import write_hg
from scripts.benchmarks.generated.history import History, Shape
from scripts.benchmarks.truth.commands import output_of
from scripts.benchmarks.truth.git import GitTruth
from scripts.benchmarks.truth.hg import HgTruth
from scripts.benchmarks.truth.truth import Truth

_SHAPE = Shape(files=90, root_entries=20, wide_entries=30, thousand_line_files=2, large_files=1, commits=130)


def _make(kind: Kind, path: Path) -> Truth:
    if kind is Kind.GIT:
        write_git(path, History(_SHAPE, 7).commits())
        return GitTruth(path)
    write_hg(path, History(_SHAPE, 7).commits())
    return HgTruth(path)


def test_the_same_seed_makes_the_same_history() -> None:
    assert list(History(_SHAPE, 1).commits()) == list(History(_SHAPE, 1).commits())
    assert list(History(_SHAPE, 1).commits()) != list(History(_SHAPE, 2).commits())


def test_both_kinds_contain_the_same(tmp_path: Path) -> None:
    git, hg = (_make(kind, tmp_path / kind.value) for kind in (Kind.GIT, Kind.HG))
    assert git.paths(git.head) == hg.paths(hg.head)
    assert len(git.commit_ids()) == len(hg.commit_ids()) == 130
    path = b"builtin/command1.c"
    assert git.data(git.head, path) == hg.data(hg.head, path)
    assert [commit.subject for commit in git.log(git.head, 0, 20)] == [
        commit.subject for commit in hg.log(hg.head, 0, 20)
    ]
    hg.close()


def test_a_generated_git_repository_is_sound(tmp_path: Path) -> None:
    truth = _make(Kind.GIT, tmp_path / "git")
    output_of(["git", f"--git-dir={tmp_path}/git", "fsck", "--strict", "--no-dangling"])
    merges = output_of(["git", f"--git-dir={tmp_path}/git", "rev-list", "--merges", truth.head])
    assert len(merges.split()) == 6


@pytest.mark.parametrize("kind", list(Kind))
def test_big_things_have_the_size_that_was_asked_for(kind: Kind, tmp_path: Path) -> None:
    shape = BigShape(entries=40, changed_files=30, lines=50, branches=25)
    (write_git if kind is Kind.GIT else write_hg)(tmp_path / "big", big_commits(shape), shape.branches)
    truth = GitTruth(tmp_path / "big") if kind is Kind.GIT else HgTruth(tmp_path / "big")
    assert len(truth.names(truth.head, FOLDER)) == 40
    assert truth.data(truth.head, FILE).count(b"\n") == 50
    assert len(truth.changed_paths(truth.head)) == 30
    listed = {
        Kind.GIT: ["git", f"--git-dir={tmp_path}/big", "branch", "--list", "topic-*"],
        Kind.HG: ["hg", "-R", f"{tmp_path}/big", "bookmarks"],
    }
    assert len(output_of(listed[kind]).splitlines()) == 25
    truth.close()
