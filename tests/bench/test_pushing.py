from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from scripts.benchmarks.pages.pushing import make_client
from scripts.benchmarks.truth.git import GitTruth
from scripts.benchmarks.truth.hg import HgTruth
from tests.factories.repositories import build_sample


@pytest.mark.parametrize("kind", list(Kind))
def test_each_push_is_one_commit_on_top_of_the_last(kind: Kind, tmp_path: Path) -> None:
    sample = build_sample(kind, tmp_path / "repository")
    client = make_client(kind, sample.path, tmp_path / "client", str(sample.path))
    first = client.push(b"README.rst", b"First\n")
    second = client.push(b"README.rst", b"Second\n")
    truth = GitTruth(sample.path) if kind is Kind.GIT else HgTruth(sample.path)
    assert [commit.commit_id for commit in truth.log(truth.head, 0, 2)] == [second, first]
    assert truth.data(second, b"README.rst") == b"Second\n"
    assert truth.changed_paths(second) == (b"README.rst",)
    truth.close()
