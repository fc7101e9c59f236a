"""The index of which changesets changed which path."""

from pathlib import Path

import pytest

from kallithea.vcs.hg import changed_paths, walks
from kallithea.vcs.hg.changed_paths import open_changed_paths, update_changed_paths
from kallithea.vcs.hg.mercurial_setup import open_local
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.factories.histories import random_history
from tests.factories.repositories import HgBuilder


@pytest.fixture(autouse=True)
def _worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed_paths, "_WORTHWHILE", 2)


def _index(path: Path) -> Path:
    return path / ".hg" / "cache" / "kallithea-paths"


def _logs(path: Path, starts: tuple[str, ...]) -> dict[tuple[str, bytes], list[str]]:
    """Logs of every path that any changeset names."""
    with open_repository(Kind.HG, path, VcsOptions()) as repository:
        changesets = open_local(path)
        files = {file for revision in changesets for file in changesets[revision].files()}
        paths = sorted(files | {file.rpartition(b"/")[0] for file in files} - {b""})
        pages = {(start, at): repository.log(start, LogFilter(path=at), limit=500) for start in starts for at in paths}
    return {which: [commit.commit_id for commit in page.commits] for which, page in pages.items()}


def test_logs_are_the_same_with_and_without(tmp_path: Path) -> None:
    history = random_history(Kind.HG, tmp_path / "repository", 7, 120)
    without = _logs(history.path, history.heads)

    update_changed_paths(open_local(history.path))

    assert open_changed_paths(open_local(history.path)) is not None
    assert _logs(history.path, history.heads) == without


def test_only_what_is_new_is_read_again_and_a_few_are_not_worth_it(builder: HgBuilder) -> None:
    builder.commit({b"d/a": b"1"})
    builder.commit({b"d/b": b"1"})
    update_changed_paths(builder.open())
    first = _index(builder.path).read_bytes()
    builder.commit({b"d/a": b"2"})
    update_changed_paths(builder.open())

    assert _index(builder.path).read_bytes() == first
    builder.commit({b"e": b"1"})
    update_changed_paths(builder.open())

    index = open_changed_paths(builder.open())
    assert index is not None
    assert index.covered == 4
    assert {path: index.revisions(path) for path in (b"d", b"d/a", b"d/b", b"e", b"absent", b"")} == {
        b"d": [0, 1, 2],
        b"d/a": [0, 2],
        b"d/b": [1],
        b"e": [3],
        b"absent": [],
        b"": [],
    }


def test_changesets_behind_its_end_are_found(builder: HgBuilder) -> None:
    made = [builder.commit({b"a": b"%d" % number}) for number in range(2)]
    update_changed_paths(builder.open())
    made.append(builder.commit({b"a": b"new"}))

    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        page = repository.log(made[-1], LogFilter(path=b"a"))

    assert [commit.commit_id for commit in page.commits] == made[::-1]


def test_covered_changesets_are_not_looked_through(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [builder.commit({b"a": b"%d" % number}) for number in range(3)]
    made.append(builder.commit({b"b": b"1"}))
    update_changed_paths(builder.open())
    looked: list[bytes] = []

    def changed(text: bytes, path: bytes) -> bool:
        looked.append(path)
        return True

    monkeypatch.setattr(walks, "changed", changed)

    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        repository.log(made[-1], LogFilter(path=b"b"))

    assert looked == [b"b"]


def test_paths_with_the_same_hash_are_told_apart(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed_paths, "_key", lambda path: 7)
    first = builder.commit({b"a": b"1"})
    tip = builder.commit({b"b": b"1"})
    update_changed_paths(builder.open())

    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        page = repository.log(tip, LogFilter(path=b"a"))

    assert [commit.commit_id for commit in page.commits] == [first]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"something else" * 20,
        lambda data: data[:50],
        lambda data: data[:-2],
        lambda data: data + b"more",
        lambda data: data.replace(b"little", b"others").replace(b"big", b"bug"),
        lambda data: data[:32] + b"\xff" * 8 + data[40:],
    ],
)
def test_a_damaged_one_counts_as_none(builder: HgBuilder, damage: object) -> None:
    for number in range(3):
        builder.commit({b"a": b"%d" % number})
    update_changed_paths(builder.open())
    assert callable(damage)
    _index(builder.path).write_bytes(damage(_index(builder.path).read_bytes()))

    assert open_changed_paths(builder.open()) is None
    update_changed_paths(builder.open())
    assert open_changed_paths(builder.open()) is not None


def test_one_of_another_history_counts_as_none(builder: HgBuilder) -> None:
    builder.commit({b"a": b"1"})
    tip = builder.commit({b"a": b"2"})
    update_changed_paths(builder.open())
    builder.strip(tip)
    builder.commit({b"b": b"instead"})

    assert open_changed_paths(builder.open()) is None


def test_hidden_changesets_stay_hidden(builder: HgBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    secret = builder.commit({b"a": b"2"})
    tip = builder.commit({b"a": b"3"}, parents=(first,))
    builder.set_phase(secret, "secret")
    update_changed_paths(builder.open())

    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        page = repository.log(tip, LogFilter(path=b"a"))

    assert [commit.commit_id for commit in page.commits] == [tip, first]
    assert not [path for path in _index(builder.path).parent.iterdir() if path.name.endswith(".new")]
