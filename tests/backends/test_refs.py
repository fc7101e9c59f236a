"""Branches, tags, bookmarks, and how their changes are noticed."""

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Kind, RefKind
from tests.backends.conftest import Open
from tests.factories.repositories import RepositoryBuilder, Sample


def test_branches_are_sorted_by_name(repository: Repository, sample: Sample) -> None:
    names = [branch.name for branch in repository.refs().branches]

    assert names == sorted(names)
    assert names == ([b"feature/x", b"main"] if sample.kind is Kind.GIT else [b"default", b"feature/x"])


def test_tags_name_commits(repository: Repository, sample: Sample) -> None:
    assert [(tag.kind, tag.name, tag.commit_id) for tag in repository.refs().tags] == [
        (RefKind.TAG, b"v1.0", sample["second"])
    ]


def test_one_ref_is_found_by_its_name(repository: Repository, sample: Sample) -> None:
    for ref in (*repository.refs().branches, *repository.refs().tags, *repository.refs().bookmarks):
        assert repository.find_ref(ref.name) == ref


def test_the_first_name_that_a_ref_has_counts(repository: Repository) -> None:
    found = repository.find_ref(b"v1.0/x/y", b"\xff", b"feature/x", b"v1.0")
    assert found is not None
    assert found.name == b"feature/x"
    assert repository.find_ref() is None


@pytest.mark.parametrize(
    "name", [b"", b"nothing", b"..", b"a..b", b"/", b"\0", b"\xff", b"x" * 5000, b"HEAD", b"v1.0^{}"]
)
def test_a_name_that_no_ref_has_is_not_found(repository: Repository, name: bytes) -> None:
    assert repository.find_ref(name) is None


def test_an_empty_repository_has_no_refs(builder: RepositoryBuilder, reopened: Open) -> None:
    repository = reopened(builder)
    refs = repository.refs()

    assert repository.is_empty()
    assert (refs.branches, refs.tags, refs.bookmarks, refs.default) == ((), (), (), None)


@pytest.mark.parametrize("empty", [True, False])
def test_refs_name_what_can_be_read_also_after_a_push_that_came_since(
    builder: RepositoryBuilder, reopened: Open, empty: bool
) -> None:
    first = None if empty else builder.commit({b"a": b"1"})
    repository = reopened(builder)
    assert repository.is_empty() == empty
    second = builder.commit({b"a": b"2"})

    named = [ref.commit_id for ref in (*repository.refs().branches, repository.default_ref()) if ref is not None]

    assert set(named) <= {first, second}
    assert empty or named
    assert [repository.commit(commit_id).commit_id for commit_id in named] == named


def test_refs_that_a_push_has_overtaken_have_no_new_fingerprint(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1"})
    repository = reopened(builder)
    builder.commit({b"a": b"2"})

    state, fingerprint, now = repository.state(), repository.fingerprint(), reopened(builder).state()

    assert state.fingerprint == fingerprint
    assert (fingerprint == now.fingerprint) == (state.refs == now.refs)


def test_a_repository_with_a_commit_is_not_empty(repository: Repository) -> None:
    assert not repository.is_empty()


def test_the_state_names_every_branch(repository: Repository, sample: Sample) -> None:
    refs = repository.state().refs
    name = b"refs/heads/feature/x" if sample.kind is Kind.GIT else b"heads/feature/x"

    assert refs[name] == sample["side"]


def test_the_fingerprint_stays_while_nothing_changes(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"a"})
    before = reopened(builder)

    reopened(builder).refs()
    reopened(builder).log(before.resolve(b"HEAD"))

    assert reopened(builder).fingerprint() == before.fingerprint() == before.state().fingerprint


def test_the_fingerprint_changes_with_a_commit(builder: RepositoryBuilder, reopened: Open) -> None:
    seen = {reopened(builder).fingerprint()}

    for number in range(20):
        builder.commit({b"a": b"%d" % number})
        seen.add(reopened(builder).fingerprint())

    assert len(seen) == 21


def test_moving_a_bookmark_changes_state_and_fingerprint(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    second = builder.commit({b"a": b"b"})
    builder.bookmark(b"mark", first)
    before = reopened(builder).state()

    builder.bookmark(b"mark", second)
    after = reopened(builder).state()

    assert after.fingerprint != before.fingerprint
    (changed,) = [name for name in before.refs if before.refs[name] != after.refs[name]]
    assert changed in (b"refs/heads/mark", b"bookmarks/mark")
    assert (before.refs[changed], after.refs[changed]) == (first, second)
