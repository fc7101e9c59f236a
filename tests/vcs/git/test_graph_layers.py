"""Which commits the files of a commit-graph know."""

import pathlib

import pytest

from kallithea.vcs.git.graph_layers import commits_among, list_layers
from tests.factories.repositories import GitBuilder


@pytest.fixture
def layered(builder: GitBuilder) -> GitBuilder:
    """A history whose graph has two layers."""
    for number in range(20):
        builder.commit({b"a": b"%d" % number})
        if number in (9, 19):
            builder.git("commit-graph", "write", "--reachable", "--split=no-merge")
    assert len(list_layers(builder.path)) == 2
    return builder


def all_objects(builder: GitBuilder) -> dict[str, str]:
    """Type by object id."""
    words = builder.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").decode().split()
    return dict(zip(words[::2], words[1::2], strict=True))


def test_commits_are_known_and_nothing_else(layered: GitBuilder) -> None:
    kinds = all_objects(layered)
    assert commits_among(layered.path, list(kinds)) == {i for i, kind in kinds.items() if kind == "commit"}


def test_sha256(tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format="sha256")
    commit_id = builder.commit({b"a": b"1"})
    builder.git("commit-graph", "write", "--reachable")
    assert commits_among(builder.path, [commit_id, "f" * 64]) == {commit_id}


def test_without_a_graph_no_commit_is_known(builder: GitBuilder) -> None:
    assert commits_among(builder.path, [builder.commit({b"a": b"1"})]) == set()


@pytest.mark.parametrize("kept", [0, 3, 8, 40, 200])
def test_a_layer_that_is_cut_off_knows_no_commit(layered: GitBuilder, kept: int) -> None:
    commits = [i for i, kind in all_objects(layered).items() if kind == "commit"]
    for layer in list_layers(layered.path):
        layer.chmod(0o644)
        layer.write_bytes(layer.read_bytes()[:kept])
    assert commits_among(layered.path, commits) == set()


def test_a_chain_that_cannot_be_read_knows_no_commit(layered: GitBuilder) -> None:
    commits = [i for i, kind in all_objects(layered).items() if kind == "commit"]
    chain = layered.path / "objects" / "info" / "commit-graphs" / "commit-graph-chain"
    chain.chmod(0o644)
    chain.write_text("../../odd\n")
    assert commits_among(layered.path, commits) == set()
    chain.unlink()
    chain.mkdir()
    assert commits_among(layered.path, commits) == set()
