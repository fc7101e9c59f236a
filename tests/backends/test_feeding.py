"""What an index is made from."""

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, Kind, RevisionNotFoundError, TooLargeError
from tests.backends.conftest import Open
from tests.factories.repositories import PINNED, RepositoryBuilder, Sample


def test_a_listing_has_every_file_as_its_folder_has_it(repository: Repository, sample: Sample) -> None:
    for commit_id in (sample["second"], sample["odd"]):
        listing = repository.listing(commit_id)
        assert sorted(entry.path for entry in listing) == list(repository.paths(commit_id, limit=1_000))
        assert set(listing) <= {repository.entry(commit_id, entry.path)._replace(size=None) for entry in listing}
    kinds = {entry.path: (entry.kind, entry.object_id) for entry in repository.listing(sample["odd"])}
    assert kinds[b"sub/module"] == (EntryKind.SUBREPOSITORY, PINNED)


def test_commits_that_are_not_known(builder: RepositoryBuilder, reopened: Open) -> None:
    ids = [builder.commit({b"a": b"%d" % number}) for number in range(4)]
    repository = reopened(builder)
    assert repository.commits_without([ids[3]], [], limit=10) == ids[::-1]
    assert repository.commits_without([ids[3]], [], limit=2) == [ids[3], ids[2]]
    assert repository.commits_without([ids[3]], [ids[1], "f" * 40], limit=10) == [ids[3], ids[2]]
    assert repository.commits_without([ids[1]], [ids[3]], limit=10) == []
    with pytest.raises(RevisionNotFoundError):
        repository.commits_without(["f" * 40], [], limit=10)


def test_the_files_that_commits_changed(builder: RepositoryBuilder, reopened: Open) -> None:
    odd = b"caf\xe9" if builder.kind is Kind.GIT else b"cafe"
    first = builder.commit({b"a": b"1", b"d/b": b"1", odd: b"1"})
    second = builder.commit({b"a": b"2", b"d/b": None})
    third = builder.commit({b"d/c": b"1"})

    found = reopened(builder).changed_paths([third, first, second])

    assert {commit_id: sorted(paths) for commit_id, paths in found.items()} == {
        first: sorted([b"a", b"d/b", odd]),
        second: [b"a", b"d/b"],
        third: [b"d/c"],
    }


def test_more_files_than_memory_bears_are_not_listed(
    builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"%d" % number: b"1" for number in range(4)})
    repository = reopened(builder)

    monkeypatch.setattr("kallithea.vcs.feeding.MOST_FILES", 4)
    assert len(repository.listing(commit_id)) == 4

    monkeypatch.setattr("kallithea.vcs.feeding.MOST_FILES", 3)
    with pytest.raises(TooLargeError, match="more than 3 files"):
        repository.listing(commit_id)


def test_more_changes_than_memory_bears_are_not_told(
    builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"%d" % number: b"1" for number in range(4)})
    monkeypatch.setattr("kallithea.vcs.feeding.MOST_CHANGES", 3)

    with pytest.raises(TooLargeError, match="more than 3 files"):
        reopened(builder).changed_paths([commit_id])
