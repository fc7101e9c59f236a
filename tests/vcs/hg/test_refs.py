"""Named branches, bookmarks, tags and numbers as only Mercurial has them."""

import pathlib
import shutil
from collections.abc import Callable

import pytest

from kallithea.vcs.hg.handle import OpenedHg
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


def test_what_mercurial_writes_into_its_caches_shows_no_later_push(builder: HgBuilder, reopened: Open) -> None:
    """To write what it has found out about tags, Mercurial takes the lock, and then looks at everything anew."""
    first = builder.commit({b"a": b"1"})
    builder.tag(b"v1", first)
    shutil.rmtree(builder.path / ".hg" / "cache")
    repository = reopened(builder)
    later = builder.commit({b"a": b"2"})

    refs = [repository.refs(), repository.refs()]

    assert refs[0] == refs[1]
    assert [tag.commit_id for tag in refs[0].tags] == [first]
    assert refs[0].default is not None
    assert repository.commit(refs[0].default.commit_id).commit_id != later
    assert (builder.path / ".hg" / "cache" / "hgtagsfnodes1").exists()
    assert reopened(builder).refs().branches[0].commit_id == later


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_pushed_while_a_repository_is_opened_is_of_the_state_that_it_tells(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    builder.commit({b"a": b"1"})
    open_alone = OpenedHg.__init__
    contents = [b"2", b"3"]

    def open_beside_pushes(opened: OpenedHg, path: pathlib.Path) -> None:
        if when == "after":
            open_alone(opened, path)
        if contents:
            builder.commit({b"a": contents.pop()})
        if when == "before":
            open_alone(opened, path)

    monkeypatch.setattr(OpenedHg, "__init__", open_beside_pushes)
    repository, later = reopened(builder), reopened(builder)

    assert contents == []
    assert repository.state() == later.state()


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
