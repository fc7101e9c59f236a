"""Named branches, bookmarks, tags and numbers as only Mercurial has them."""

from collections.abc import Callable

import pytest

from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import RefKind, RevisionNotFoundError
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]


def test_a_branch_of_which_all_heads_are_closed(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    stable = builder.commit({b"a": b"b"}, branch=b"stable", parents=(first,))
    closing = builder.close_branch(b"stable", stable)
    repository = reopened(builder)

    assert [(ref.name, ref.commit_id, ref.closed) for ref in repository.refs().branches] == [
        (b"default", first, False),
        (b"stable", closing, True),
    ]
    assert repository.resolve(b"stable") == closing
    assert repository.state().refs[b"heads/stable"] == closing


def test_an_open_head_goes_before_a_newer_closed_one(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    kept = builder.commit({b"a": b"b"}, parents=(first,))
    left = builder.commit({b"a": b"c"}, parents=(first,))
    closing = builder.close_branch(b"default", left)
    repository = reopened(builder)

    (branch,) = repository.refs().branches
    assert (branch.commit_id, branch.closed) == (kept, False)
    assert repository.state().refs == {b"heads/default": ",".join(sorted((kept, closing)))}


def test_the_default_is_the_at_bookmark(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    builder.commit({b"a": b"b"})
    builder.bookmark(b"@", first)
    repository = reopened(builder)
    default = repository.refs().default

    assert default is not None
    assert (default.kind, default.name) == (RefKind.BOOKMARK, b"@")
    assert repository.resolve(b"HEAD") == first


def test_without_a_default_branch_the_tips_branch_counts(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"a"}, branch=b"alpha")
    tip = builder.commit({b"a": b"b"}, branch=b"beta", parents=())
    repository = reopened(builder)
    default = repository.refs().default

    assert default is not None
    assert default.name == b"beta"
    assert repository.resolve(b"HEAD") == tip


def test_divergent_bookmarks_and_local_tags_are_not_shown(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": b"a"})
    builder.bookmark(b"mark", commit_id)
    builder.bookmark(b"mark@elsewhere", commit_id)
    (builder.path / ".hg" / "localtags").write_bytes(commit_id.encode() + b" private\n")
    repository = reopened(builder)

    assert [ref.name for ref in repository.refs().bookmarks] == [b"mark"]
    assert repository.refs().tags == ()
    with pytest.raises(RevisionNotFoundError):
        repository.resolve(b"private")


def test_a_tag_of_an_unknown_changeset_is_not_shown(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b".hgtags": b"f" * 40 + b" gone\n" + b"1" * 40 + b" lost\nnonsense\n"})

    assert reopened(builder).refs().tags == ()


def test_numbers_name_changesets_when_nothing_else_fits(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"a"})
    second = builder.commit({b"a": b"b"})
    builder.bookmark(b"1", first)
    repository = reopened(builder)

    assert repository.resolve(b"0") == first
    assert repository.resolve(b"1") == first
    assert repository.commit(second).revision == 1
    for name in (b"2", b"-1", b"00", b"01", b"+1", b" 1", "\u0661".encode(), b"9" * 30):
        with pytest.raises(RevisionNotFoundError):
            repository.resolve(name)


def test_names_that_are_not_ascii(builder: HgBuilder, reopened: Open) -> None:
    name = "größe/ünï".encode()
    commit_id = builder.commit({b"a": b"a"}, branch=name)
    builder.tag(b"t-" + name, commit_id)
    repository = reopened(builder)

    assert [ref.name for ref in repository.refs().branches] == [b"default", name]
    assert [ref.name for ref in repository.refs().tags] == [b"t-" + name]
    assert repository.commit(commit_id).branch == name
    assert repository.state().refs[b"heads/" + name] == commit_id
    assert repository.resolve(b"t-" + name) == commit_id
