"""All refs of a repository, kept under their fingerprint."""

import pathlib

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.services.refs import read_refs
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.repositories import make_builder


@pytest.mark.parametrize("kind", Kind)
def test_kept_refs_are_those_that_were_read(kind: Kind, tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path / "store", 1_000_000)
    builder = make_builder(kind, tmp_path / "repository")
    first = builder.commit({b"a": b"1"})
    builder.bookmark(b"feature/\xc3\xb6", first)
    with open_repository(kind, builder.path, VcsOptions()) as repository:
        read = repository.refs()
        assert read_refs(store, 1, repository) == read
        assert read_refs(store, 1, repository) == read
    assert store.usage().counts.hits == 1


@pytest.mark.parametrize("kind", Kind)
def test_a_commit_made_behind_our_back_is_seen_at_once(kind: Kind, tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path / "store", 1_000_000)
    builder = make_builder(kind, tmp_path / "repository")
    for number in range(3):
        commit_id = builder.commit({b"a": b"%d" % number})
        with open_repository(kind, builder.path, VcsOptions()) as repository:
            default = read_refs(store, 1, repository).default
            assert default is not None
            assert default.commit_id == commit_id
