"""Single calls of Mercurial's that go through long histories end with the time of whoever asked."""

import contextlib
import pathlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kallithea.vcs.diff import Sides
from kallithea.vcs.hg import handle, merge_files
from kallithea.vcs.hg.comparison import open_comparison
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import LimitExceededError
from kallithea.vcs.writing import RefusedWriteError
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]

# Versions of a file, changesets or files that are walked through.
_MANY = 20


@dataclass
class Steps:
    """How often it was asked whether there is time left, and how often there is."""

    asked: int = 0
    most: int = 8

    def check(self) -> None:
        self.asked += 1
        if self.asked > self.most:
            raise LimitExceededError


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    found = Steps()
    monkeypatch.setattr(handle, "working", lambda *_limits, **_turn: contextlib.nullcontext(found.check))
    return found


def _commit_copies(builder: HgBuilder) -> Sides:
    """Two changesets; the second has a copy of a file with many versions, none of which the first has."""
    first = builder.commit({b"other": b"1"})
    for number in range(_MANY):
        builder.commit({b"a": b"%d" % number})
    return Sides(first, builder.commit({b"a": None, b"b": b"19"}, renames={b"b": b"a"}))


def _commit_twice(builder: HgBuilder) -> str:
    """A changeset with a version of ``a`` that was first made on another branch, and later again, many changesets ago.

    Mercurial stores the version once, with the number of the first changeset that made it.
    """
    first = builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"}, parents=(first,), branch=b"other")
    builder.commit({b"a": b"2"}, parents=(first,))
    return [builder.commit({b"b": b"%d" % number}) for number in range(_MANY)][-1]


def test_looking_for_copies_ends(builder: HgBuilder, reopened: Open, steps: Steps) -> None:
    sides = _commit_copies(builder)
    with pytest.raises(LimitExceededError):
        reopened(builder).diff(sides)
    assert steps.asked == steps.most + 1


def test_looking_for_copies_ends_in_the_first_of_two_repositories(
    builder: HgBuilder, tmp_path: pathlib.Path, steps: Steps
) -> None:
    sides = _commit_copies(builder)
    other = HgBuilder(tmp_path / "other")
    assert other.commit({b"other": b"1"}) == sides.old
    tip = other.commit({b"new": b"1"})
    with open_comparison(builder.path, other.path, VcsOptions()) as opened, pytest.raises(LimitExceededError):
        opened.diff(Sides(sides.new, tip))
    assert steps.asked == steps.most + 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda opened, tip: opened.changed_in(tip, b"a"),
        lambda opened, tip: opened.blame(tip, b"a"),
        lambda opened, tip: opened.log(tip, LogFilter(path=b"a", follow=True)),
    ],
    ids=["changed in", "blame", "log"],
)
def test_looking_for_the_changeset_that_made_a_version_ends(
    builder: HgBuilder, reopened: Open, steps: Steps, ask: Callable[[HgRepository, str], object]
) -> None:
    tip = _commit_twice(builder)
    with pytest.raises(LimitExceededError):
        ask(reopened(builder), tip)
    assert steps.asked == steps.most + 1


def test_the_changeset_that_made_a_version_is_the_ancestor(builder: HgBuilder, reopened: Open) -> None:
    tip = _commit_twice(builder)
    repository = reopened(builder)
    parent = repository.log(tip, LogFilter(path=b"a")).commits[0].commit_id

    assert repository.changed_in(tip, b"a") == parent
    assert [group.commit_id for group in repository.blame(tip, b"a").groups] == [parent]


def test_each_new_file_that_is_held_against_renamed_folders_is_a_step(
    builder: HgBuilder, reopened: Open, steps: Steps
) -> None:
    first = builder.commit({b"old/a": b"1"})
    renamed = builder.commit({b"old/a": None, b"new/a": b"1"}, renames={b"new/a": b"old/a"}, parents=(first,))
    added = builder.commit({b"new/a": b"1"}, parents=(first,))
    theirs = builder.commit({b"old/%d" % number: b"1" for number in range(_MANY)}, parents=(first,))
    repository = reopened(builder)
    steps.most = 1000

    repository.find_conflicts(added, theirs)
    without = steps.asked
    repository.find_conflicts(renamed, theirs)

    assert steps.asked - without >= without + _MANY


@pytest.fixture
def criss_cross(builder: HgBuilder) -> tuple[str, str]:
    """Two changesets that have two merge bases."""
    first = builder.commit({b"a": b"1"})
    one = builder.commit({b"b": b"1"}, parents=(first,))
    other = builder.commit({b"c": b"1"}, parents=(first,))
    return builder.commit({b"d": b"1"}, parents=(one, other)), builder.commit({b"e": b"1"}, parents=(other, one))


def test_a_merge_with_too_many_common_ancestors_is_refused(
    builder: HgBuilder, reopened: Open, criss_cross: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = reopened(builder)
    repository.find_conflicts(*criss_cross)
    monkeypatch.setattr(merge_files, "_MOST_BASES", 1)
    with pytest.raises(RefusedWriteError, match="2 common ancestors"):
        repository.find_conflicts(*criss_cross)


def test_nobody_watches_afterwards(builder: HgBuilder, reopened: Open, steps: Steps) -> None:
    sides = _commit_copies(builder)
    repository = reopened(builder)
    with contextlib.suppress(LimitExceededError):
        repository.diff(sides)
    repository._repository[bytes.fromhex(sides.new)][b"b"].parents()
    assert steps.asked == steps.most + 1
