"""Reading many changelog entries gives what reading each of them gives."""

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from kallithea.vcs.hg.entries import read_entries
from kallithea.vcs.hg.mercurial_setup import close_local, open_local
from kallithea.vcs.types import Kind
from tests.factories.histories import random_history


@pytest.fixture
def changelog(tmp_path: pathlib.Path) -> Iterator[Any]:
    repository = open_local(random_history(Kind.HG, tmp_path / "repository", 5, 120).path)
    yield repository.changelog
    close_local(repository)


def refuse(revision: int) -> bytes:
    raise AssertionError(revision)


@pytest.mark.parametrize("step", [-1, 1, 7])
def test_any_order(changelog: Any, step: int) -> None:
    length = len(changelog)
    order = [number * step % length for number in range(length)]
    expected = [(revision, changelog.revision(revision)) for revision in order]

    assert list(read_entries(changelog, order, refuse)) == expected


def test_few_more_are_taken_than_are_wanted(changelog: Any) -> None:
    numbers = iter(range(100))

    next(read_entries(changelog, numbers, refuse))

    assert next(numbers) == 16


def test_what_is_not_what_its_id_says_is_read_by_mercurial_itself(
    changelog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_pieces, texts = changelog._inner._chunks, [changelog.revision(number) for number in (0, 5)]

    def spoil(revisions: Any) -> Any:
        pieces = zip(revisions, read_pieces(revisions), strict=True)
        return [piece if number != 3 else b"spoilt" for number, piece in pieces]

    monkeypatch.setattr(changelog._inner, "_chunks", spoil)

    found = dict(read_entries(changelog, range(6), lambda revision: b"read again %d" % revision))

    assert found[3] == b"read again 3"
    assert [found[number] for number in (0, 5)] == texts


def test_a_block_that_cannot_be_read_is_read_one_by_one(changelog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(revisions: Any) -> Any:
        raise ValueError

    monkeypatch.setattr(changelog._inner, "_chunks", fail)

    assert list(read_entries(changelog, [2, 1], lambda revision: b"%d" % revision)) == [(2, b"2"), (1, b"1")]
