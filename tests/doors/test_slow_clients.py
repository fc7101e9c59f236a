"""Clients that stop reading keep nobody from the pages, and are dropped in the end."""

import base64
import contextlib
import functools
import pathlib
import random
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from tests.doors.servers import apache, kallithea_serve, serving
from tests.doors.sites import PASSWORD, OperatorsSite, make_site
from tests.transport.site import Clients

pytestmark = [pytest.mark.doors, pytest.mark.slow]

ADA = f"ada:{PASSWORD.replace(' ', '%20')}@"
# More than the buffers of both ends of a connection hold.
SIZE = 12 << 20
PAGES = 20
# After so many they are dropped; the pages have to be loaded before, also by a busy machine.
DROPPED_SECONDS = 20


@pytest.fixture
def clients(tmp_path: pathlib.Path) -> Clients:
    (tmp_path / "clients").mkdir()
    return Clients(tmp_path / "clients")


def push_much(site: OperatorsSite, clients: Clients) -> str:
    """Id of a commit that takes long to send."""
    work = clients.git_repository()
    (work / "large").write_bytes(random.Random(1).randbytes(SIZE))
    assert clients.git("add", "large", cwd=work).status == 0
    assert clients.git("commit", "-q", "-m", "large", cwd=work).status == 0
    pushed = clients.git("push", site.url("git", ADA), "main", cwd=work)
    assert pushed.status == 0, pushed.words
    return clients.git("rev-parse", "main", cwd=work).output.strip()


@contextlib.contextmanager
def stalled_clones(site: OperatorsSite, commit: str, count: int) -> Iterator[list[socket.socket]]:
    """So many clients that have asked for everything, and read nothing of it."""
    body = packet(f"want {commit} side-band-64k ofs-delta\n".encode()) + FLUSH + packet(b"done\n")
    credentials = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    head = (
        f"POST /git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\n"
        f"Content-Type: application/x-git-upload-pack-request\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.ExitStack() as connections:
        opened = []
        for _number in range(count):
            connection = connections.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", site.port))
            connection.sendall(head.encode() + body)
            opened.append(connection)
        yield opened


def begun(connections: list[socket.socket]) -> int:
    """How many of them are being answered."""
    count = 0
    for connection in connections:
        connection.settimeout(0.2)
        with contextlib.suppress(TimeoutError):
            count += connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
    return count


def wait_until_begun(connections: list[socket.socket], count: int) -> None:
    # those who are dropped go in rounds, and not always all of a round at once
    deadline = time.monotonic() + 6 * DROPPED_SECONDS
    while begun(connections) < count:
        assert time.monotonic() < deadline, begun(connections)


def load_pages(site: OperatorsSite) -> list[int]:
    """Statuses of some pages, each within seconds of which a page takes none."""
    statuses = []
    for _number in range(PAGES):
        with urllib.request.urlopen(site.url(""), timeout=20) as answer:
            statuses.append(answer.status)
    return statuses


def git_processes(site: OperatorsSite) -> list[str]:
    """Command lines of the git processes that work on the site's repositories."""
    lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if "upload-pack" in line and str(site.folder) in line]


def wait_for_no_processes(site: OperatorsSite) -> None:
    deadline = time.monotonic() + 30
    while git_processes(site):
        assert time.monotonic() < deadline, git_processes(site)
        time.sleep(0.1)


def test_pages_of_kallithea_serve_are_there_under_stalled_clones(tmp_path: pathlib.Path, clients: Clients) -> None:
    (tmp_path / "site").mkdir()
    site = make_site(tmp_path / "site", "threads=4", "wire_sends_each=0", f"send_timeout={DROPPED_SECONDS}")
    with serving(site, kallithea_serve):
        commit = push_much(site, clients)
        # Two processes of four threads, three of which may transfer, and for one network two.
        with stalled_clones(site, commit, 4 + 8) as connections:
            wait_until_begun(connections, 4)
            assert load_pages(site) == [200] * PAGES
            assert begun(connections) == 4
            # They are dropped, and then it is the turn of the others.
            wait_until_begun(connections, 12)
            cloned = clients.git("clone", "-q", site.url("git", ADA), "copy")
        assert cloned.status == 0, cloned.words
        wait_for_no_processes(site)
    assert "Traceback" not in site.log.read_text()


@pytest.mark.services
def test_pages_under_mod_wsgi_are_there_under_stalled_clones(tmp_path: pathlib.Path, clients: Clients) -> None:
    (tmp_path / "site").mkdir()
    site = make_site(tmp_path / "site", "wire_sends_each=0")
    with serving(site, functools.partial(apache, timeout=DROPPED_SECONDS)):
        commit = push_much(site, clients)
        # Two processes for transfers, of six threads.
        with stalled_clones(site, commit, 4 + 12) as connections:
            wait_until_begun(connections, 12)
            assert load_pages(site) == [200] * PAGES
            assert begun(connections) == 12
            wait_until_begun(connections, 16)
            cloned = clients.git("clone", "-q", site.url("git", ADA), "copy")
        assert cloned.status == 0, cloned.words
        wait_for_no_processes(site)
    assert "AttributeError" not in (site.folder / "httpd-error.log").read_text()
