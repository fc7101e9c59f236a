"""What follows a commit, held against what the real commands say."""

import dataclasses
import functools
import pathlib
from collections.abc import Iterator

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.git import ancestry as git_ancestry
from kallithea.vcs.git.log import LINE_WALK
from kallithea.vcs.hg import ancestry as hg_ancestry
from kallithea.vcs.hg import walks
from kallithea.vcs.hg.effort import working
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, Kind, LimitExceededError, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.commands import git, hg
from tests.factories.histories import random_history
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder
from tests.vcs.git.test_process import fake_git

_ALL = 1000


def told(kind: Kind, path: pathlib.Path) -> Iterator[tuple[str, set[str]]]:
    """Every commit with its children."""
    if kind is Kind.GIT:
        for line in git(path, "rev-list", "--all", "--children").decode().splitlines():
            commit_id, *children = line.split()
            yield commit_id, set(children)
        return
    for commit_id in hg(path, "log", "-T", "{node}\n").decode().split():
        yield commit_id, set(hg(path, "log", "-r", f"children({commit_id})", "-T", "{node}\n").decode().split())


def test_the_children_of_each_commit(kind: Kind, tmp_path: pathlib.Path) -> None:
    history = random_history(kind, tmp_path / "history", 7, 120)
    with open_repository(kind, history.path, VcsOptions()) as repository:
        counts = set()
        for commit_id, children in told(kind, history.path):
            found = repository.children(commit_id, limit=_ALL)
            assert (len(found), set(found)) == (len(children), children)
            counts.add(len(found))
    assert {0, 1, 2, 3} <= counts


def test_the_newest_children_come_first(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    children = [builder.commit({b"a": b"%d" % number}, parents=(first,), branch=b"b%d" % number) for number in range(3)]
    merge = builder.commit({}, parents=(children[0], children[1]), branch=b"b0")
    repository = reopened(builder)
    assert repository.children(first, limit=_ALL) == tuple(reversed(children))
    assert repository.children(first, limit=2) == (children[2], children[1])
    assert repository.children(children[0], limit=_ALL) == repository.children(children[1], limit=_ALL) == (merge,)
    assert repository.children(merge, limit=_ALL) == ()


def test_only_what_visitors_see_follows(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    shown = builder.commit({b"a": b"2"})
    if isinstance(builder, GitBuilder):
        for name in (b"refs/pull/1/head", b"refs/tags/v1", b"refs/notes/x"):
            builder.ref(name, builder.commit({b"a": name}, parents=(first,), branch=b"aside"))
        builder.git("branch", "-D", "aside")
        (builder.path / "refs" / "heads" / "broken").write_text("1" * 40 + "\n")
    else:
        assert isinstance(builder, HgBuilder)
        builder.obsolete(builder.commit({b"a": b"3"}, parents=(first,)), shown)
        builder.set_phase(builder.commit({b"a": b"4"}, parents=(first,)), "secret")
    repository = reopened(builder)
    assert repository.children(first, limit=_ALL) == (shown,)
    assert repository.children(shown, limit=_ALL) == ()


def test_what_was_rewritten_follows_while_something_is_built_on_it(builder: RepositoryBuilder, reopened: Open) -> None:
    if not isinstance(builder, HgBuilder):
        pytest.skip("Git has no obsolescence")
    first = builder.commit({b"a": b"1"})
    old = builder.commit({b"a": b"2"}, parents=(first,))
    orphan = builder.commit({b"b": b"1"}, parents=(old,))
    new = builder.commit({b"a": b"3"}, parents=(first,))
    builder.obsolete(old, new)
    repository = reopened(builder)
    assert repository.children(first, limit=_ALL) == (new, old)
    assert repository.children(old, limit=_ALL) == (orphan,)


def test_nothing_follows_where_there_is_no_branch(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"})
    if not isinstance(builder, GitBuilder):
        pytest.skip("every changeset of Mercurial is on a branch")
    builder.tag(b"v1", first)
    for name in builder.git("for-each-ref", "--format=%(refname)", "refs/heads").decode().split():
        builder.git("update-ref", "-d", name)
    assert reopened(builder).children(first, limit=_ALL) == ()


@pytest.mark.parametrize("commit_id", ["", "f" * 40, "0" * 40, "--all", "tip"])
def test_an_unknown_commit_has_none(repository: Repository, commit_id: str) -> None:
    with pytest.raises(RevisionNotFoundError):
        repository.children(commit_id, limit=_ALL)


@pytest.fixture
def slow(tmp_path: pathlib.Path) -> VcsOptions:
    """A git whose walks never come to an end, and room for one heavy process."""
    script = 'for each; do [ "$each" = rev-list ] && exec sleep 600; done; exec git "$@"\n'
    return VcsOptions(fake_git(tmp_path, script).git_path, tmp_path / "slots", heavy_processes=1)


def test_a_walk_that_takes_too_long_says_so(
    builder: RepositoryBuilder, slow: VcsOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"})
    monkeypatch.setattr(git_ancestry, "LINE_WALK", dataclasses.replace(LINE_WALK, seconds=0.1))
    monkeypatch.setattr(hg_ancestry, "_CHILDREN_SECONDS", 0)
    monkeypatch.setattr(walks, "_LOOK_EVERY", 1)
    with (
        open_repository(builder.kind, builder.path, slow) as opened,
        pytest.raises(LimitExceededError, match=r"longer than 0(\.1)? seconds"),
    ):
        opened.children(first, limit=_ALL)


def test_a_walk_that_goes_on_needs_a_slot(
    builder: RepositoryBuilder, slow: VcsOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"})
    monkeypatch.setattr(git_ancestry, "LINE_WALK", dataclasses.replace(LINE_WALK, patience=0))
    monkeypatch.setattr(walks, "_LOOK_EVERY", 1)
    monkeypatch.setattr(hg_ancestry, "working", functools.partial(working, light_seconds=0, patience=0))
    with (
        take_slot(slow, Weight.HEAVY, 0) or pytest.fail("a slot"),
        open_repository(builder.kind, builder.path, slow) as opened,
        pytest.raises(BusyError),
    ):
        opened.children(first, limit=_ALL)
