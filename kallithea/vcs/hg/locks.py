"""Locks of Mercurial repositories that nobody can own any more.

A lock is a symbolic link to the words of ``lock_owners`` (a file with them where there are no links). One of ours tells
exactly whose it is, on this machine and in this container. Of others that tell less, a process that is younger than the
lock has got the number of its owner. What is left are those of other machines and containers.
"""

import contextlib
import os
import pathlib
import time
from collections.abc import Callable

from kallithea.core.file_systems import find_network_file_system
from kallithea.vcs.hg.lock_owners import LockOwner, find_start, parse_owner, read_boot
from kallithea.vcs.hg.mercurial_setup import error, lock, vfs
from kallithea.vcs.types import BusyError
from kallithea.vcs.upkeep import BRIEF_SECONDS, UpkeepOrder

_NAMES = ("wlock", "store/lock")
#: Held by who removes a dead lock, so that nobody removes the living one that comes after it.
_BREAK = ".break"
# Clocks of processes and of files are not the same to the last digit.
_SLACK_SECONDS = 5.0


def list_dead_locks(folder: pathlib.Path, order: UpkeepOrder) -> list[str]:
    """Names of the locks in the folder ``.hg`` whose owners are dead."""
    return [name for name in _NAMES if _is_dead(folder / name, order)]


def break_dead_locks(folder: pathlib.Path) -> None:
    """Remove the locks of processes of this machine that have died, before somebody waits for them.

    Mercurial does that itself unless another process has got the number meanwhile.
    """
    for name in _NAMES:
        if _has_dead_owner(folder / name):
            with contextlib.suppress(BusyError):
                _remove(folder, name, _has_dead_owner)


def remove_dead_lock(folder: pathlib.Path, name: str, order: UpkeepOrder) -> None:
    """Remove the lock if it is still dead. Raises BusyError when somebody else is about to."""
    _remove(folder, name, lambda path: _is_dead(path, order))


def _remove(folder: pathlib.Path, name: str, is_dead: Callable[[pathlib.Path], bool]) -> None:
    breaking = folder / (name + _BREAK)
    if _made(breaking) + BRIEF_SECONDS < time.time():
        breaking.unlink(missing_ok=True)
    try:
        with lock.lock(vfs.vfs(os.fsencode(folder)), os.fsencode(name + _BREAK), timeout=0):
            if is_dead(folder / name):
                (folder / name).unlink(missing_ok=True)
    except error.LockError as problem:
        raise BusyError("Somebody else removes the lock.") from problem


def _is_dead(path: pathlib.Path, order: UpkeepOrder) -> bool:
    found = _find_owner(path)
    if found is None:
        return False
    owner, made = found
    if owner is not None:
        return _has_died(owner, made)
    return not order.pushing and made + order.abandoned_after < time.time()


def _has_dead_owner(path: pathlib.Path) -> bool:
    """Whether a process of this machine certainly made the lock, and is gone."""
    owner, made = _find_owner(path) or (None, 0.0)
    return owner is not None and _has_died(owner, made)


def _has_died(owner: LockOwner, made: float) -> bool:
    if owner.has_died():
        return True
    return owner.start is None and _find_begin(owner.process) > made + _SLACK_SECONDS


def _find_owner(path: pathlib.Path) -> tuple[LockOwner | None, float] | None:
    """The owner, if surely of this machine, and when it made the lock, in seconds since 1970; None without a lock."""
    try:
        text = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes().strip()
        made = path.lstat().st_mtime
    except FileNotFoundError:
        return None
    owner = parse_owner(text)
    if owner is None or owner.machine != lock._getlockprefix():  # noqa: SLF001 - as Mercurial writes it
        return None, made
    if owner.boot not in (None, read_boot()) and find_network_file_system(path.parent) is not None:
        # this machine's before it was started anew, or one's that has the same name
        return None, made
    return owner, made


def _made(path: pathlib.Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return time.time()


def _find_begin(process: int) -> float:
    """When a process of this machine began, in seconds since 1970.

    Where the system does not tell, it counts as very old: it may own everything.
    """
    start = find_start(process)
    if start is None:
        return 0.0
    up = float(pathlib.Path("/proc/uptime").read_text().split()[0])
    return time.time() - up + start / os.sysconf("SC_CLK_TCK")
