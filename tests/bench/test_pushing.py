from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from scripts.benchmarks.pushing import make_client
from scripts.benchmarks.truth.commands import CommandError
from scripts.benchmarks.truth.git import GitTruth
from scripts.benchmarks.truth.hg import HgTruth
from tests.factories.repositories import build_sample


@pytest.mark.parametrize("kind", list(Kind))
def test_each_push_is_one_commit_on_top_of_the_last(kind: Kind, tmp_path: Path) -> None:
    sample = build_sample(kind, tmp_path / "repository")
    client = make_client(kind, sample.path, tmp_path / "client", str(sample.path))
    first = client.commit([{b"README.rst": b"First\n"}])
    client.push()
    second = client.commit([{b"README.rst": b"Second\n"}])
    client.push()
    client.require_pushed(2)
    truth = GitTruth(sample.path) if kind is Kind.GIT else HgTruth(sample.path)
    assert [commit.commit_id for commit in truth.log(truth.head, 0, 2)] == [second, first]
    assert truth.data(second, b"README.rst") == b"Second\n"
    assert truth.changed_paths(second) == (b"README.rst",)
    truth.close()


@pytest.mark.parametrize("kind", list(Kind))
def test_what_did_not_arrive_is_noticed(kind: Kind, tmp_path: Path) -> None:
    sample = build_sample(kind, tmp_path / "repository")
    client = make_client(kind, sample.path, tmp_path / "client", str(sample.path))
    client.commit([{b"README.rst": b"First\n"}, {b"README.rst": b"Second\n"}])
    with pytest.raises(CommandError):
        client.require_pushed(2)
    client.push()
    client.require_pushed(2)
