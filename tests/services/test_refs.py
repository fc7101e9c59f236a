"""All refs of a repository, kept under their fingerprint."""

import pathlib

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.services.refs import MOST_LABELS, read_labels, read_refs
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind, RefKind
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder, make_builder


@pytest.fixture
def store(tmp_path: pathlib.Path) -> FileStore:
    return FileStore(tmp_path / "store", 1_000_000)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> RepositoryBuilder:
    return make_builder(request.param, tmp_path / "repository")


def test_kept_refs_are_those_that_were_read(builder: RepositoryBuilder, store: FileStore) -> None:
    first = builder.commit({b"a": b"1"})
    builder.bookmark(b"feature/\xc3\xb6", first)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        read = repository.refs()
        assert read_refs(store, 1, repository) == read
        assert read_refs(store, 1, repository) == read
    assert store.usage().counts.hits == 1


def test_a_commit_made_behind_our_back_is_seen_at_once(builder: RepositoryBuilder, store: FileStore) -> None:
    for number in range(3):
        commit_id = builder.commit({b"a": b"%d" % number})
        with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
            default = read_refs(store, 1, repository).default
            assert default is not None
            assert default.commit_id == commit_id


@pytest.mark.parametrize("name", [b"two\nlines", rb"back\slash", rb"back\n", b"\xc3\xbf", b"a b c"])
def test_names_of_any_bytes_are_kept(store: FileStore, tmp_path: pathlib.Path, name: bytes) -> None:
    """Names of Mercurial's branches are any bytes, if they come with a changeset."""
    builder = HgBuilder(tmp_path / "hg")
    builder.commit({b"a": b"1"}, branch=name)
    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        read_refs(store, 1, repository)
        kept = read_refs(store, 1, repository)
        assert kept == repository.refs()
    assert [branch.name for branch in kept.branches] == [name]


@pytest.mark.parametrize("known", [False, True])
def test_labels_are_the_refs_at_a_commit(builder: RepositoryBuilder, store: FileStore, *, known: bool) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    builder.bookmark(b"caf\xc3\xa9", first)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        if known:
            read_refs(store, 1, repository)
        read = read_labels(store, 1, repository, repository.commits([first, second]))

    kind = RefKind.BOOKMARK if builder.kind is Kind.HG else RefKind.BRANCH
    assert [(ref.kind, ref.name, ref.commit_id) for ref in read[first].refs] == [(kind, b"caf\xc3\xa9", first)]
    assert [ref.name for ref in read[second].refs] == [b"default" if builder.kind is Kind.HG else b"main"]


def test_to_label_changesets_refs_are_read_once(
    store: FileStore, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = HgBuilder(tmp_path / "hg")
    commit_id = builder.commit({b"a": b"1"})
    builder.bookmark(b"mark", commit_id)
    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        labels = [read_labels(store, 1, repository, repository.commits([commit_id]))]
        monkeypatch.setattr(type(repository), "refs", None)
        labels.append(read_labels(store, 1, repository, repository.commits([commit_id])))
    assert labels[0] == labels[1]
    assert [ref.name for ref in labels[1][commit_id].refs] == [b"default", b"mark"]


def test_a_tag_of_a_tag_is_beside_its_commit(store: FileStore, tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "git")
    commit_id = builder.commit({b"a": b"1"}, branch=b"main")
    builder.annotated_tag(b"outer", builder.annotated_tag(b"inner", commit_id), target_kind="tag")
    with open_repository(Kind.GIT, builder.path, VcsOptions()) as repository:
        labels = read_labels(store, 1, repository, repository.commits([commit_id]))
    assert [ref.name for ref in labels[commit_id].refs] == [b"main", b"outer", b"inner"]


def test_labels_of_a_moved_ref(builder: RepositoryBuilder, store: FileStore) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    for commit_id in (first, second):
        builder.bookmark(b"mark", commit_id)
        with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
            labels = read_labels(store, 1, repository, repository.commits([first, second]))
        assert [i for i, found in labels.items() if b"mark" in [ref.name for ref in found.refs]] == [commit_id]


def test_a_commit_has_so_many_labels(builder: RepositoryBuilder, store: FileStore) -> None:
    commit_id = builder.commit({b"a": b"1"})
    for number in range(MOST_LABELS + 2):
        builder.bookmark(b"%d" % number, commit_id)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        labels = read_labels(store, 1, repository, repository.commits([commit_id]))

    assert len(labels[commit_id].refs) == MOST_LABELS
    assert labels[commit_id].more == 3


@pytest.mark.parametrize("known", [False, True])
def test_the_most_important_labels_come_first(store: FileStore, tmp_path: pathlib.Path, *, known: bool) -> None:
    builder = GitBuilder(tmp_path / "git")
    commit_id = builder.commit({b"a": b"1"}, branch=b"main")
    for number in range(12):
        builder.ref(b"refs/heads/a%d" % number, commit_id)
        builder.ref(b"refs/tags/v%d" % number, commit_id)
    with open_repository(Kind.GIT, builder.path, VcsOptions()) as repository:
        if known:
            read_refs(store, 1, repository)
        commits = repository.commits([commit_id])
        labels = read_labels(store, 1, repository, commits)[commit_id]
        landing = read_labels(store, 1, repository, commits, landing=b"a7", most=1)[commit_id]
        branches = read_labels(store, 1, repository, commits, kinds=[RefKind.BRANCH], most=13)[commit_id]

    assert [ref.name for ref in labels.refs] == [b"main", b"v11", b"v10"]
    assert labels.more == 22
    assert ([ref.name for ref in landing.refs], landing.more) == ([b"a7"], 24)
    assert [ref.name for ref in branches.refs] == [b"main", *(b"a%d" % number for number in range(12))]
    assert branches.more == 0
