from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from scripts.benchmarks.truth.git import GitTruth
from scripts.benchmarks.truth.hg import HgTruth
from scripts.benchmarks.truth.patch import parse_hunks
from scripts.benchmarks.truth.truth import Truth
from tests.factories.repositories import Sample, build_sample


@pytest.fixture(params=list(Kind), ids=lambda kind: kind.value)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Sample:
    return build_sample(request.param, tmp_path / "repository")


@pytest.fixture
def truth(sample: Sample) -> Iterator[Truth]:
    found = GitTruth(sample.path) if sample.kind is Kind.GIT else HgTruth(sample.path)
    yield found
    found.close()


def test_a_folder_has_its_entries(sample: Sample, truth: Truth) -> None:
    assert truth.names(sample["first"], b"") == {b"README.rst", b"src", b"run.sh"}
    assert truth.names(sample["first"], b"src/deep") == {b"er"}
    assert truth.names(sample["first"], b"lib") == set()


def test_files_have_their_sizes_and_contents(sample: Sample, truth: Truth) -> None:
    assert truth.paths(sample["first"])[b"README.rst"] == len(truth.data(sample["first"], b"README.rst"))


def test_the_history_of_a_path_is_shorter(sample: Sample, truth: Truth) -> None:
    assert [commit.commit_id for commit in truth.log(sample["second"], 0, 9)] == [sample["second"], sample["first"]]
    assert [commit.commit_id for commit in truth.log(sample["merge"], 0, 9, b"run.sh")] == [sample["first"]]
    assert [commit.subject for commit in truth.log(sample["second"], 1, 9)] == ["First commit"]


def test_the_last_change_of_a_path(sample: Sample, truth: Truth) -> None:
    assert truth.find_last_change(sample["merge"], b"side.txt") == sample["side"]
    assert truth.find_last_change(sample["second"], b"src") == sample["first"]


def test_what_a_commit_changed(sample: Sample, truth: Truth) -> None:
    assert set(truth.changed_paths(sample["second"])) == {b"README.rst", b"link"}
    assert [line for hunk in truth.hunks(sample["second"]) for line in hunk.added] == [b"", b"More.", b"README.rst"]
    assert set(truth.changed_files()[sample["second"]]) == {b"README.rst", b"link"}


def test_blame_names_the_commits_of_the_lines(sample: Sample, truth: Truth) -> None:
    assert truth.blamed(sample["second"], b"README.rst") == {sample["first"], sample["second"]}


def test_lines_that_look_like_headers_are_lines() -> None:
    patch = b"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@ f\n--- a/x\n+++ b/y\n same\n@@ -9 +9 @@\n-old\n+new\n"
    first, second = parse_hunks(patch)
    assert (first.path, first.old, first.added) == (b"f", [b"-- a/x", b"same"], [b"++ b/y"])
    assert (second.old, second.new) == ([b"old"], [b"new"])
