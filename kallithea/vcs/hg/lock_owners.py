"""Who holds a lock of Mercurial: ours tell host, boot of the machine, start of the process, and its number.

So whether the owner lives is no question of clocks, and no other process is taken for it that has got its number. A
lock of somebody else, such as ``hg`` on the server, tells host and number alone.
"""

import os
import pathlib
import re
from dataclasses import dataclass
from typing import Any

_OWNER = re.compile(rb"(?P<machine>[^:]*?)(/boot-(?P<boot>[0-9a-f]{32})/(?P<start>\d+))?:(?P<process>\d+)")
_BOOT = pathlib.Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class LockOwner:
    """``boot`` and ``start``, in ticks since then, are None where the lock does not tell them."""

    machine: bytes
    boot: bytes | None
    start: int | None
    process: int

    def has_died(self) -> bool:
        """Whether that process of this machine is no more; it may be one of before the machine was started."""
        if self.boot is None or self.start is None:
            return not _exists(self.process)
        if self.boot != read_boot():
            return True
        start = find_start(self.process)
        # That of somebody else's process can be hidden ("hidepid" of /proc).
        return not _exists(self.process) if start is None else start != self.start


def parse_owner(text: bytes) -> LockOwner | None:
    """What a lock says; None where that is nothing that we know."""
    found = _OWNER.fullmatch(text)
    if found is None:
        return None
    start = None if found["start"] is None else int(found["start"])
    return LockOwner(found["machine"], found["boot"], start, int(found["process"]))


def name_owners(lock: Any) -> None:
    """Have Mercurial's module ``lock`` write the locks of this process, and of those forked from it, with all that.

    It then judges locks of this machine itself, too, while it waits for one; not those of another boot, which may be
    those of another machine that has the same name (``locks`` can tell).
    """
    machine = bytes(lock._getlockprefix())  # noqa: SLF001 - as Mercurial writes it

    def should_be_broken(_own: object, text: bytes | None) -> bool:
        owner = parse_owner(text or b"")
        if owner is None or owner.machine != machine or owner.boot not in (None, read_boot()):
            return False
        return owner.has_died()

    def name_own() -> None:
        boot, start = read_boot(), find_start(os.getpid())
        lock.lock._host = machine  # noqa: SLF001
        if boot is not None and start is not None:
            lock.lock._host = b"%s/boot-%s/%d" % (machine, boot, start)  # noqa: SLF001

    lock.lock._lockshouldbebroken = should_be_broken  # noqa: SLF001
    name_own()
    os.register_at_fork(after_in_child=name_own)


def read_boot() -> bytes | None:
    """What names the time since this machine was started; None where the system does not tell."""
    try:
        return _BOOT.read_bytes().strip().replace(b"-", b"")
    except OSError:
        return None


def find_start(process: int) -> int | None:
    """When a process began, in ticks since the machine was started; None if there is none, or nobody tells."""
    try:
        # field 22 of ``man 5 proc_pid_stat``; the name in front may hold spaces and brackets
        return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return None


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
