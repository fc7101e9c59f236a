"""Repositories whose object ids are SHA-256."""

import pathlib

import pytest

from kallithea.vcs.git.repository import open_repository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import RevisionNotFoundError
from tests.diffs import diff_of
from tests.factories.repositories import GitBuilder


@pytest.mark.parametrize("packed", [False, True])
def test_everything_works_with_longer_ids(tmp_path: pathlib.Path, packed: bool) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format="sha256")
    first = builder.commit({b"d/a": b"one\n"})
    second = builder.commit({b"d/a": b"two\n"})
    builder.annotated_tag(b"v1", first)
    if packed:
        builder.git("gc", "-q")

    with open_repository(builder.path, VcsOptions()) as repository:
        assert len(first) == 64
        assert repository.resolve(first.encode()) == repository.resolve(first[:40].encode()) == first
        assert repository.resolve(b"v1") == first
        assert repository.commit(second).parent_ids == (first,)
        assert [commit.commit_id for commit in repository.log(second).commits] == [second, first]
        assert repository.blob(second, b"d/a", limit=10).data == b"two\n"
        assert [entry.path for entry in repository.folder(first, b"d")] == [b"d/a"]
        assert (diff_of(repository, first).changes.added, diff_of(repository, second).changes.deleted) == (1, 1)
        with pytest.raises(RevisionNotFoundError):
            repository.commit(first[:40])
