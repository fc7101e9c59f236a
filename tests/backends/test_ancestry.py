"""How commits lie to each other, held against the definitions, on the parents that the real commands tell."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.history import AheadBehind
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.commands import git, hg
from tests.factories.histories import random_history
from tests.factories.others import OTHERS, history_of_others
from tests.factories.repositories import RepositoryBuilder

_NOBODY = "0" * 40


@dataclass(frozen=True)
class Known:
    """A repository, some of its commits, and of these all ancestors, each its own."""

    kind: Kind
    path: Path
    ancestors: dict[str, set[str]]

    def pairs(self) -> Iterator[tuple[str, str]]:
        return itertools.permutations(self.ancestors, 2)


@pytest.fixture(scope="module", params=["random", *OTHERS])
def known(
    request: pytest.FixtureRequest, kind: Kind, tmp_path_factory: pytest.TempPathFactory, folder_of_others: Path
) -> Known:
    if request.param == "random":
        history = random_history(kind, tmp_path_factory.mktemp("histories") / kind, 5, 120)
    else:
        history = history_of_others(kind, request.param, folder_of_others)
    if kind is Kind.GIT:
        lines = git(history.path, "log", "--all", "--topo-order", "--format=%H %P").decode().splitlines()
    else:
        lines = hg(history.path, "log", "-T", "{node} {p1node} {p2node}\n").decode().splitlines()
    ancestors: dict[str, set[str]] = {}
    for line in reversed(lines):
        commit_id, *parents = line.split()
        ancestors[commit_id] = {commit_id}.union(*(ancestors[parent] for parent in parents if parent != _NOBODY))
    chosen = dict.fromkeys([*history.heads, *list(ancestors)[:: len(ancestors) // 10]])
    return Known(kind, history.path, {commit_id: ancestors[commit_id] for commit_id in chosen})


@pytest.fixture
def opened(known: Known) -> Iterator[Repository]:
    with open_repository(known.kind, known.path, VcsOptions()) as repository:
        yield repository


def test_counts(known: Known, opened: Repository) -> None:
    assert {commit_id: opened.count(commit_id) for commit_id in known.ancestors} == {
        commit_id: len(ancestors) for commit_id, ancestors in known.ancestors.items()
    }


def test_ancestors(known: Known, opened: Repository) -> None:
    for one, other in known.pairs():
        assert opened.is_ancestor(one, other) == (one in known.ancestors[other])
    assert all(opened.is_ancestor(commit_id, commit_id) for commit_id in known.ancestors)


def test_ahead_and_behind(known: Known, opened: Repository) -> None:
    for tip, base in known.pairs():
        ahead, behind = known.ancestors[tip] - known.ancestors[base], known.ancestors[base] - known.ancestors[tip]
        assert opened.ahead_behind(tip, base) == AheadBehind(len(ahead), len(behind))


def test_merge_bases(known: Known, opened: Repository) -> None:
    for one, other in known.pairs():
        common = known.ancestors[one] & known.ancestors[other]
        found = opened.merge_bases(one, other)
        # Those of which no other common ancestor is a descendant: together, they have all common ancestors.
        assert set(found) <= common
        assert {commit.commit_id for base in found for commit in opened.log(base, limit=1_000).commits} == common
        for base, another in itertools.permutations(found, 2):
            assert not opened.is_ancestor(base, another)
        assert opened.merge_base(one, other) in (found or [None])


def test_many_tips_at_once(known: Known, opened: Repository) -> None:
    base, *tips = known.ancestors

    found = opened.ahead_behind_all([*tips, *tips], base, seconds=60)

    assert found == {tip: opened.ahead_behind(tip, base) for tip in tips}


def test_many_tips_and_no_time(known: Known, opened: Repository) -> None:
    base, *tips = known.ancestors

    assert opened.ahead_behind_all(tips, base, seconds=-1) == {}


def test_criss_cross_merges(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    left = builder.commit({b"left": b"1"}, parents=(first,))
    right = builder.commit({b"right": b"1"}, parents=(first,))
    both = {b"left": b"1", b"right": b"1"}
    one = builder.commit(both, parents=(left, right))
    other = builder.commit(both, parents=(right, left))
    repository = reopened(builder)

    assert set(repository.merge_bases(one, other)) == {left, right}
    assert repository.merge_base(one, other) in {left, right}


def test_two_roots(builder: RepositoryBuilder, reopened: Open) -> None:
    one = builder.commit({b"a": b"1"})
    other = builder.commit({b"b": b"1"}, parents=())
    repository = reopened(builder)

    assert repository.merge_bases(one, other) == ()
    assert repository.merge_base(one, other) is None
    assert repository.ahead_behind(one, other) == AheadBehind(1, 1)


@pytest.mark.parametrize("commit_id", ["", "f" * 40, "0" * 40, "--all", "tip"])
def test_an_unknown_commit_is_not_found(known: Known, opened: Repository, commit_id: str) -> None:
    there = next(iter(known.ancestors))
    for ask in (opened.merge_bases, opened.merge_base, opened.is_ancestor, opened.ahead_behind):
        for pair in ((there, commit_id), (commit_id, there)):
            with pytest.raises(RevisionNotFoundError):
                ask(*pair)
