"""One visitor: asks a server of this machine, over one connection that stays open, as browsers do."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass

_TIME_LIMIT_SECONDS = 300


@dataclass(frozen=True)
class Answer:
    """What came back. Times are seconds from the request to the first byte and to the last."""

    status: int
    etag: str
    body: bytes
    first_byte: float
    wall: float


class Client:
    """Asks 127.0.0.1. Raises OSError or HTTPException if the server does not answer."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIME_LIMIT_SECONDS)

    def get(self, address: str, headers: Mapping[str, str] = {}) -> Answer:
        """Ask for an address, which begins with a slash and is quoted."""
        started = time.perf_counter()
        try:
            self._connection.request("GET", address, headers=dict(headers))
            response = self._connection.getresponse()
            first_byte = time.perf_counter() - started
            body = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return Answer(
            response.status, response.headers.get("ETag", ""), body, first_byte, time.perf_counter() - started
        )

    def close(self) -> None:
        """Close the connection; the next question opens it again."""
        self._connection.close()
