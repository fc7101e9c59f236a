"""Clients that go away in the middle: what they started ends, and what they finished counts; and git that goes away."""

import os
import pathlib
import signal
import socket
import time

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site

pytestmark = pytest.mark.slow

SIZE = 30 << 20


@pytest.fixture
def work(clients: Clients) -> pathlib.Path:
    """A working copy with a large file that cannot be compressed."""
    folder = clients.git_repository()
    (folder / "large").write_bytes(os.urandom(SIZE))
    clients.git("add", "large", cwd=folder)
    clients.git("commit", "-q", "-m", "large", cwd=folder)
    return folder


def connect(server: Server, site: Site, path: str, service: str, header: str) -> socket.socket:
    """A connection with the beginning of a request on it."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(
        f"POST /{path}/{service} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {site.token('ada', 'read', 'write')}\r\n"
        f"Content-Type: application/x-{service}-request\r\n{header}\r\n\r\n".encode()
    )
    return connection


def child_ids(server: Server) -> list[int]:
    """Of the processes that the server has started."""
    folder = pathlib.Path(f"/proc/{server.worker_pid}/task")
    return [int(number) for file in folder.glob("*/children") for number in file.read_text().split()]


def children(server: Server) -> list[str]:
    """Command lines of the processes that the server has started."""
    return [pathlib.Path(f"/proc/{id_}/cmdline").read_text().replace("\0", " ") for id_ in child_ids(server)]


def wait_for_no_children(server: Server) -> None:
    deadline = time.monotonic() + 30
    while children(server):
        assert time.monotonic() < deadline, children(server)
        time.sleep(0.05)


def push_body(clients: Clients, work: pathlib.Path, *, report: bool = True) -> bytes:
    tip = clients.git("rev-parse", "main", cwd=work).output.strip()
    capabilities = b"report-status side-band-64k" if report else b""
    command = packet(b"0" * 40 + b" " + tip.encode() + b" refs/heads/main\0" + capabilities)
    pack = clients.folder / "pack"
    listed = clients.git("rev-list", "--objects", "--all", cwd=work).output
    (clients.folder / "list").write_text("".join(line.split()[0] + "\n" for line in listed.splitlines()))
    clients.run("sh", "-c", f"git pack-objects --stdout < {clients.folder}/list > {pack}", cwd=work)
    return command + FLUSH + pack.read_bytes()


def test_clone_ends_with_its_client(site: Site, server: Server, clients: Clients, work: pathlib.Path) -> None:
    path = site.add(Kind.GIT)
    assert clients.git("push", server.url(path), "main", cwd=work).status == 0
    tip = clients.git("rev-parse", "main", cwd=work).output.strip().encode()
    body = packet(b"want " + tip + b" side-band-64k\n") + FLUSH + packet(b"done\n")
    with connect(server, site, path, "git-upload-pack", f"Content-Length: {len(body)}") as connection:
        connection.sendall(body)
        assert b"200 OK" in connection.recv(65536)
        assert "upload-pack" in children(server)[0]
    wait_for_no_children(server)


def test_clone_whose_process_is_killed_does_not_look_whole(
    site: Site, server: Server, clients: Clients, work: pathlib.Path
) -> None:
    path = site.add(Kind.GIT)
    assert clients.git("push", server.url(path), "main", cwd=work).status == 0
    tip = clients.git("rev-parse", "main", cwd=work).output.strip().encode()
    # So long that nobody else is thought to ask the same: a process sends to this client alone.
    haves = b"".join(packet(b"have %040x\n" % number) for number in range(1, 6000))
    body = packet(b"want " + tip + b" side-band-64k\n") + FLUSH + haves + packet(b"done\n")
    with connect(server, site, path, "git-upload-pack", f"Content-Length: {len(body)}") as connection:
        connection.sendall(body)
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"Transfer-Encoding: chunked" in answer
        (process,) = child_ids(server)
        os.kill(process, signal.SIGKILL)
        answer += b"".join(iter(lambda: connection.recv(1 << 20), b""))
    assert not answer.endswith(b"\r\n0\r\n\r\n")
    wait_for_no_children(server)


def test_push_cut_off_in_the_middle_changes_nothing(
    site: Site, server: Server, clients: Clients, work: pathlib.Path
) -> None:
    path = site.add(Kind.GIT)
    body = push_body(clients, work)
    with connect(server, site, path, "git-receive-pack", f"Content-Length: {len(body)}") as connection:
        connection.sendall(body[: SIZE // 2])
        time.sleep(0.5)
    wait_for_no_children(server)
    assert clients.git("for-each-ref", cwd=site.disk(path)).output == ""
    assert list((site.disk(path) / "objects").glob("tmp_objdir*")) == []
    wait_for_outcome(site, path, "nothing")


def test_finished_push_counts_although_its_client_is_gone(
    site: Site, server: Server, clients: Clients, work: pathlib.Path
) -> None:
    path = site.add(Kind.GIT)
    body = push_body(clients, work)
    with connect(server, site, path, "git-receive-pack", f"Content-Length: {len(body)}") as connection:
        connection.sendall(body)
    wait_for_outcome(site, path, "recorded")
    assert "refs/heads/main" in clients.git("for-each-ref", cwd=site.disk(path)).output
    assert len(site.journal(path)) == 1


def test_push_without_a_report_is_recorded(site: Site, server: Server, clients: Clients, work: pathlib.Path) -> None:
    path = site.add(Kind.GIT)
    body = push_body(clients, work, report=False)
    with connect(server, site, path, "git-receive-pack", f"Content-Length: {len(body)}") as connection:
        connection.sendall(body)
        assert b"200 OK" in connection.recv(65536)
        wait_for_outcome(site, path, "recorded")
    assert len(site.journal(path)) == 1


def wait_for_outcome(site: Site, path: str, outcome: str) -> None:
    deadline = time.monotonic() + 30
    while site.outcomes(path) != [outcome]:
        assert time.monotonic() < deadline, site.outcomes(path)
        time.sleep(0.05)


def test_large_push_and_clone_take_little_memory(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    folder = clients.git_repository()
    for number in range(4):
        (folder / f"large{number}").write_bytes(os.urandom(SIZE))
    clients.git("add", ".", cwd=folder)
    clients.git("commit", "-q", "-m", "large", cwd=folder)
    before = server.anonymous_memory
    assert clients.git("-c", "http.postBuffer=65536", "push", server.url(path), "main", cwd=folder).status == 0
    after_push = server.anonymous_memory
    assert clients.git("clone", "--bare", server.url(path), "copy").status == 0
    assert max(after_push, server.anonymous_memory) < before + (30 << 20)
