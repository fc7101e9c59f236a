"""Secret and obsolete changesets, phases, and what visitors see of them."""

from collections.abc import Callable

import pytest

from kallithea.vcs.diff import Sides
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import RevisionNotFoundError
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]


def assert_invisible(repository: HgRepository, commit_id: str) -> None:
    for name in (commit_id.encode(), commit_id[:12].encode()):
        with pytest.raises(RevisionNotFoundError):
            repository.resolve(name)
    for read in (repository.commit, repository.log, repository.count, lambda at: repository.diff(Sides(None, at))):
        with pytest.raises(RevisionNotFoundError):
            read(commit_id)
    with pytest.raises(RevisionNotFoundError):
        repository.folder(commit_id, b"")
    assert commit_id not in repr(repository.refs()) + repr(repository.state())


def test_secret_changesets_are_not_there(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    secret = builder.commit({b"a": b"b"})
    builder.bookmark(b"mark", secret)
    builder.set_phase(secret, "secret")
    repository = reopened(builder)

    assert_invisible(repository, secret)
    assert repository.refs().bookmarks == ()
    assert repository.resolve(b"tip") == repository.resolve(b"default") == repository.resolve(b"HEAD") == first
    assert repository.count(first) == 1
    with pytest.raises(RevisionNotFoundError):
        repository.resolve(b"1")


def test_a_repository_with_secrets_only_is_empty(builder: HgBuilder, reopened: Open) -> None:
    builder.set_phase(builder.commit({b"a": b"a"}), "secret")
    repository = reopened(builder)

    assert repository.is_empty()
    assert repository.refs().default is None
    assert repository.state().refs == {}


def test_obsolete_changesets_are_not_there(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    old = builder.commit({b"a": b"b"})
    new = builder.commit({b"a": b"c"}, parents=(first,))
    builder.obsolete(old, new)
    repository = reopened(builder)

    assert_invisible(repository, old)
    assert repository.resolve(b"tip") == new
    assert repository.count(new) == 2


def test_an_obsolete_changeset_with_descendants_stays_and_says_so(builder: HgBuilder, reopened: Open) -> None:
    old = builder.commit({b"a": b"a"})
    child = builder.commit({b"a": b"b"})
    builder.obsolete(old)
    repository = reopened(builder)

    assert repository.commit(old).obsolete
    assert not repository.commit(child).obsolete


def test_a_prefix_of_a_hidden_changeset_is_not_in_the_way(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"0"})
    made = {first[:4]: first}
    for number in range(1, 3000):
        commit_id = builder.commit({b"a": b"%d" % number}, parents=(first,))
        if commit_id[:4] in made:
            break
        made[commit_id[:4]] = commit_id
    else:
        raise AssertionError("no two changesets began alike")

    builder.set_phase(commit_id, "secret")

    assert reopened(builder).resolve(commit_id[:4].encode()) == made[commit_id[:4]]


def test_phases(builder: HgBuilder, reopened: Open) -> None:
    public = builder.commit({b"a": b"a"})
    draft = builder.commit({b"a": b"b"})
    builder.set_phase(public, "public")
    repository = reopened(builder)

    assert (repository.commit(public).phase, repository.commit(draft).phase) == ("public", "draft")


def test_every_way_of_changing_what_is_seen_changes_the_fingerprint(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    seen = [reopened(builder).fingerprint()]
    second = builder.commit({b"a": b"b"})
    other = builder.commit({b"a": b"c"}, parents=(first,))
    seen.append(reopened(builder).fingerprint())
    changes: list[Callable[[], object]] = [
        lambda: builder.bookmark(b"mark", first),
        lambda: builder.bookmark(b"mark", second),
        lambda: builder.delete_bookmark(b"mark"),
        lambda: builder.set_phase(second, "secret"),
        lambda: builder.set_phase(first, "public"),
        lambda: builder.set_phase(second, "draft"),
        lambda: builder.obsolete(second, other),
        lambda: builder.strip(other),
    ]
    for change in changes:
        change()
        seen.append(reopened(builder).fingerprint())

    assert len(set(seen)) == len(seen)


def test_an_open_repository_keeps_what_it_saw(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    repository = reopened(builder)
    assert repository.resolve(b"tip") == first

    second = builder.commit({b"a": b"b"})

    assert repository.resolve(b"tip") == first
    assert reopened(builder).resolve(b"tip") == second


def _marks(repository: HgRepository, commit_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    commit = repository.commit(commit_id)
    return commit.instabilities, tuple(successor.commit_id for successor in commit.successors)


def test_what_was_rewritten_names_its_successors_and_leaves_orphans(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    old = builder.commit({b"a": b"b"})
    child = builder.commit({b"b": b"b"})
    halves = [builder.commit({b"a": b"%d" % number}, parents=(first,)) for number in range(2)]
    builder.obsolete(old, *halves)
    repository = reopened(builder)

    assert _marks(repository, old) == ((), tuple(halves))
    assert _marks(repository, child) == (("orphan",), ())
    assert _marks(repository, halves[0]) == ((), ())
    assert repository.commit(old).successors[1].revision == 4


def test_a_successor_that_visitors_may_not_see_is_not_named(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    old = builder.commit({b"a": b"b"})
    builder.commit({b"b": b"b"})
    secret = builder.commit({b"a": b"c"}, parents=(first,))
    builder.obsolete(old, secret)
    builder.set_phase(secret, "secret")

    assert _marks(reopened(builder), old) == ((), ())


def test_what_was_rewritten_twice_or_became_public_is_divergent(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    old, public = (builder.commit({b"a": text}, parents=(first,)) for text in (b"b", b"p"))
    one, other, late = (builder.commit({b"a": text}, parents=(first,)) for text in (b"1", b"2", b"3"))
    for new in (one, other):
        builder.obsolete(old, new)
    builder.obsolete(public, late)
    builder.set_phase(public, "public")
    repository = reopened(builder)

    assert [_marks(repository, at)[0] for at in (one, other)] == [("content-divergent",)] * 2
    assert _marks(repository, late)[0] == ("phase-divergent",)
    assert repository.commit(public).obsolete is False
