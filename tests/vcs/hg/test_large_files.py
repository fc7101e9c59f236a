"""Large files are read by a child."""

import os
import pathlib
import time
from collections.abc import Callable

import pytest

from kallithea.vcs.hg import large_files
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, CorruptObjectError, LimitExceededError
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]
LARGE = bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.trees.LARGE", 10_000)


def children() -> list[str]:
    """The children of this process that read a large file, ended ones that nobody has waited for included."""
    found = []
    for number in pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        command = pathlib.Path(f"/proc/{number}/cmdline").read_bytes()
        if not command or b"large_files" in command:
            found.append(number)
    return found


def test_a_large_file_is_read_whole(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"-odd \xe9 name": LARGE})
    with reopened(builder).open_blob(commit_id, b"-odd \xe9 name") as (size, stream):
        assert len(children()) == 1
        assert (size, stream.read()) == (len(LARGE), LARGE)
    assert children() == []


def test_of_a_copy_only_the_content_is_read(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"a": LARGE})
    commit_id = builder.commit({b"b": LARGE}, renames={b"b": b"a"})
    blob = reopened(builder).blob(commit_id, b"b", limit=5)
    assert (blob.size, blob.data, blob.truncated) == (len(LARGE), LARGE[:5], True)


def test_the_child_ends_with_who_reads(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": LARGE})
    with reopened(builder).open_blob(commit_id, b"a") as (_, stream):
        assert stream.read(3) == LARGE[:3]
    assert children() == []


def test_a_damaged_large_file_is_named(builder: HgBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"a": os.urandom(20_000)})
    path = builder.path / ".hg" / "store" / "data" / "a.i"
    node = reopened(builder).entry(commit_id, b"a").object_id
    data = path.read_bytes()
    path.write_bytes(data[:1000] + os.urandom(len(data) - 1000))
    with pytest.raises(CorruptObjectError, match=node), reopened(builder).open_blob(commit_id, b"a"):
        pass


def test_the_begin_of_a_large_file_is_read_in_a_heavy_slot(
    builder: HgBuilder, reopened: Open, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"a": LARGE, b"small": b"1"})
    monkeypatch.setattr("kallithea.vcs.hg.trees._PATIENCE", 0)
    repository = reopened(builder)
    repository.options = VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1)
    with take_slot(repository.options, Weight.HEAVY, 0) or pytest.fail("a slot"):
        with pytest.raises(BusyError, match="Too many"):
            repository.blob(commit_id, b"a", limit=3)
        assert repository.blob(commit_id, b"small", limit=3).data == b"1"
        # who copies it has the slot already
        with repository.open_blob(commit_id, b"a") as (_, stream):
            assert stream.read(3) == LARGE[:3]
    assert repository.blob(commit_id, b"a", limit=3).data == LARGE[:3]


def test_a_child_that_says_nothing_is_not_waited_for(
    builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_id = builder.commit({b"a": LARGE})
    monkeypatch.setattr(large_files, "_READ_SECONDS", 0)
    started = time.monotonic()
    with pytest.raises(LimitExceededError, match="longer than"), reopened(builder).open_blob(commit_id, b"a"):
        pass
    assert (children(), time.monotonic() - started < 30) == ([], True)
