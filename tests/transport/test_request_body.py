"""Bodies as different web servers hand them over."""

import gzip
import io
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kallithea.transport.answers import RefusedError
from kallithea.transport.request_body import RequestBody, RequestLostError


class Endless(io.BytesIO):
    """An input on which reading on would wait for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        assert data, "read beyond the end"
        return data


class Broken(io.RawIOBase):
    def read(self, size: int = -1, /) -> bytes:
        raise OSError("Apache/mod_wsgi request data read error")


def body(data: bytes, **environ: Any) -> RequestBody:
    return RequestBody({"wsgi.input": io.BytesIO(data)} | environ)


def read_all(body: RequestBody) -> bytes:
    return b"".join(iter(body.read, b""))


CHUNKED: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked"}


@pytest.mark.parametrize("environ", [CHUNKED, {"wsgi.input_terminated": True}, {"CONTENT_LENGTH": "5"}])
def test_body_is_read_to_its_end(environ: dict[str, Any]) -> None:
    assert read_all(body(b"hello", **environ)) == b"hello"


def test_no_more_is_read_than_was_announced() -> None:
    request = RequestBody({"wsgi.input": Endless(b"hello and the next request"), "CONTENT_LENGTH": "5"})
    assert read_all(request) == b"hello"


def test_without_any_length_there_is_no_body() -> None:
    assert read_all(RequestBody({"wsgi.input": Endless(b"the next request")})) == b""


def test_body_that_ends_early_is_lost() -> None:
    with pytest.raises(RequestLostError):
        read_all(body(b"hel", CONTENT_LENGTH="5"))
    with pytest.raises(RequestLostError):
        body(b"hel", **CHUNKED).read_exactly(5)
    with pytest.raises(RequestLostError):
        read_all(RequestBody({"wsgi.input": Broken(), "CONTENT_LENGTH": "5"}))


def test_swallowed_chunks_are_explained() -> None:
    with pytest.raises(RefusedError, match=r"drops requests that are sent in chunks") as caught:
        body(b"", **CHUNKED).read()
    assert caught.value.status == 411


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": "+5"}, 400),
        ({"CONTENT_LENGTH": "-5"}, 400),
        ({"CONTENT_LENGTH": "5, 5"}, 400),
        ({"CONTENT_LENGTH": "\u0665"}, 400),
        ({"CONTENT_LENGTH": "9" * 30}, 400),
        ({"CONTENT_LENGTH": "5"} | CHUNKED, 400),
        ({"HTTP_TRANSFER_ENCODING": "gzip, chunked"}, 501),
        ({"HTTP_CONTENT_ENCODING": "br"}, 415),
    ],
)
def test_body_that_cannot_be_right_is_refused(environ: dict[str, Any], status: int) -> None:
    with pytest.raises(RefusedError) as caught:
        body(b"hello", **environ)
    assert caught.value.status == status


@pytest.mark.parametrize("name", ["gzip", "x-gzip", " GZIP "])
def test_compressed_body_is_read_decompressed(name: str) -> None:
    data = gzip.compress(b"hello" * 100_000)
    assert read_all(body(data, CONTENT_LENGTH=str(len(data)), HTTP_CONTENT_ENCODING=name)) == b"hello" * 100_000


def test_decompression_stops_at_the_limit() -> None:
    data = gzip.compress(bytes(10_000_000))
    request = body(data, HTTP_CONTENT_ENCODING="gzip", **CHUNKED)
    request.limit(1_000_000)
    with pytest.raises(RefusedError) as caught:
        read_all(request)
    assert caught.value.status == 413


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"hello")[:-9]], ids=["no gzip", "cut off"])
def test_broken_compression_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        read_all(body(data, HTTP_CONTENT_ENCODING="gzip", **CHUNKED))
    assert caught.value.status == 400


def test_draining_takes_the_rest_or_a_part_of_it() -> None:
    request = body(bytes(1_000_000), **CHUNKED)
    request.drain(100_000)
    assert len(read_all(request)) > 800_000
    whole = body(bytes(1_000_000), **CHUNKED)
    whole.drain()
    assert whole.read() == b""


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A server's end, and its client's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def arriving(ours: socket.socket, seconds: int) -> RequestBody:
    """A body of two bytes that must have come by then."""
    environ = {"wsgi.input": ours.makefile("rb"), "CONTENT_LENGTH": "2", "gunicorn.socket": ours}
    return RequestBody(environ, seconds)


def test_body_that_does_not_arrive_in_time_is_refused(connection: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = connection
    theirs.sendall(b"a")
    with pytest.raises(RefusedError) as refused:
        arriving(ours, seconds=1).read()
    assert refused.value.status == 408


def test_connection_of_what_has_arrived_is_not_cut(connection: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = connection
    theirs.sendall(b"ab")
    assert read_all(arriving(ours, seconds=1)) == b"ab"
    time.sleep(2.5)
    theirs.sendall(b"cd")
    assert read_all(arriving(ours, seconds=1)) == b"cd"


def test_one_thread_looks_after_all_bodies(connection: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = connection
    before = threading.active_count()
    for _ in range(3):
        theirs.sendall(b"ab")
        body = arriving(ours, seconds=60)
        assert body.read(1) == b"a"
    assert threading.active_count() <= before + 1
