"""The processes of the web server: gunicorn's threads, some of which are always left to pages.

Clones, pushes and downloads last as long as their clients like. They run in all threads but a quarter, those of one
network in two thirds of these; further ones are parked, as open connections without a thread. A connection gets a
thread when its request has begun to arrive, and loses it when the rest of the headers does not follow. It keeps it for
a moment after its answer, since most clients then ask for more or go: finding it a thread again takes about a seventh
of the time of an unchanged page.
"""

import contextlib
import itertools
import resource
import select
import socket
import time
from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from operator import itemgetter
from selectors import EVENT_READ
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.util import close_graceful, write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from kallithea.cli.transfers import Transfers, Turn, count_for_transfers, find_network, is_transfer
from kallithea.transport.answers import RefusedError
from kallithea.transport.stalls import ArrivalTimer

# Seconds for the first byte of a connection, for the headers of a request, for a form, and for a client to take the
# last bytes.
_FIRST_SECONDS, _HEADER_SECONDS, _FORM_SECONDS, _END_SECONDS = 30.0, 20.0, 60.0, 0.5
# For a form that was late before it had a thread.
_LEAST_SECONDS = 2.0
_BODY_HEADERS = ("CONTENT-LENGTH", "TRANSFER-ENCODING")
# How long a thread waits for the next request of a connection.
_NEXT_MILLISECONDS = 20
# As a number: two names of flags are put together slowly.
_PEEK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)
# What becomes of a connection, besides what gunicorn knows.
_PARKED, _CLOSED = object(), object()


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's log, for its setting ``logger_class``: no line is made that nobody writes down."""

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Note an answer."""
        if self.access_log.hasHandlers():
            super().access(resp, req, environ, request_time)


class WebProcess(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A process of gunicorn, for its setting ``worker_class``."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._transfers = Transfers(count_for_transfers(self.cfg.threads), self.worker_connections // 2)
        # One for each thread that has a connection.
        self._busy: set[object] = set()

    def init_process(self) -> None:
        """Begin to serve: with as many open files as the system allows, since each connection is one, and more."""
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a connection."""
        super().accept(listener)
        self._make_room()

    def _make_room(self) -> None:
        """When there are so many connections that no other is taken, close the one that has been idle longest."""
        if self.nr_conns < self.worker_connections:
            return
        # The last that has sent nothing yet may be the one that was just taken.
        new = itertools.islice(self.pending_conns, max(0, len(self.pending_conns) - 1))
        idle = [
            (conn.timeout - seconds, conns, conn)
            for conns, seconds, conn in (
                (self.pending_conns, _FIRST_SECONDS, _find_silent(new)),
                (self.keepalived_conns, self.cfg.keepalive, _find_silent(self.keepalived_conns)),
            )
            if conn is not None
        ]
        if idle:
            _since, conns, conn = min(idle, key=itemgetter(0))
            conns.remove(conn)
            # as gunicorn does with those that idle for too long
            with contextlib.suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()

    def enqueue_req(self, conn: Any) -> None:
        """Give the connection a thread, or, when it is new, first wait for its first byte."""
        conn.data_ready = conn.data_ready or _has_come(conn.sock, 0)
        if conn.initialized or conn.data_ready:
            conn.arrived = time.monotonic()
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + _FIRST_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """The first byte came over a connection, unless it has been closed at this moment to make room."""
        if conn in self.pending_conns:
            super().on_pending_socket_readable(conn, client)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Something came over a connection that was kept open: mostly its end, for which no thread is woken."""
        if conn not in self.keepalived_conns:
            return
        if not _has_ended(client):
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def handle(self, conn: Any) -> Any:
        """Answer a request, in a thread, and those that follow at once."""
        busy = object()
        self._busy.add(busy)
        try:
            result = self._handle_one(conn)
            while result is True and self._is_followed(conn):
                if _has_ended(conn.sock):
                    conn.close()
                    return _CLOSED
                conn.arrived = time.monotonic()
                result = self._handle_one(conn)
            return result
        finally:
            self._busy.discard(busy)

    def _is_followed(self, conn: Any) -> bool:
        """Whether something comes over the connection in a moment; only while half of the threads are free."""
        has_time = self.alive and len(self._busy) <= self.cfg.threads // 2
        # what was read already is gunicorn's affair
        return has_time and not conn.parser.unreader.buf.getvalue() and _has_come(conn.sock, _NEXT_MILLISECONDS)

    def _handle_one(self, conn: Any) -> Any:
        """Answer one request. The connection is closed here, since that can take a moment, too.

        Time counts from when it began to arrive: of many that wait for a thread and then do not go on, each would hold
        it for as long again.
        """
        conn.headers = ArrivalTimer(lambda: conn.sock, conn.arrived + _HEADER_SECONDS)
        with contextlib.closing(conn.headers):
            result = super().handle(conn)
        network = self._transfers.take_granted(conn) if result is not _PARKED else None
        if network is not None:
            # Its turn came, and it was gone.
            self._resume(network)
        if result is not False:
            return result
        close_graceful(conn.sock, _END_SECONDS)
        return _CLOSED

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose headers have come, or park it."""
        conn.headers.close()
        if not is_transfer(req):
            return self._answer_page(req, conn)
        parser = conn.parser.parser if isinstance(conn.parser, _Unread) else conn.parser
        # Before it is parked: another thread may take it up at once.
        conn.parser = _Unread(parser, req)
        network = find_network(self.wsgi, req, conn.client)
        turn = self._transfers.begin(conn, network)
        if turn is Turn.LATER:
            return _PARKED
        conn.parser = parser
        if turn is Turn.NEVER:
            _refuse(conn.sock, RefusedError(503, "Too many clones and pushes wait already."))
            return False
        try:
            return self._answer(req, conn)
        finally:
            self._resume(network)

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        """Called in the main thread when a thread is done with a connection."""
        result = None if fs.cancelled() or fs.exception() is not None else fs.result()
        if result is _CLOSED:
            self.nr_conns -= 1
        elif result is not _PARKED:
            super().finish_request(conn, fs)
            # It idles now, and none may have when the last was taken.
            self._make_room()

    def _resume(self, network: str) -> None:
        """A transfer has ended: give its thread to the next one."""
        following = self._transfers.end(network)
        if following is not None:
            following.arrived = time.monotonic()
            # A server that ends takes nothing more.
            with contextlib.suppress(RuntimeError):
                super().enqueue_req(following)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> Any:
        return _PARKED if keepalive is _PARKED else super()._keepalive_after(conn, keepalive)

    def _answer_page(self, req: Any, conn: Any) -> Any:
        """What has a body, as a form, has a bounded time to arrive in, however it trickles: its thread is for pages."""
        if not any(name in _BODY_HEADERS and value != "0" for name, value in req.headers):
            return self._answer(req, conn)
        until = max(conn.arrived + _FORM_SECONDS, time.monotonic() + _LEAST_SECONDS)
        with contextlib.closing(ArrivalTimer(lambda: conn.sock, until)):
            return self._answer(req, conn)

    def _answer(self, req: Any, conn: Any) -> Any:
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            self.log.info("%s has stopped reading or sending, and is dropped", conn.client)
            return False


