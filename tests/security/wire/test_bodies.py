"""Bodies as no client of git or hg sends them, on the connection itself; and P18 as far as HTTP can carry it."""

import contextlib
import re
import socket

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Server, Site, basic, request

PASSWORD = "correct horse battery"
LS_REFS = packet(b"command=ls-refs\n") + b"0001" + FLUSH


def send(server: Server, path: str, service: str, headers: str, *parts: bytes) -> socket.socket:
    """A connection on which a request was sent, as it is."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = (
        f"POST /{path}/{service} HTTP/1.1\r\nHost: x\r\nAuthorization: {basic('ada', PASSWORD)}\r\n"
        f"Content-Type: application/x-{service}-request\r\nGit-Protocol: version=2\r\n{headers}\r\n\r\n"
    )
    connection.sendall(head.encode() + b"".join(parts))
    return connection


def read_all(connection: socket.socket) -> bytes:
    with contextlib.suppress(ConnectionResetError):
        return b"".join(iter(lambda: connection.recv(65536), b""))
    return b""


def test_client_that_waits_for_100_continue_gets_it_before_it_sends(site: Site, server: Server) -> None:
    path = site.add(Kind.GIT)
    headers = f"Content-Length: {len(LS_REFS)}\r\nExpect: 100-continue\r\nConnection: close"
    with send(server, path, "git-upload-pack", headers) as connection:
        assert connection.recv(25, socket.MSG_WAITALL) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(LS_REFS)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(FLUSH)


@pytest.mark.parametrize("service", ["git-upload-pack", "git-receive-pack"])
@pytest.mark.parametrize(
    ("headers", "body"),
    [("Content-Length: 1000", b"0014"), ("Transfer-Encoding: chunked", b"4\r\n0014\r\n8\r\nab")],
    ids=["length", "chunks"],
)
def test_body_that_ends_before_its_length_is_explained(
    site: Site, server: Server, service: str, headers: str, body: bytes
) -> None:
    with send(server, site.add(Kind.GIT), service, headers, body) as connection:
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"The request ended early." in answer


def test_what_comes_after_the_length_is_not_part_of_the_request(site: Site, server: Server) -> None:
    headers = f"Content-Length: {len(LS_REFS)}"
    following = b"GET /_nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with send(server, site.add(Kind.GIT), "git-upload-pack", headers, LS_REFS, following) as connection:
        answer = read_all(connection)
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"404"]


@pytest.mark.parametrize("chunk", [b"x\r\n", b"-1\r\n", b"1g\r\n", b"f" * 40 + b"\r\n", b"5 ;" + b"a" * 100_000])
def test_chunks_that_cannot_be_right_are_refused(site: Site, server: Server, chunk: bytes) -> None:
    headers = "Transfer-Encoding: chunked\r\nConnection: close"
    with send(server, site.add(Kind.GIT), "git-receive-pack", headers) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(chunk + b"0000\r\n0\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer[:12] in (b"HTTP/1.1 400", b"")


@pytest.mark.parametrize(
    "words",
    [
        "git-upload-pack 'x'; id",
        "git-upload-pack '--upload-pack=id' x",
        "hg -R --config=alias.serve=!id serve --stdio",
        "hg -R x serve --stdio --config ui.debug=1",
        "hg -R x serve",
        "scp -t .",
        "sftp",
        "git-shell",
        "git-upload-archive",
        "x" * 5000,
        "\0",
    ],
)
def test_p18_words_of_a_command_line_start_nothing(site: Site, server: Server, words: str) -> None:
    path = site.add(Kind.HG)
    quoted = "".join(f"%{byte:02x}" for byte in words.encode())
    for address in (f"/{path}?cmd={quoted}", f"/{quoted}?cmd=heads", f"/{quoted}/info/refs?service=git-upload-pack"):
        answer = request(server, "GET", address, user="ada", headers={"Accept": "application/mercurial-0.1"})
        assert answer.status in (400, 403, 404, 414)
        assert b"uid=" not in answer.body


@pytest.mark.parametrize(
    "name", ["GIT-DIR", "GIT-SSH-COMMAND", "GIT-EXEC-PATH", "HGPLAIN", "HGRCPATH", "LC-ALL", "PATH"]
)
def test_p18_headers_are_no_environment(site: Site, server: Server, name: str) -> None:
    git, hg = site.add(Kind.GIT), site.add(Kind.HG)
    headers = {name: "/nonexistent", name.replace("-", "_"): "/nonexistent"}
    for address in (f"/{git}/info/refs?service=git-receive-pack", f"/{hg}?cmd=heads"):
        assert request(server, "GET", address, user="ada", headers=headers).status == 200
