"""Objects that were read lately."""

import pathlib
from typing import Any

import pytest
from mercurial import manifest

from kallithea.vcs.git.objects import ObjectStore
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.recent import RecentObjects
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.factories.repositories import GitBuilder, HgBuilder


def test_those_longest_unused_are_given_up() -> None:
    recent = RecentObjects(room=10_000)
    for number in range(20):
        recent.put("folder", str(number), ("tree", b"x" * 2000))
        recent.get("folder", "0")
    kept = [number for number in range(20) if recent.get("folder", str(number)) is not None]
    assert kept == [0, 17, 18, 19]


def test_what_is_put_twice_takes_its_room_once() -> None:
    recent = RecentObjects(room=10_000)
    for _ in range(20):
        recent.put("folder", "one", ("tree", b"x" * 2000))
    recent.put("folder", "other", ("tree", b"x" * 2000))
    assert recent.get("folder", "one") is not None
    assert recent.get("folder", "other") is not None


def test_large_ones_are_not_kept() -> None:
    recent = RecentObjects()
    recent.put("folder", "large", ("tree", b"x" * 1_000_000))
    assert recent.get("folder", "large") is None


def test_what_was_read_is_hashed_once(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options, builder = VcsOptions(), GitBuilder(tmp_path / "repository")
    commit_id = builder.commit({b"f": b"1"})
    hashed: list[str] = []

    def count(store: ObjectStore, kind: str, data: bytes) -> str:
        hashed.append(kind)
        return hash_of(store, kind, data)

    hash_of = ObjectStore._hash
    monkeypatch.setattr(ObjectStore, "_hash", count)
    for _look in range(2):
        with open_repository(Kind.GIT, builder.path, options) as repository:
            assert repository.blob(commit_id, b"f", limit=9).data == b"1"
    assert hashed.count("blob") == 1


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


def test_a_manifest_is_put_together_once(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options, builder = VcsOptions(), HgBuilder(tmp_path / "repository")
    commit_id = builder.commit({b"f": b"1", b"folder/g": b"2"})
    read = []
    revision = manifest.manifestrevlog.revision

    def note(self: Any, *asked: Any) -> bytes:
        read.append(asked)
        return bytes(revision(self, *asked))

    monkeypatch.setattr(manifest.manifestrevlog, "revision", note)
    paths = []
    for _ in range(3):
        with open_repository(Kind.HG, builder.path, options) as repository:
            paths.append(repository.paths(commit_id, limit=10))
    assert paths == [(b"f", b"folder/g")] * 3
    assert len(read) == 1
