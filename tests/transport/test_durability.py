"""What is on the disk before a client is told that its push has arrived, as the kernel saw it happen (strace)."""

import contextlib
import pathlib
import re
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site

pytestmark = pytest.mark.slow

_CALLS = "trace=fsync,fdatasync,syncfs,rename,renameat,renameat2,link,linkat,write,writev,sendto,sendmsg"
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


def test_git_push_is_acknowledged_when_it_is_on_the_disk(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    clients.git_commit(work, "second.txt")
    with tracing(server, clients.folder) as trace:
        pushed = clients.git("push", server.url(path), "main", cwd=work)
    assert pushed.status == 0, pushed.errors

    told = trace.at(r"(sendto|sendmsg|write|writev)\(.*<(socket|TCP).*ok refs/heads/main")
    pack, index = trace.at(r"fsync\(.*/pack/tmp_pack_"), trace.at(r"fsync\(.*/pack/tmp_idx_")
    kept = trace.at(r"(link|rename)\w*\(.*objects/pack/pack-\w+\.idx\"")
    ref, moved = trace.at(r"fsync\(.*refs/heads/main\.lock"), trace.at(r"rename\w*\(.*refs/heads/main\.lock")
    assert max(pack, index) < kept < ref < moved < told
    assert kept < trace.at(r"fsync\(.*objects/pack>") < told
    assert moved < trace.at(r"fsync\(.*/refs/heads>") < told
    assert trace.count(r" (fsync|fdatasync)\(.*/objects/") == 3


def test_hg_push_is_acknowledged_when_it_is_on_the_disk(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    with tracing(server, clients.folder) as trace:
        pushed = clients.hg("push", server.url(path), cwd=work.path)
    assert pushed.status == 0, pushed.words

    written = trace.last(r"write\(.*/\.hg/store/00changelog\.i")
    synced = trace.at(r"syncfs\(")
    assert written < synced
    assert trace.last(r"(write|rename)\w*\(.*/\.hg/store/") < synced
    assert synced < trace.at(r"(sendto|sendmsg)\(.*adding changesets")
    assert trace.count(r"syncfs\(") == 1
