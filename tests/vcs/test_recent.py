"""Objects that were read lately."""

import pathlib

import pytest

from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.recent import RecentObjects
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.factories.repositories import GitBuilder


def test_those_longest_unused_are_given_up() -> None:
    recent = RecentObjects(room=10_000)
    for number in range(20):
        recent.put(str(number), ("tree", b"x" * 2000))
        recent.get("0")
    kept = [number for number in range(20) if recent.get(str(number)) is not None]
    assert kept == [0, 17, 18, 19]


def test_what_is_put_twice_takes_its_room_once() -> None:
    recent = RecentObjects(room=10_000)
    for _ in range(20):
        recent.put("one", ("tree", b"x" * 2000))
    recent.put("other", ("tree", b"x" * 2000))
    assert recent.get("one") is not None
    assert recent.get("other") is not None


def test_large_ones_are_not_kept() -> None:
    recent = RecentObjects()
    recent.put("large", ("tree", b"x" * 1_000_000))
    assert recent.get("large") is None


def test_an_object_of_another_repository_is_not_shown(tmp_path: pathlib.Path) -> None:
    options = VcsOptions()
    private, public = GitBuilder(tmp_path / "private"), GitBuilder(tmp_path / "public")
    commit_id = private.commit({b"secret": b"1"})
    public.commit({b"a": b"1"})
    with open_repository(Kind.GIT, private.path, options) as repository:
        repository.folder(commit_id, b"")
    with open_repository(Kind.GIT, public.path, options) as repository:
        with pytest.raises(RevisionNotFoundError):
            repository.commit(commit_id)
        with pytest.raises(RevisionNotFoundError):
            repository.folder(commit_id, b"")
