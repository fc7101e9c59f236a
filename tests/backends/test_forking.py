"""Forks hold what visitors see of a repository, and from then on the two know nothing of each other."""

import errno
import os
import pathlib
from collections.abc import Callable, Iterator

import pytest
from mercurial import util

from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import VcsOptions, fork_repository, open_repository
from kallithea.vcs.types import Kind, RepositoryMissingError, RevisionNotFoundError, VcsError
from kallithea.vcs.writing import AddFile, EditFile
from tests.factories.histories import random_history
from tests.factories.repositories import RepositoryBuilder, Sample
from tests.factories.writing import request, to_nobody, verify


def tell_nobody(_percent: int, _step: str) -> None:
    """Tells nobody."""


@pytest.fixture
def target(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "forks" / "fork"


@pytest.fixture
def fork(kind: Kind, target: pathlib.Path) -> Iterator[Callable[[pathlib.Path], Repository]]:
    """Fork a repository and open the fork."""
    opened: list[Repository] = []

    def fork_it(source: pathlib.Path) -> Repository:
        fork_repository(kind, source, target, VcsOptions(), tell_nobody)
        opened.append(open_repository(kind, target, VcsOptions()))
        return opened[-1]

    yield fork_it
    for repository in opened:
        repository.close()


Fork = Callable[[pathlib.Path], Repository]


def test_fork_is_like_its_source(sample: Sample, fork: Fork, repository: Repository) -> None:
    made = fork(sample.path)
    assert made.refs() == repository.refs()
    assert made.state().refs == repository.state().refs
    default = repository.refs().default
    assert default is not None
    assert made.count(default.commit_id) == repository.count(default.commit_id)
    for commit_id in sample.ids.values():
        assert made.folder(commit_id, b"") == repository.folder(commit_id, b"")
    verify(sample.kind, made.path)


@pytest.mark.parametrize("seed", range(2))
def test_random_history_is_forked_whole(kind: Kind, tmp_path: pathlib.Path, fork: Fork, seed: int) -> None:
    history = random_history(kind, tmp_path / "source", seed, 40)
    made = fork(history.path)
    with open_repository(kind, history.path, VcsOptions()) as source:
        assert made.state().refs == source.state().refs
        assert [made.count(head) for head in history.heads] == [source.count(head) for head in history.heads]


def test_empty_repository(builder: RepositoryBuilder, fork: Fork) -> None:
    made = fork(builder.path)
    assert made.is_empty()
    made.commit_files(request(builder.kind, None, AddFile(b"a", b"1")), to_nobody)
    verify(builder.kind, made.path)


def test_files_of_the_source_take_no_room_again(builder: RepositoryBuilder, fork: Fork) -> None:
    builder.commit({b"large": os.urandom(300_000)})
    made = fork(builder.path)
    large = [path for path in made.path.rglob("*") if path.is_file() and path.stat().st_size > 200_000]
    assert [path.stat().st_nlink for path in large] == [2]


def test_neither_side_learns_of_the_others_commits(builder: RepositoryBuilder, fork: Fork) -> None:
    first = builder.commit({b"a": b"1", b"large": os.urandom(1000)})
    made = fork(builder.path)
    theirs = made.commit_files(request(builder.kind, first, EditFile(b"a", b"theirs")), to_nobody)
    ours = builder.commit({b"a": b"ours"})
    with open_repository(builder.kind, builder.path, VcsOptions()) as source:
        assert source.count(ours) == 2
        with pytest.raises(RevisionNotFoundError):
            source.commit(theirs)
    with open_repository(builder.kind, made.path, VcsOptions()) as again:
        assert again.count(theirs) == 2
        with pytest.raises(RevisionNotFoundError):
            again.commit(ours)
    for path in (builder.path, made.path):
        verify(builder.kind, path)


def test_source_can_go_away(builder: RepositoryBuilder, fork: Fork) -> None:
    first = builder.commit({b"a": b"1"})
    made = fork(builder.path)
    builder.path.rename(builder.path.with_name("gone"))
    with open_repository(builder.kind, made.path, VcsOptions()) as again:
        assert again.blob(first, b"a", limit=10).data == b"1"
    verify(builder.kind, made.path)


def test_configuration_and_hooks_stay_behind(builder: RepositoryBuilder, fork: Fork) -> None:
    builder.commit({b"a": b"1"})
    inner = builder.path / ".hg" if builder.kind is Kind.HG else builder.path
    hooks = inner / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "post-update").write_text("#!/bin/sh\n")
    for name in ("hgrc", "config"):
        with (inner / name).open("a") as file:
            file.write("[evil]\nkey = value\n")
    made = fork(builder.path)
    texts = [path.read_bytes() for path in made.path.rglob("*") if path.name in ("hgrc", "config")]
    assert not any(b"evil" in text for text in texts)
    assert not list(made.path.rglob("post-update"))


def test_progress_is_told(builder: RepositoryBuilder, target: pathlib.Path) -> None:
    builder.commit({b"%d" % number: b"%d" % number for number in range(20)})
    told: list[tuple[int, str]] = []
    fork_repository(builder.kind, builder.path, target, VcsOptions(), lambda *step: told.append(step))
    percents = [percent for percent, _ in told]
    assert percents == sorted(percents)
    assert percents[0] < 10
    assert percents[-1] == 95
    assert all(step for _, step in told)


@pytest.mark.parametrize("at", [0, 40, 95])
def test_cancelled_fork_leaves_nothing(builder: RepositoryBuilder, target: pathlib.Path, at: int) -> None:
    builder.commit({b"%d" % number: b"%d" % number for number in range(20)})

    def cancel(percent: int, _step: str) -> None:
        if percent >= at:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fork_repository(builder.kind, builder.path, target, VcsOptions(), cancel)
    assert list(target.parent.iterdir()) == []
    verify(builder.kind, builder.path)


def test_other_file_system_gets_copies(builder: RepositoryBuilder, fork: Fork, monkeypatch: pytest.MonkeyPatch) -> None:
    first = builder.commit({b"large": os.urandom(300_000)})

    def refuse(source: object, target: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(util, "oslink", refuse)
    made = fork(builder.path)
    assert {path.stat().st_nlink for path in made.path.rglob("*") if path.is_file()} == {1}
    assert made.entry(first, b"large").size == 300_000
    verify(builder.kind, made.path)


def test_place_that_is_taken(builder: RepositoryBuilder, target: pathlib.Path) -> None:
    target.mkdir(parents=True)
    with pytest.raises(VcsError, match="already"):
        fork_repository(builder.kind, builder.path, target, VcsOptions(), tell_nobody)
    assert list(target.iterdir()) == []


def test_nothing_to_fork(kind: Kind, tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    with pytest.raises(RepositoryMissingError):
        fork_repository(kind, tmp_path / "absent", target, VcsOptions(), tell_nobody)
    assert not target.exists()
