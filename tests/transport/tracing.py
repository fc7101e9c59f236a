"""System calls of a server and its children, as the kernel saw them (strace)."""

import contextlib
import pathlib
import re
import signal
import subprocess
import time
from collections.abc import Iterator

from tests.transport.site import Server

_CALLS = "trace=execve,fsync,fdatasync,syncfs,rename,renameat,renameat2,link,linkat,write,writev,sendto,sendmsg"
_BEGIN_SECONDS = 30


class Trace:
    """System calls of the server and its children, in their order."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def at(self, pattern: str) -> int:
        """Where the first call is that fits."""
        return self._all(pattern)[0]

    def last(self, pattern: str) -> int:
        return self._all(pattern)[-1]

    def count(self, pattern: str) -> int:
        return len([line for line in self.lines if re.search(pattern, line)])

    def _all(self, pattern: str) -> list[int]:
        found = [number for number, line in enumerate(self.lines) if re.search(pattern, line)]
        assert found, f"nothing like {pattern} in\n" + "\n".join(self.lines)
        return found


@contextlib.contextmanager
def tracing(server: Server, folder: pathlib.Path) -> Iterator[Trace]:
    """What happens while the block runs; to be read after it."""
    output, trace = folder / "strace", Trace([])
    command = ["strace", "-f", "-y", "-s", "200", "-e", _CALLS, "-e", "signal=none", "-o", str(output)]
    process = subprocess.Popen([*command, "-p", str(server.worker_pid)], stderr=subprocess.PIPE)
    try:
        wait_until_attached(server)
        yield trace
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    trace.lines += output.read_text(errors="replace").splitlines()


def wait_until_attached(server: Server) -> None:
    deadline = time.monotonic() + _BEGIN_SECONDS
    tasks = pathlib.Path(f"/proc/{server.worker_pid}/task")
    while any("TracerPid:\t0\n" in (task / "status").read_text() for task in tasks.iterdir()):
        assert time.monotonic() < deadline, "strace does not begin"
        time.sleep(0.05)