def _has_come(client: socket.socket, milliseconds: int) -> bool:
    """Whether something comes over a connection within this time, be it its end."""
    poll = select.poll()
    poll.register(client, select.POLLIN)
    return bool(poll.poll(milliseconds))


def _find_silent(conns: Iterable[Any]) -> Any | None:
    """The first of these connections over which nothing has come."""
    return next((conn for conn in conns if not _has_come(conn.sock, 0)), None)


def _has_ended(client: socket.socket) -> bool:
    """Whether the client has closed its side of a connection, and all that it has sent was read."""
    try:
        # of the socket below, where it is one of TLS
        return socket.socket.recv(client, 1, _PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _refuse(sock: socket.socket, refused: RefusedError) -> None:
    """Answer a request that nobody is asked about."""
    answer = refused.answer()
    headers = (*answer.all_headers, ("Connection", "close"))
    head = "".join(
        f"{line}\r\n" for line in (f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in headers))
    )
    write_nonblock(sock, head.encode() + b"\r\n" + b"".join(answer.body))


class _Unread:
    """gunicorn's parser of a connection, of which one request was read that is read again."""

    def __init__(self, parser: Any, req: Any) -> None:
        self.parser = parser
        self._req = req

    def __next__(self) -> Any:
        return self._req

    def __getattr__(self, name: str) -> Any:
        return getattr(self.parser, name)
