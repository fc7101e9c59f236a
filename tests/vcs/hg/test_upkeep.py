"""Upkeep of Mercurial repositories: what dead processes left, and caches."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from mercurial.branching import rev_cache

from kallithea.vcs.hg.changed_paths import open_changed_paths, update_changed_paths
from kallithea.vcs.hg.mercurial_setup import lock
from kallithea.vcs.hg.repository import open_repository
from kallithea.vcs.opener import VcsOptions, list_upkeep
from kallithea.vcs.types import Kind, LimitExceededError, RepositoryMissingError
from kallithea.vcs.upkeep import Outcome, StepTime, UpkeepOrder, do_steps, needs_any
from tests.factories.repositories import HgBuilder

HOUR = 3600.0
ORDER = UpkeepOrder(seconds=60, abandoned_after=5 * HOUR)
PUSHING = UpkeepOrder(seconds=60, abandoned_after=5 * HOUR, pushing=True)
HERE = lock._getlockprefix()
#: More than any system gives: the number of no process.
NOBODY = 2**31 - 10


def run(builder: HgBuilder, order: UpkeepOrder = ORDER) -> dict[str, Outcome]:
    """What became of the steps that were needed."""
    report = do_steps(list_upkeep(Kind.HG, builder.path, order, VcsOptions()), order)
    return {step.name: step.outcome for step in report.steps if step.outcome is not Outcome.NOT_NEEDED}


def is_needed(builder: HgBuilder) -> bool:
    return needs_any(list_upkeep(Kind.HG, builder.path, ORDER, VcsOptions()))


@pytest.fixture
def warm(builder: HgBuilder) -> HgBuilder:
    """A repository with a changeset, after its upkeep."""
    builder.commit({b"file": b"1"})
    run(builder)
    return builder


def make_lock(builder: HgBuilder, name: str, owner: bytes, hours: float = 0) -> pathlib.Path:
    path = builder.path / ".hg" / name
    path.symlink_to(os.fsdecode(owner))
    then = time.time() - hours * HOUR
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def test_a_new_repository_needs_nothing(builder: HgBuilder) -> None:
    assert not is_needed(builder)


def test_a_missing_repository_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(RepositoryMissingError):
        list_upkeep(Kind.HG, tmp_path / "absent", ORDER, VcsOptions())


def test_caches_are_made_after_a_push_and_not_again(builder: HgBuilder) -> None:
    for number in range(3):
        builder.commit({b"file": b"%d" % number})
        assert run(builder) == {"caches": Outcome.DONE}
        assert not is_needed(builder)


def test_paths_of_a_long_history_are_found_by_an_index(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.changed_paths._WORTHWHILE", 3)
    for number in range(4):
        builder.commit({b"file": b"%d" % number})
    run(builder)
    index = open_changed_paths(builder.open())
    assert index is not None
    assert index.revisions(b"file") == [0, 1, 2, 3]


@pytest.fixture
def cold(builder: HgBuilder) -> HgBuilder:
    """A repository with a tag and three changesets, of which no cache tells."""
    builder.tag(b"v1", builder.commit({b"file": b"1"}))
    builder.commit({b"file": b"2"}, branch=b"side", parents=(builder.commit({b"file": b"3"}),))
    shutil.rmtree(builder.path / ".hg" / "cache")
    return builder


def tell_of_reads(monkeypatch: pytest.MonkeyPatch, called: Callable[[int], None]) -> None:
    """Tell of each changeset that is read because its branch is in no cache."""
    read = rev_cache.revbranchcache._branchinfo

    def read_and_tell(cache: Any, revision: int) -> Any:
        called(revision)
        return read(cache, revision)

    monkeypatch.setattr(rev_cache.revbranchcache, "_branchinfo", read_and_tell)


def test_whoever_pushes_while_caches_are_made_does_not_wait(cold: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed = list[str]()

    def push(revision: int) -> None:
        if revision == 0 and not pushed:
            held = [name for name in ("wlock", "store/lock") if (cold.path / ".hg" / name).is_symlink()]
            pushed.append(f"while {held} are held")
            pushed[0] = cold.commit({b"file": b"4"}, branch=b"new") if not held else pushed[0]

    tell_of_reads(monkeypatch, push)
    assert run(cold) == {"caches": Outcome.DONE}
    with open_repository(cold.path, VcsOptions()) as repository:
        assert repository.resolve(b"tip") == pushed[0]
        assert [repository.commit(branch.commit_id).branch for branch in repository.refs().branches] == [
            b"default",
            b"new",
            b"side",
        ]
    assert is_needed(cold)
    assert run(cold) == {"caches": Outcome.DONE}
    assert not is_needed(cold)


def test_caches_for_which_time_is_over_are_gone_on_with(cold: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[int]()
    tell_of_reads(monkeypatch, read.append)
    # Each that is read takes a second.
    monkeypatch.setattr("kallithea.vcs.deadline.time", types.SimpleNamespace(monotonic=lambda: len(read)))
    order = replace(ORDER, seconds=2)
    for expected in ([0, 1], [0, 1, 2, 3]):
        assert run(cold, order) == {"caches": Outcome.LEFT}
        assert read == expected
        assert not list((cold.path / ".hg").rglob("*lock"))
        assert is_needed(cold)
    assert run(cold, order) == {"caches": Outcome.DONE}
    assert read == expected


def test_the_index_of_paths_is_made_while_others_push(builder: HgBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.commit({b"file": b"1"})
    locks = list[bool]()
    monkeypatch.setattr(
        "kallithea.vcs.hg.upkeep.update_changed_paths",
        lambda *_: locks.append((builder.path / ".hg" / "store" / "lock").is_symlink()),
    )
    run(builder)
    assert locks == [False]


def test_an_index_of_paths_for_which_time_is_over_is_gone_on_with(
    builder: HgBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.changed_paths._WORTHWHILE", 1)
    for number in range(3):
        builder.commit({b"file": b"%d" % number})
    covered = list[int]()
    for _ in range(3):
        with contextlib.suppress(LimitExceededError):
            update_changed_paths(builder.open(), StepTime(0))
        index = open_changed_paths(builder.open())
        assert index is not None
        covered.append(index.covered)
    assert covered == [1, 2, 3]


def test_reading_with_warm_caches_needs_no_upkeep(warm: HgBuilder) -> None:
    with open_repository(warm.path, VcsOptions()) as repository:
        repository.refs()
    assert not is_needed(warm)


@pytest.mark.parametrize("name", ["wlock", "store/lock"])
def test_a_lock_of_a_dead_process_is_removed_at_once(warm: HgBuilder, name: str) -> None:
    path = make_lock(warm, name, HERE + b":%d" % NOBODY)
    assert run(warm, PUSHING) == {"locks": Outcome.DONE}
    assert not path.is_symlink()


@pytest.mark.parametrize("name", ["wlock", "store/lock"])
def test_a_lock_of_a_living_process_stays(warm: HgBuilder, name: str) -> None:
    path = make_lock(warm, name, HERE + b":%d" % os.getpid())
    assert run(warm) == {}
    assert path.is_symlink()


def test_a_lock_whose_process_is_younger_than_the_lock_is_removed(warm: HgBuilder) -> None:
    """The number of a dead process was given to another one, as often happens in containers."""
    path = make_lock(warm, "store/lock", HERE + b":%d" % os.getpid(), hours=24 * 365 * 10)
    assert run(warm) == {"locks": Outcome.DONE}
    assert not path.is_symlink()


@pytest.mark.parametrize("owner", [b"elsewhere/efffffff:12", b"elsewhere:12", b"nonsense"])
def test_a_lock_of_another_machine_is_removed_when_no_push_can_last_that_long(warm: HgBuilder, owner: bytes) -> None:
    path = make_lock(warm, "store/lock", owner, hours=4.9)
    assert run(warm) == {}
    path.unlink()

    path = make_lock(warm, "store/lock", owner, hours=5.1)
    assert run(warm, PUSHING) == {}
    assert run(warm) == {"locks": Outcome.DONE}
    assert not path.is_symlink()
    warm.commit({b"file": b"2"})


def test_who_removes_a_lock_waits_for_nobody_else_that_does(warm: HgBuilder) -> None:
    make_lock(warm, "store/lock", HERE + b":%d" % NOBODY)
    breaking = make_lock(warm, "store/lock.break", HERE + b":%d" % os.getpid())
    assert run(warm)["locks"] is Outcome.LEFT

    then = time.time() - 2 * HOUR
    os.utime(breaking, (then, then), follow_symlinks=False)
    assert run(warm)["locks"] is Outcome.DONE
    assert sorted(path.name for path in (warm.path / ".hg" / "store").glob("lock*")) == []


def start_transaction(builder: HgBuilder, end: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.vcs.hg.dying_transaction", str(builder.path), end]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    return process


@pytest.fixture
def writing(warm: HgBuilder) -> Iterator[HgBuilder]:
    """The repository in the middle of somebody's transaction."""
    with start_transaction(warm, "wait") as process:
        yield warm
        process.kill()


