"""P73: clients that stop in the middle of what they send or read are dropped, and what they started ends."""

import os
import pathlib
import socket
import time
from collections.abc import Iterator

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, serve
from tests.transport.test_lost_clients import connect, push_body, wait_for_no_children, wait_for_outcome

pytestmark = pytest.mark.slow

#: More than the buffers of both ends of a connection hold.
LARGE = 16 << 20


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site.folder, settings="send_timeout=1 receive_timeout=1") as server:
        yield server


@pytest.fixture
def work(clients: Clients) -> pathlib.Path:
    """A working copy with a large file."""
    folder = clients.git_repository()
    (folder / "large").write_bytes(os.urandom(LARGE))
    clients.git("add", "large", cwd=folder)
    clients.git("commit", "-q", "-m", "large", cwd=folder)
    return folder


def read_to_the_end(connection: socket.socket) -> bytes:
    try:
        return b"".join(iter(lambda: connection.recv(1 << 20), b""))
    except ConnectionError:
        return b""


def test_p73_push_that_stops_is_dropped(site: Site, server: Server, clients: Clients, work: pathlib.Path) -> None:
    path = site.add(Kind.GIT)
    body = push_body(clients, work)
    with connect(server, site, path, "git-receive-pack", f"Content-Length: {len(body)}") as connection:
        connection.sendall(body[: 1 << 20])
        answer = read_to_the_end(connection)
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"The request ended early." in answer
    wait_for_no_children(server)
    wait_for_outcome(site, path, "nothing")


@pytest.mark.parametrize("known", [False, True], ids=["while it is made", "from a finished file"])
def test_p73_clone_that_is_not_read_is_dropped(
    site: Site, server: Server, clients: Clients, work: pathlib.Path, *, known: bool
) -> None:
    path = site.add(Kind.GIT)
    assert clients.git("push", str(site.disk(path)), "main", cwd=work).status == 0
    tip = clients.git("rev-parse", "main", cwd=work).output.strip().encode()
    body = packet(b"want " + tip + b" side-band-64k\n") + FLUSH + packet(b"done\n")

    def fetch() -> socket.socket:
        connection = connect(server, site, path, "git-upload-pack", f"Content-Length: {len(body)}\r\nConnection: close")
        connection.sendall(body)
        return connection

    if known:
        with fetch() as reading:
            assert len(read_to_the_end(reading)) > LARGE
    with fetch() as connection:
        assert connection.recv(12) == b"HTTP/1.1 200"
        wait_for_no_children(server)
        # Another client of the same process is answered all the time.
        assert clients.git("ls-remote", server.url(path)).status == 0
        wait_until_dropped(connection, server)
        assert len(read_to_the_end(connection)) < LARGE


def test_p73_clone_of_mercurial_that_is_not_read_is_dropped(site: Site, server: Server, clients: Clients) -> None:
    work = clients.hg_repository()
    work.commit({b"large": os.urandom(LARGE)})
    path = site.add(Kind.HG)
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    tip = clients.hg("identify", "--id", "--debug", "-r", "tip", cwd=work.path).output.strip()
    token = site.token("ada", "read")
    capabilities = "HG20,bundle2%3DHG20%250Achangegroup%253D02"
    for _ in range(2):  # while it is made, and from a finished file
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(
                f"GET /{path}?cmd=getbundle&common={'0' * 40}&heads={tip}&bundlecaps={capabilities} HTTP/1.1\r\n"
                f"Host: x\r\nAuthorization: Bearer {token}\r\nX-HgProto-1: 0.2 comp=none\r\n\r\n".encode()
            )
            assert connection.recv(12) == b"HTTP/1.1 200"
            wait_until_dropped(connection, server)
            assert len(read_to_the_end(connection)) < LARGE
    assert clients.hg("clone", server.url(path), "copy").status == 0


def wait_until_dropped(connection: socket.socket, server: Server) -> None:
    """Until the server has closed the connection, of which nothing is read meanwhile."""
    ends = f":{server.port:04X} 0100007F:{connection.getsockname()[1]:04X} 01 "
    deadline = time.monotonic() + 30
    while ends in pathlib.Path("/proc/net/tcp").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
