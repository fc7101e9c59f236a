"""Repositories that stay open between two pages."""

import pathlib
import time
from collections.abc import Iterator

import pytest

from kallithea.vcs.git.repository import open_repository as open_git
from kallithea.vcs.hg.repository import HgRepository, open_repository
from kallithea.vcs.kept import KeptRepositories
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import RevisionNotFoundError
from tests.factories.repositories import GitBuilder, HgBuilder

_HERE, _THERE = pathlib.Path("/here"), pathlib.Path("/there")


class Opened:
    """Something to keep."""

    closed = False

    def close(self) -> None:
        self.closed = True


def test_one_is_lent_to_one_at_a_time() -> None:
    kept, opened = KeptRepositories(), Opened()
    kept.give(_HERE, "state", opened, 1)
    assert kept.take(_THERE, "state") is None
    assert kept.take(_HERE, "state") is opened
    assert kept.take(_HERE, "state") is None
    assert not opened.closed


def test_one_that_has_changed_is_closed_and_not_lent() -> None:
    kept, opened, other = KeptRepositories(), Opened(), Opened()
    kept.give(_HERE, "old", opened, 1)
    kept.give(_THERE, "old", other, 1)
    assert kept.take(_HERE, "new") is None
    assert (opened.closed, other.closed) == (True, False)


@pytest.mark.parametrize(
    ("most", "room", "weights", "left"),
    [(2, 100, [1, 1, 1], [1, 2]), (9, 10, [4, 4, 4], [1, 2]), (9, 10, [4, 11], []), (0, 10, [1], [])],
)
def test_those_longest_unused_are_closed(most: int, room: int, weights: list[int], left: list[int]) -> None:
    kept, opened = KeptRepositories(most, room), [Opened() for _ in weights]
    for number, (one, weight) in enumerate(zip(opened, weights, strict=True)):
        kept.give(_HERE / str(number), "state", one, weight)
    assert [number for number, one in enumerate(opened) if not one.closed] == left
    kept.close()
    assert all(one.closed for one in opened)


def test_what_is_given_back_after_the_end_is_closed() -> None:
    kept, opened = KeptRepositories(), Opened()
    kept.close()
    kept.give(_HERE, "state", opened, 1)
    assert opened.closed


@pytest.fixture
def options() -> Iterator[VcsOptions]:
    options = VcsOptions(kept=KeptRepositories())
    yield options
    options.kept.close()


@pytest.fixture
def builder(tmp_path: pathlib.Path) -> HgBuilder:
    return HgBuilder(tmp_path / "repository")


def _changelog(repository: HgRepository) -> object:
    return repository._changelog


def test_an_unchanged_repository_is_opened_once(builder: HgBuilder, options: VcsOptions) -> None:
    commit_id = builder.commit({b"f": b"1"})
    with open_repository(builder.path, options) as repository:
        first = _changelog(repository)
        with open_repository(builder.path, options) as meanwhile:
            assert _changelog(meanwhile) is not first
    with open_repository(builder.path, options) as again:
        assert _changelog(again) is first
        assert again.commit(commit_id).commit_id == commit_id


def test_what_was_changed_since_is_seen(builder: HgBuilder, options: VcsOptions) -> None:
    first = builder.commit({b"f": b"1"})

    def seen() -> tuple[int, list[bytes], str | None]:
        with open_repository(builder.path, options) as repository:
            refs = repository.refs()
            tip = repository.resolve(b"tip")
            return repository.count(tip), [mark.name for mark in refs.bookmarks], repository.commit(first).phase

    assert seen() == (1, [], "draft")
    second = builder.commit({b"f": b"2"})
    assert seen() == (2, [], "draft")
    builder.bookmark(b"mark", first)
    assert seen() == (2, [b"mark"], "draft")
    builder.set_phase(first, "public")
    assert seen() == (2, [b"mark"], "public")
    builder.set_phase(second, "secret")
    assert seen() == (1, [b"mark"], "public")


def test_one_with_which_something_went_wrong_is_closed(builder: HgBuilder, options: VcsOptions) -> None:
    builder.commit({b"f": b"1"})
    seen: list[object] = []

    def fail() -> None:
        with open_repository(builder.path, options) as repository:
            seen.append(_changelog(repository))
            repository.commit("0" * 40)

    with pytest.raises(RevisionNotFoundError):
        fail()
    with open_repository(builder.path, options) as again:
        assert _changelog(again) not in seen


def test_packs_stay_open_until_others_come(
    options: VcsOptions, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # those that are kept are given up after some seconds
    monkeypatch.setattr(time, "monotonic", lambda: 7.0)
    builder = GitBuilder(tmp_path / "git")
    commits = []
    for number in range(2):
        commits.append(builder.commit({b"f": b"%d" % number}))
        builder.git("repack", "-adq")
        with open_git(builder.path, options) as repository:
            first = repository._objects._store
            assert repository.commit(commits[-1]).commit_id == commits[-1]
            with open_git(builder.path, options) as meanwhile:
                assert meanwhile._objects._store is not first
        with open_git(builder.path, options) as again:
            assert again._objects._store is first
            assert [again.commit(commit_id).commit_id for commit_id in commits] == commits


def test_packs_are_closed_after_a_failure_and_after_a_time(
    options: VcsOptions, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = GitBuilder(tmp_path / "git")
    commit_id = builder.commit({b"f": b"1"})
    builder.git("repack", "-adq")
    repository = open_git(builder.path, options)
    failed = repository._objects._store
    with pytest.raises(RevisionNotFoundError), repository:
        repository.commit("0" * 40)
    with open_git(builder.path, options) as repository:
        assert repository._objects._store is not failed
        repository.commit(commit_id)
        first = repository._objects._store
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 6)
    with open_git(builder.path, options) as repository:
        assert repository._objects._store is not first