def test_a_transaction_of_a_killed_process_is_undone(warm: HgBuilder) -> None:
    before = sorted(path.name for path in (warm.path / ".hg" / "store").rglob("*") if not path.name.startswith("undo"))
    with start_transaction(warm, "die"):
        pass
    assert (warm.path / ".hg" / "store" / "journal").exists()

    assert run(warm)["transaction"] is Outcome.DONE

    with open_repository(warm.path, VcsOptions()) as repository:
        tip = repository.resolve(b"tip")
        assert repository.count(tip) == 1
        assert repository.blob(tip, b"file", limit=10).data == b"1"
    after = sorted(path.name for path in (warm.path / ".hg" / "store").rglob("*") if not path.name.startswith("undo"))
    assert after == before
    assert not is_needed(warm)
    warm.commit({b"file": b"2"})


def test_a_transaction_of_a_living_process_is_left_to_it(writing: HgBuilder) -> None:
    assert run(writing)["transaction"] is Outcome.LEFT
    assert (writing.path / ".hg" / "store" / "journal").exists()
    assert (writing.path / ".hg" / "store" / "lock").is_symlink()


@pytest.mark.parametrize(
    "name", [".bookmarks-a1B2c3_x~", "cache/.tags2-a1B2c3_x~", "store/.x-a1B2c3_x~", "cache/paths.0123456789abcdef.new"]
)
def test_half_written_files_are_removed_when_no_push_can_last_that_long(warm: HgBuilder, name: str) -> None:
    path = warm.path / ".hg" / name
    path.write_bytes(b"half")
    assert run(warm) == {}

    then = time.time() - 5.1 * HOUR
    os.utime(path, (then, then))
    assert run(warm, PUSHING) == {}
    assert run(warm) == {"leftovers": Outcome.DONE}
    assert not path.exists()


def test_no_file_of_a_repository_is_taken_for_a_leftover(warm: HgBuilder) -> None:
    warm.bookmark(b"mark", warm.commit({b"file": b"2"}))
    run(warm)
    files = [path for path in (warm.path / ".hg").rglob("*") if path.is_file()]
    for path in files:
        if path.name not in ("00changelog.i", "tags2-served"):
            os.utime(path, (0, 0))

    assert run(warm) == {}
    assert [path for path in files if not path.exists()] == []


def test_a_damaged_repository_fails_in_words(warm: HgBuilder) -> None:
    (warm.path / ".hg" / "store" / "00changelog.i").write_bytes(b"\xff" * 200)
    assert run(warm) == {"caches": Outcome.FAILED}
