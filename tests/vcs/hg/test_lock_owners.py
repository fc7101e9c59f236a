"""Locks of Mercurial whose owners died, and of those who live, whatever clocks say."""

import os
import pathlib
import subprocess
import sys

import pytest

from kallithea.vcs.hg import locks
from kallithea.vcs.hg.lock_owners import LockOwner, find_start, parse_owner, read_boot
from kallithea.vcs.hg.locks import break_dead_locks, list_dead_locks
from kallithea.vcs.hg.mercurial_setup import error, lock, open_local
from kallithea.vcs.upkeep import UpkeepOrder
from tests.factories.repositories import HgBuilder

MACHINE = lock._getlockprefix()
BOOT, START = read_boot() or b"", find_start(os.getpid()) or 0


def own_lock(builder: HgBuilder) -> pathlib.Path:
    return builder.path / ".hg/store/lock"


def text_of(boot: bytes, start: int, process: int) -> str:
    return os.fsdecode(b"%s/boot-%s/%d:%d" % (MACHINE, boot, start, process))


def test_lock_tells_boot_and_start_of_its_owner(builder: HgBuilder) -> None:
    with open_local(builder.path).lock():
        owner = parse_owner(os.fsencode(own_lock(builder).readlink()))
    assert owner == LockOwner(MACHINE, BOOT, START, os.getpid())
    assert not owner.has_died()


def test_owner_whose_start_is_hidden_has_not_died(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.lock_owners.find_start", lambda _process: None)
    assert not LockOwner(MACHINE, BOOT, START, os.getpid()).has_died()
    assert LockOwner(MACHINE, BOOT, START, 2**31 - 10).has_died()


def test_forked_process_tells_its_own_start() -> None:
    program = """
import os, time
from kallithea.vcs.hg.mercurial_setup import lock
time.sleep(0.05)
process = os.fork()
if process:
    os.waitpid(process, 0)
else:
    from kallithea.vcs.hg.lock_owners import find_start
    print(lock.lock._host.endswith(b"/%d" % find_start(os.getpid())), flush=True)
    os._exit(0)
"""
    root = pathlib.Path(__file__).resolve().parents[3]
    assert subprocess.check_output([sys.executable, "-c", program], cwd=root) == b"True\n"


@pytest.mark.parametrize(
    ("boot", "start", "process"),
    [(BOOT, START - 1, os.getpid()), (BOOT, START, 2**31 - 10)],
    ids=["another start", "no such process"],
)
def test_lock_of_a_dead_owner_is_broken_by_whoever_wants_it(
    builder: HgBuilder, boot: bytes, start: int, process: int
) -> None:
    for wanted in (lambda: break_dead_locks(builder.path / ".hg"), lambda: open_local(builder.path).lock(wait=False)):
        own_lock(builder).symlink_to(text_of(boot, start, process))
        taken = wanted()
        assert not own_lock(builder).is_symlink() or taken is not None
        if taken is not None:
            taken.release()


def test_lock_of_another_boot_is_dead_on_a_disk_of_this_machine(builder: HgBuilder) -> None:
    own_lock(builder).symlink_to(text_of(b"0" * 32, START, os.getpid()))
    break_dead_locks(builder.path / ".hg")
    assert not own_lock(builder).is_symlink()


def test_lock_of_another_boot_may_be_of_another_machine_on_a_network_file_system(
    builder: HgBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "find_network_file_system", lambda _place: "nfs4")
    link, order = own_lock(builder), UpkeepOrder(seconds=60, abandoned_after=3600)
    link.symlink_to(text_of(b"0" * 32, START, os.getpid()))
    break_dead_locks(builder.path / ".hg")
    with pytest.raises(error.LockHeld):
        open_local(builder.path).lock(wait=False)
    assert link.is_symlink()
    assert list_dead_locks(builder.path / ".hg", order) == []
    made = link.lstat().st_mtime - 3700
    os.utime(link, (made, made), follow_symlinks=False)
    assert list_dead_locks(builder.path / ".hg", order) == ["store/lock"]


@pytest.mark.parametrize("age", [-(10**8), 10**8])
def test_lock_of_a_living_owner_is_never_broken_whatever_the_clock_says(builder: HgBuilder, age: int) -> None:
    link = own_lock(builder)
    link.symlink_to(text_of(BOOT, START, os.getpid()))
    made = link.lstat().st_mtime - age
    os.utime(link, (made, made), follow_symlinks=False)
    break_dead_locks(builder.path / ".hg")
    assert link.is_symlink()
    with pytest.raises(error.LockHeld):
        open_local(builder.path).lock(wait=False)
    assert link.is_symlink()


def test_lock_of_another_machine_is_not_broken(builder: HgBuilder) -> None:
    own_lock(builder).symlink_to(f"elsewhere/boot-{'0' * 32}/1:{os.getpid()}")
    break_dead_locks(builder.path / ".hg")
    with pytest.raises(error.LockHeld):
        open_local(builder.path).lock(wait=False)


@pytest.mark.parametrize("text", [b"", b"nonsense", b"host:", b"host:1:2", b"host/boot-zz/1:x"])
def test_what_is_no_owner_is_none(text: bytes) -> None:
    assert parse_owner(text) is None
