"""Threads for pages, whatever other clients do."""

import contextlib
import http.client
import pathlib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn

from kallithea.cli.transfers import Transfers, count_for_transfers, find_network, is_transfer
from kallithea.cli.web_process import WebProcess, _has_ended
from kallithea.services.work import open_application
from kallithea.transport.http import WireApplication
from tests.applications import settings_for
from tests.doors.sites import make_certificate

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLONE = b"POST /r/git-upload-pack HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
PAGE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
MOST_CONNECTIONS = 30


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """That of a process with two threads."""
    with serving(tmp_path_factory.mktemp("gunicorn")) as port:
        yield port


@contextlib.contextmanager
def serving(folder: pathlib.Path, *options: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--threads=2", f"--worker-connections={MOST_CONNECTIONS}"]
        command += ["--worker-class=tests.cli.hasty_server.HastyProcess", f"--bind=fd://{listener.fileno()}"]
        command += ["--keep-alive=60", f"--worker-tmp-dir={folder}", *options]
        process = subprocess.Popen(
            [*command, "tests.cli.hasty_server:serve"],
            cwd=ROOT,
            pass_fds=[listener.fileno()],
            stderr=subprocess.DEVNULL,
        )
    try:
        yield port
    finally:
        process.kill()
        process.wait()


def load_page(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", "/")
        return connection.getresponse().read()


def connect(port: int, data: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(data)
    return connection


def has_answer(connection: socket.socket) -> bool:
    connection.settimeout(0.3)
    with contextlib.suppress(TimeoutError):
        return connection.recv(8) == b"HTTP/1.1"
    return False


def test_transfers_wait_without_a_thread_and_in_order(port: int) -> None:
    with contextlib.ExitStack() as connections, connect(port, CLONE) as first:
        assert first.recv(8) == b"HTTP/1.1"
        # one after the other: of two that come at once either may be the first
        with connect(port, CLONE) as second:
            assert not has_answer(second)
            third = connections.enter_context(connect(port, CLONE))
            assert [load_page(port) for _number in range(3)] == [b"a page"] * 3
            assert [has_answer(waiting) for waiting in (second, third)] == [False, False]
            first.close()
            second.settimeout(30)
            assert second.recv(8) == b"HTTP/1.1"
            assert not has_answer(third)
    assert load_page(port) == b"a page"


def test_parked_client_that_goes_away_loses_its_turn(port: int) -> None:
    with connect(port, CLONE) as first:
        assert first.recv(8) == b"HTTP/1.1"
        with connect(port, CLONE) as second:
            assert not has_answer(second)
        with connect(port, CLONE) as third:
            assert not has_answer(third)
            first.close()
            assert third.recv(8) == b"HTTP/1.1"


def test_transfer_that_there_is_no_room_to_park_is_refused_in_words(port: int) -> None:
    with contextlib.ExitStack() as connections:
        first = connections.enter_context(connect(port, CLONE))
        assert first.recv(8) == b"HTTP/1.1"
        for _number in range(MOST_CONNECTIONS // 2):
            connections.enter_context(connect(port, CLONE))
        refused = http.client.HTTPResponse(connections.enter_context(connect(port, CLONE)))
        refused.begin()
        assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
        # git prints plain text, hg the status line
        assert refused.headers["Content-Type"].startswith("text/plain")
        assert refused.reason == "Too many clones and pushes wait already."
        assert refused.read() == b"Too many clones and pushes wait already.\n"


def test_p73_idle_connections_make_room_for_others(port: int) -> None:
    with contextlib.ExitStack() as connections:
        idle = [connections.enter_context(connect(port)) for _number in range(2 * MOST_CONNECTIONS)]
        assert load_page(port) == b"a page"
        assert idle[0].recv(1) == b""
        idle[-1].sendall(PAGE)
        assert idle[-1].recv(8) == b"HTTP/1.1"


def test_p73_used_connections_that_idle_make_room_for_others(port: int) -> None:
    with contextlib.ExitStack() as connections:
        for _number in range(2 * MOST_CONNECTIONS):
            assert connections.enter_context(connect(port, PAGE)).recv(8) == b"HTTP/1.1"
        assert load_page(port) == b"a page"


def test_p73_many_that_come_at_once_and_then_idle_make_room_for_others(port: int) -> None:
    with contextlib.ExitStack() as connections:
        crowd = [connections.enter_context(connect(port, PAGE)) for _number in range(2 * MOST_CONNECTIONS)]
        assert [connection.recv(8) for connection in crowd] == [b"HTTP/1.1"] * len(crowd)
        assert load_page(port) == b"a page"


def test_p73_new_connections_are_not_closed_for_those_that_idle(port: int) -> None:
    with contextlib.ExitStack() as connections:
        for _number in range(2 * MOST_CONNECTIONS):
            assert connections.enter_context(connect(port, PAGE)).recv(8) == b"HTTP/1.1"
        # they are taken before they send something
        new = [connections.enter_context(connect(port)) for _number in range(5)]
        time.sleep(0.1)
        for connection in new:
            connection.sendall(PAGE)
        assert [connection.recv(8) for connection in new] == [b"HTTP/1.1"] * len(new)


def test_p73_headers_that_do_not_end_are_given_up(port: int) -> None:
    with contextlib.ExitStack() as connections:
        slow = [connections.enter_context(connect(port, b"GET / HTTP/1.1\r\nX-A: ")) for _number in range(4)]
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(ConnectionError):
                slow[0].sendall(b"a")
                time.sleep(0.1)
                continue
            break
        assert load_page(port) == b"a page"
        assert time.monotonic() < deadline


def test_p73_handshakes_and_headers_over_tls_that_do_not_end_are_given_up(tmp_path: pathlib.Path) -> None:
    trusting, keys = make_certificate(tmp_path / "keys"), tmp_path / "keys"
    options = [f"--certfile={keys / 'chain.pem'}", f"--keyfile={keys / 'key.pem'}"]
    with contextlib.ExitStack() as open_ones:
        port = open_ones.enter_context(serving(tmp_path, *options))
        for _number in range(2):
            plain = open_ones.enter_context(connect(port))
            slow = open_ones.enter_context(trusting.wrap_socket(plain, server_hostname="127.0.0.1"))
            slow.sendall(b"GET / HTTP/1.1\r\nX-A: ")
        for _number in range(2):
            open_ones.enter_context(connect(port, b"\x16"))
        deadline = time.monotonic() + 30
        # who has waited for a thread for longer than headers may take is cut, too
        while not (page := load_by_tls(port, trusting)):
            assert time.monotonic() < deadline
        assert page == b"a page"


def load_by_tls(port: int, trusting: ssl.SSLContext) -> bytes:
    """A page; empty where the connection was cut."""
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=trusting)
    with contextlib.closing(connection), contextlib.suppress(ssl.SSLError, ConnectionError):
        connection.request("GET", "/")
        return connection.getresponse().read()
    return b""


@pytest.mark.parametrize("method", [b"POST /_admin/login", b"GET /r/info/refs"])
def test_p73_bodies_that_do_not_end_are_given_up(port: int, method: bytes) -> None:
    form = method + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\na"
    with contextlib.ExitStack() as connections:
        for _number in range(4):
            connections.enter_context(connect(port, form))
        assert load_page(port) == b"a page"


@pytest.mark.parametrize(
    ("method", "uri", "headers", "lasts"),
    [
        ("GET", "/r?cmd=heads", {}, False),
        ("POST", "/r?cmd=batch", {}, True),
        ("GET", "/r?cmd=getbundle", {}, True),
        ("GET", "/r?cmd=get_cached_bundle_inline", {}, True),
        ("GET", "/r/info/refs?service=git-upload-pack", {}, True),
        ("GET", "/r/info/refs?service=git-upload-pack", {"GIT-PROTOCOL": "version=2"}, False),
        ("POST", "/r/git-receive-pack", {}, True),
        ("GET", "/r/archive/tip.zip", {}, True),
        ("POST", "/r/upload/tip", {"CONTENT-TYPE": "multipart/form-data; boundary=x"}, True),
        ("POST", "/_admin/login", {"CONTENT-TYPE": "application/x-www-form-urlencoded"}, False),
        ("GET", "/r/files/tip", {}, False),
    ],
)
def test_requests_that_last_as_long_as_their_clients_like(
    method: str, uri: str, headers: dict[str, str], lasts: bool
) -> None:
    path, _, query = uri.partition("?")
    request = SimpleNamespace(method=method, path=path, query=query, headers=list(headers.items()))
    assert is_transfer(request) is lasts


@pytest.mark.parametrize(("threads", "transfers"), [(1, 1), (2, 1), (4, 3), (8, 6), (100, 75)])
def test_a_quarter_of_the_threads_is_kept_for_pages(threads: int, transfers: int) -> None:
    assert count_for_transfers(threads) == transfers


def test_no_more_are_parked_than_there_is_room_for() -> None:
    transfers = Transfers(1, 1)
    assert [transfers.begin(name, "").name for name in ("a", "b", "c")] == ["NOW", "LATER", "NEVER"]
    assert transfers.end("") == "b"
    assert [transfers.begin(name, "").name for name in ("c", "b")] == ["LATER", "NOW"]
    assert (transfers.end(""), transfers.take_granted("c"), transfers.take_granted("c")) == ("c", "", None)
    assert transfers.end("") is None
    assert transfers.begin("d", "").name == "NOW"


def test_one_network_leaves_room_for_others() -> None:
    transfers = Transfers(6, 6)
    own = [transfers.begin(f"own{number}", "192.0.2.1").name for number in range(9)]
    assert own == ["NOW"] * 4 + ["LATER"] * 4 + ["NEVER"]
    others = [transfers.begin(f"other{number}", "192.0.2.2").name for number in range(3)]
    assert others == ["NOW", "NOW", "LATER"]
    # Whose network has room comes before who has waited longer.
    assert transfers.end("192.0.2.2") == "other2"
    assert transfers.end("192.0.2.1") == "own4"


def test_whose_turn_comes_is_remembered_with_its_network() -> None:
    transfers = Transfers(2, 2)
    assert [transfers.begin(name, "192.0.2.1").name for name in ("a", "b")] == ["NOW", "LATER"]
    assert transfers.end("192.0.2.1") == "b"
    assert transfers.begin("c", "192.0.2.1").name == "LATER"
    assert transfers.take_granted("b") == "192.0.2.1"
    assert transfers.end("192.0.2.1") == "c"


def test_network_is_the_one_that_the_site_finds_behind_its_filters(tmp_path: pathlib.Path) -> None:
    settings = settings_for("sqlite://", tmp_path, remote_addr_variable="HTTP_X_FORWARDED_FOR", trusted_proxies="::1")
    site = WireApplication(open_application(settings), lambda _environ, _start: [])
    headers = [("X-FORWARDED-FOR", "192.0.2.1"), ("X-FORWARDED-FOR", "2001:db8::7")]
    request = SimpleNamespace(headers=headers, proxy_protocol_info=None)
    assert find_network(SimpleNamespace(app=site), request, ("::1", 1)) == "2001:db8::/64"
    assert find_network(site, request, ("192.0.2.9", 1)) == "192.0.2.9"
    assert find_network(load_page, request, ("192.0.2.9", 1)) == "192.0.2.9"
    assert find_network(load_page, request, "") == ""


def test_connections_that_clients_have_closed_make_no_others_go(port: int) -> None:
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(kept):
        kept.request("GET", "/")
        kept.getresponse().read()
        for _number in range(3 * MOST_CONNECTIONS):
            load_page(port)
        kept.auto_open = 0
        kept.request("GET", "/")
        assert kept.getresponse().status == 200


def test_requests_that_follow_at_once_keep_their_thread(port: int) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        counts = [threads_given(connection) for _number in range(20)]
    # a busy machine may be late
    assert counts[-1] - counts[0] < 10


def test_connections_that_are_kept_open_keep_no_thread(port: int) -> None:
    with contextlib.ExitStack() as connections:
        kept = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _number in range(10)]
        for connection in kept:
            connections.enter_context(contextlib.closing(connection))
        assert all(threads_given(connection) for _turn in range(3) for connection in kept)
        # one of the two threads clones, so that there is one for everybody else
        assert connections.enter_context(connect(port, CLONE)).recv(8) == b"HTTP/1.1"
        assert load_page(port) == b"a page"
        assert all(threads_given(connection) for connection in kept)


def threads_given(connection: http.client.HTTPConnection) -> int:
    """How often the process has given a thread to a connection."""
    connection.request("GET", "/threads-given")
    return int(connection.getresponse().read())


def test_what_comes_over_a_connection_that_was_closed_to_make_room_is_left() -> None:
    """Both can be seen at once: a new connection, and a byte of the one that goes for it."""
    config = Config()
    process = WebProcess(0, 0, [], None, 30, config, Logger(config))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        closed = TConn(config, ours, ("", 0), ("", 0))
        theirs.sendall(b"G")
        process.on_pending_socket_readable(closed, ours)
        process.on_client_socket_readable(closed, ours)
        assert not closed.data_ready


def test_time_that_a_request_has_waited_for_a_thread_is_not_given_to_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    process = WebProcess(0, 0, [], None, 30, Config(), Logger(Config()))
    over = list[bool]()

    def handle(_process: WebProcess, conn: TConn) -> bool:
        over.append(conn.headers.is_over)
        return False

    monkeypatch.setattr("gunicorn.workers.gthread.ThreadWorker.handle", handle)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        conn = TConn(process.cfg, ours, "", "")
        conn.arrived = time.monotonic() - 3600
        process.handle(conn)

    assert over == [True]


def test_the_end_of_a_connection_is_seen_without_reading_what_came() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not _has_ended(ours)
        theirs.sendall(b"G")
        assert not _has_ended(ours)
        assert ours.recv(2) == b"G"
        theirs.close()
        assert _has_ended(ours)


def test_the_end_of_a_connection_is_seen_below_tls() -> None:
    ours, theirs = socket.socketpair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with theirs, context.wrap_socket(ours, server_side=True, do_handshake_on_connect=False) as wrapped:
        assert not _has_ended(wrapped)
        theirs.close()
        assert _has_ended(wrapped)
