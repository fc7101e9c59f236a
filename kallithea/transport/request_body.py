"""The body of a request, whichever way the web server hands it over."""

import time
import zlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from gunicorn.http.errors import ParseException

from kallithea.transport.answers import RefusedError
from kallithea.transport.stalls import ArrivalTimer

CHUNK = 65536
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_GZIP_NAMES = ("gzip", "x-gzip")


class RequestLostError(Exception):
    """The client or the web server gave up in the middle of the body."""


class SwallowedError(RefusedError):
    """Nothing came of a body that was to come in chunks."""

    def __init__(self) -> None:
        super().__init__(
            411,
            "The web server in front drops requests that are sent in chunks."
            " Until its administrator changes that: git config http.postBuffer 1000000000",
        )


class RequestBody:
    """Reads the body once, from its beginning, decompressed.

    A body sent in chunks ends where the web server says so; else exactly ``CONTENT_LENGTH`` bytes are taken, because
    reading on may wait for ever. All of it has to come within some seconds, however it trickles, from the beginning of
    the request; 0 is no bound. Raises RefusedError for a body that cannot be right.
    """

    def __init__(self, environ: Mapping[str, Any], seconds: int = 0) -> None:
        self._input = environ["wsgi.input"]
        self._most = 0
        self._left = _length(environ)
        self._chunked = _is_chunked(environ, self._left)
        self._begun = False
        self._output = 0
        self._gzip = _decompressor(environ.get("HTTP_CONTENT_ENCODING", ""))
        self._compressed = b""
        self._environ, self._since = environ, time.monotonic()
        self._seconds = seconds
        self._timer: ArrivalTimer | None = None

    def limit_time(self, seconds: int) -> None:
        """Give it another time, from the beginning of the request as well."""
        self.close()
        self._seconds = seconds

    def close(self) -> None:
        """Nothing more is to be read."""
        if self._timer is not None:
            self._timer.close()
            self._timer = None

    def limit(self, most: int) -> None:
        """Bound the bytes that come out, counted from the beginning; 0 is no bound."""
        self._most = most

    def read(self, size: int = CHUNK) -> bytes:
        """The next bytes, at most ``size``; empty only at the end. Raises RequestLostError, RefusedError."""
        data = self._receive(size) if self._gzip is None else self._decompress(size)
        self._output += len(data)
        if self._most and self._output > self._most:
            raise RefusedError(413, f"The request is larger than {self._most} bytes.")
        return data

    def read_exactly(self, size: int) -> bytes:
        """Exactly ``size`` bytes. Raises RequestLostError when the body ends before."""
        parts = []
        while size:
            part = self.read(size)
            if not part:
                raise RequestLostError("the request ended early")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def drain(self, most: int | None = None) -> None:
        """Read what is left and forget it: a client shows an answer only after it could send everything.

        With ``most``, give up after about so many bytes. Raises RequestLostError.
        """
        self._begun = True
        drained = 0
        while most is None or drained < most:
            data = self._receive(CHUNK)
            if not data:
                return
            drained += len(data)

    def _receive(self, size: int) -> bytes:
        if not self._chunked:
            size = min(size, self._left or 0)
        if not size:
            return b""
        self._require_time()
        try:
            data: bytes = self._input.read(size)
        except OSError as problem:
            raise RequestLostError("the request's body stopped") from problem
        except ParseException as problem:
            raise RequestLostError("the request's chunks are broken") from problem
        finally:
            self._require_time()
        self._check(data)
        if self._left is not None:
            self._left -= len(data)
        self._begun = True
        if not data or self._left == 0:
            self.close()
        return data

    def _require_time(self) -> None:
        if self._timer is None and self._seconds:
            self._timer = ArrivalTimer(partial(self._environ.get, "gunicorn.socket"), self._since + self._seconds)
        if self._timer is not None and self._timer.is_over:
            raise RefusedError(408, f"The request did not arrive within {self._seconds} seconds.")

    def _check(self, data: bytes) -> None:
        if data:
            return
        if not self._chunked:
            raise RequestLostError("the request ended early")
        if not self._begun:
            raise SwallowedError

    def _decompress(self, size: int) -> bytes:
        data = b""
        while not data and self._gzip is not None and not self._gzip.eof:
            if not self._compressed:
                self._compressed = self._receive(CHUNK)
                if not self._compressed:
                    raise RefusedError(400, "The compressed request ends early.")
            try:
                data = self._gzip.decompress(self._compressed, size)
            except zlib.error as problem:
                raise RefusedError(400, "The request is not compressed as it claims.") from problem
            self._compressed = self._gzip.unconsumed_tail
        return data


def _length(environ: Mapping[str, Any]) -> int | None:
    text = environ.get("CONTENT_LENGTH") or ""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise RefusedError(400, "Content-Length must be a number.")
    return int(text)


def _is_chunked(environ: Mapping[str, Any], length: int | None) -> bool:
    coding = environ.get("HTTP_TRANSFER_ENCODING", "").strip().lower()
    if coding and coding != "chunked":
        raise RefusedError(501, "Only the transfer encoding 'chunked' is understood.")
    if coding and length is not None:
        # Two programs that disagree about where a request ends can be made to see different requests.
        raise RefusedError(400, "A request has either a length or chunks.")
    return length is None and bool(coding or environ.get("wsgi.input_terminated"))


def _decompressor(encoding: str) -> Any:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in _GZIP_NAMES:
        raise RefusedError(415, "Only the content encoding 'gzip' is understood.")
    return zlib.decompressobj(_GZIP_WINDOW)
