"""Locks of Mercurial repositories that nobody can own any more.

A lock is a symbolic link to ``host/namespace:process`` (a file with these words where there are no links). Mercurial
takes no notice of one whose process is dead, if that was on this machine and in this container. What is left are those
of other machines and containers, and of processes whose number another one has got.
"""

import contextlib
import os
import pathlib
import re
import time
from collections.abc import Callable

from kallithea.vcs.hg.mercurial_setup import error, lock, vfs
from kallithea.vcs.types import BusyError
from kallithea.vcs.upkeep import BRIEF_SECONDS, UpkeepOrder

_NAMES = ("wlock", "store/lock")
#: Held by who removes a dead lock, so that nobody removes the living one that comes after it.
_BREAK = ".break"
_OWNER = re.compile(rb"(?P<machine>[^:]*):(?P<process>\d+)")
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
    process, made = found
    if process is not None:
        return _has_died(process, made)
    return not order.pushing and made + order.abandoned_after < time.time()


def _has_dead_owner(path: pathlib.Path) -> bool:
    """Whether a process of this machine made the lock and is gone."""
    process, made = _find_owner(path) or (None, 0.0)
    return process is not None and _has_died(process, made)


def _has_died(process: int, made: float) -> bool:
    began = _find_begin(process)
    return began is None or began > made + _SLACK_SECONDS


def _find_owner(path: pathlib.Path) -> tuple[int | None, float] | None:
    """The process, if it is of this machine, and when it made the lock, in seconds since 1970; None without a lock."""
    try:
        owner = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes().strip()
        made = path.lstat().st_mtime
    except FileNotFoundError:
        return None
    found = _OWNER.fullmatch(owner)
    if found is None or found["machine"] != lock._getlockprefix():  # noqa: SLF001 - as Mercurial writes it
        return None, made
    return int(found["process"]), made


def _made(path: pathlib.Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return time.time()


def _find_begin(process: int) -> float | None:
    """When a process of this machine began, in seconds since 1970; None if there is none.

    Where the system does not tell, it counts as very old: it may own everything.
    """
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        # field 22 of ``man 5 proc_pid_stat``; the name in front may hold spaces and brackets
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        up = float(pathlib.Path("/proc/uptime").read_text().split()[0])
    except OSError:
        return 0.0
    return time.time() - up + int(fields[19]) / os.sysconf("SC_CLK_TCK")
