"""What only Mercurial has about forks."""

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from mercurial import localrepo

from kallithea.vcs.hg import forking
from kallithea.vcs.hg.forking import fork_repository
from kallithea.vcs.hg.mercurial_setup import new_ui, open_local
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import Kind, VcsError
from tests.factories.repositories import HgBuilder
from tests.factories.writing import verify

Fork = Callable[..., Any]


@pytest.fixture
def fork(builder: HgBuilder, tmp_path: pathlib.Path) -> Fork:
    """Fork a repository; the answer is the fork, open and unfiltered."""

    def fork_it(source: pathlib.Path = builder.path) -> Any:
        fork_repository(source, tmp_path / "fork", VcsOptions(), lambda *_: None)
        return open_local(tmp_path / "fork")

    return fork_it


def known(repository: Any) -> set[str]:
    changelog = repository.changelog
    return {changelog.node(revision).hex() for revision in changelog}


def test_secret_changesets_are_not_in_the_fork(builder: HgBuilder, fork: Fork, tmp_path: pathlib.Path) -> None:
    first = builder.commit({b"a": b"1"})
    secret = builder.commit({b"a": b"the secret text"})
    builder.set_phase(secret, "secret")
    builder.bookmark(b"mine", first)
    builder.bookmark(b"hidden", secret)
    made = fork()
    assert known(made) == {first}
    assert dict(made._bookmarks) == {b"mine": bytes.fromhex(first)}
    assert all(b"secret text" not in path.read_bytes() for path in (tmp_path / "fork").rglob("*") if path.is_file())
    verify(Kind.HG, tmp_path / "fork")


def test_hidden_changesets_are_not_in_the_fork(builder: HgBuilder, fork: Fork) -> None:
    first = builder.commit({b"a": b"1"})
    old = builder.commit({b"a": b"2"})
    new = builder.commit({b"a": b"3"}, parents=(first,))
    builder.set_phase(first, "public")
    for commit_id in (old, new):
        builder.set_phase(commit_id, "draft")
    builder.obsolete(old, new)
    made = fork()
    assert known(made) == {first, new}
    markers = [(precursor.hex(), [one.hex() for one in successors]) for precursor, successors, *_ in made.obsstore]
    assert markers == [(old, [new])]


def test_everything_becomes_public(builder: HgBuilder, fork: Fork) -> None:
    first = builder.commit({b"a": b"1"})
    builder.set_phase(first, "draft")
    assert fork()[bytes.fromhex(first)].phasestr() == b"public"


def test_bookmarks_come_along(builder: HgBuilder, fork: Fork) -> None:
    first = builder.commit({b"a": b"1"})
    builder.bookmark("märk".encode(), first)
    assert dict(fork()._bookmarks) == {"märk".encode(): bytes.fromhex(first)}


def test_format_is_kept(tmp_path: pathlib.Path, fork: Fork) -> None:
    ui = new_ui()
    ui.setconfig(b"format", b"usegeneraldelta", b"no", b"test")
    ui.setconfig(b"format", b"sparse-revlog", b"no", b"test")
    old = HgBuilder.__new__(HgBuilder)
    old.path, old.commits_made = tmp_path / "old", 0
    old.path.mkdir()
    localrepo.createrepository(ui, bytes(old.path))
    commit_id = old.commit({b"a": b"1"})
    made = fork(old.path)
    assert made.requirements == old.open().requirements
    assert b"generaldelta" not in made.requirements
    assert known(made) == {commit_id}


def test_a_share_is_not_forked(builder: HgBuilder, fork: Fork, tmp_path: pathlib.Path) -> None:
    builder.commit({b"a": b"1"})
    options = {b"sharedrepo": builder.open()}
    localrepo.createrepository(new_ui(), bytes(tmp_path / "share"), createopts=options)
    with pytest.raises(VcsError, match="hg unshare"):
        fork(tmp_path / "share")
    assert not (tmp_path / "fork").exists()


def test_who_is_pushing_is_waited_for_and_then_named(
    builder: HgBuilder, fork: Fork, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.commit({b"a": b"1"})

    def open_impatiently(path: pathlib.Path) -> Any:
        ui = new_ui()
        ui.setconfig(b"ui", b"timeout", b"0", b"test")
        return open_local(path, ui)

    monkeypatch.setattr(forking, "open_local", open_impatiently)
    with builder.open().lock(), pytest.raises(VcsError, match="Somebody is changing"):
        fork()
