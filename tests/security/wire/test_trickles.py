"""P73: a request has its time, however it trickles, and the slot of a push is another's then."""

import contextlib
import os
import socket
from collections.abc import Iterator

import pytest

from kallithea.vcs.types import Kind
from tests.security.wire.test_stalls import read_to_the_end
from tests.transport.site import Clients, Server, Site, basic, serve
from tests.transport.test_lost_clients import push_body

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"
# What comes a byte at a time, twice a second.
REST = 60


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site.folder, settings="wire_time_limit=10 wire_pushes=1 wire_wait_limit=1 receive_timeout=3") as server:
        yield server


def git_body(clients: Clients) -> bytes:
    work = clients.git_repository()
    (work / "large").write_bytes(os.urandom(100_000))
    clients.git("add", "large", cwd=work)
    clients.git("commit", "-q", "-m", "large", cwd=work)
    return push_body(clients, work)


def hg_body(clients: Clients) -> bytes:
    work, bundle = clients.hg_repository(), clients.folder / "bundle"
    work.commit({b"large": os.urandom(100_000)})
    assert clients.hg("bundle", "--all", "--type", "none-v2", bundle, cwd=work.path).status == 0
    return bundle.read_bytes()


def trickle(server: Server, address: str, headers: str, body: bytes) -> bytes:
    """The answer to a request whose end is sent as slowly as can be."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        head = f"POST {address} HTTP/1.1\r\nHost: x\r\nAuthorization: {basic('ada', PASSWORD)}\r\n{headers}\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:-REST])
        connection.settimeout(0.5)
        for byte in body[-REST:]:
            with contextlib.suppress(TimeoutError):
                connection.sendall(bytes([byte]))
                return connection.recv(1, socket.MSG_PEEK) and read_to_the_end(connection)
    return b""


@pytest.mark.parametrize("kind", Kind)
def test_p73_push_that_trickles_is_dropped(site: Site, server: Server, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    if kind is Kind.HG:
        headers = "Content-Type: application/mercurial-0.1\r\nX-HgArg-1: heads=666f726365"
        answer = trickle(server, f"/{path}?cmd=unbundle", headers, hg_body(clients))
        pushed = clients.hg("push", server.url(path), cwd=clients.folder / "work")
    else:
        headers = "Content-Type: application/x-git-receive-pack-request"
        answer = trickle(server, f"/{path}/git-receive-pack", headers, git_body(clients))
        pushed = clients.git("push", server.url(path), "main", cwd=clients.folder / "work")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"The request did not arrive within 10 seconds." in answer
    # The only slot is free again, and nothing is in the way.
    assert pushed.status == 0, pushed.words
    assert site.outcomes(path) == (["recorded"] if kind is Kind.HG else ["nothing", "recorded"])


@pytest.mark.parametrize("kind", Kind)
def test_p73_question_that_trickles_is_dropped(site: Site, server: Server, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    if kind is Kind.HG:
        arguments = b"cmds=" + b"x" * REST
        headers = f"Content-Type: application/mercurial-0.1\r\nX-HgArgs-Post: {len(arguments)}"
        answer = trickle(server, f"/{path}?cmd=batch", headers, arguments)
    else:
        headers = "Content-Type: application/x-git-upload-pack-request"
        answer = trickle(server, f"/{path}/git-upload-pack", headers, b"0032want " + b"1" * REST)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"The request did not arrive within 3 seconds." in answer


def test_p73_refused_push_that_trickles_is_not_waited_for(site: Site, server: Server, clients: Clients) -> None:
    answer = trickle(server, "/missing/git-receive-pack", "Content-Type: text/plain", b"1" * REST)
    assert answer.startswith(b"HTTP/1.1 404")
