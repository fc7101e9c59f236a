"""Ending a program with all that it has started, and with the process that has started it.

What a program starts can leave its session and its parents, but not its environment: a mark there finds it.
"""

import contextlib
import functools
import os
import pathlib
import shutil
import signal
import subprocess
from collections.abc import Sequence

MARK = "KALLITHEA_PROCESS_TREE"

_TIE = "--pdeathsig"
# Processes that start others while they are being ended.
_MOST_ROUNDS = 20
_PROCESSES = pathlib.Path("/proc")


def tied(command: Sequence[str | bytes], ending: str = "TERM") -> list[str | bytes]:
    """The command, so that it gets a signal when the thread that starts it ends, however that is.

    So it must be started by a thread that lives as long. Where util-linux is not there, it is as it was.
    """
    program, first = shutil.which("setpriv"), shutil.which(os.fsdecode(command[0]))
    if program is None or first is None or not _can_tie(program):
        return list(command)
    return [program, _TIE, ending, "--", first, *command[1:]]


@functools.cache
def _can_tie(program: str) -> bool:
    """Whether it is that of util-linux: others of the name know less."""
    done = subprocess.run(
        [program, _TIE, "TERM", "--", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode == 0


def bounded(command: Sequence[str], seconds: int) -> list[str]:
    """The command, so that all of it ends after so many seconds, or when it is asked to; by force, if need be."""
    program = shutil.which("timeout")
    return [*((program, "-k", "5", str(seconds)) if program else ()), *command]


def end_tree(process: "subprocess.Popen[bytes]", mark: str) -> None:
    """End the leader of a session, and everything with this mark in its environment."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wanted = f"{MARK}={mark}".encode()
    for _round in range(_MOST_ROUNDS):
        if not sum(_end_marked(path, wanted) for path in _PROCESSES.glob("[0-9]*")):
            return


def count_with(name: str, value: str) -> int:
    """How many processes of this machine have that in their environment, as far as we may look."""
    wanted = f"{name}={value}".encode()
    return sum(_has(path, wanted) for path in _PROCESSES.glob("[0-9]*"))


def _has(path: pathlib.Path, wanted: bytes) -> bool:
    try:
        return wanted in (path / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _end_marked(path: pathlib.Path, wanted: bytes) -> bool:
    """Whether the process had the mark, and was ended: the one that was looked at, not a later one of its number."""
    try:
        process = os.pidfd_open(int(path.name))
    except OSError:
        return False
    try:
        if not _has(path, wanted):
            return False
        signal.pidfd_send_signal(process, signal.SIGKILL)
    except OSError:
        return False
    finally:
        os.close(process)
    return True
