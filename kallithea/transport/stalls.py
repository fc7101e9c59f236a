"""Clients that stop in the middle, or trickle: how long to wait for them, where the web server lets us say so.

gunicorn gives each request its connection. It sets it back before the next request.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kallithea.core.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


def limit_stalls(environ: Mapping[str, Any], start_response: "StartResponse", settings: Settings) -> "StartResponse":
    """Bound the seconds of each wait for the rest of the request, and from ``start_response`` on for room to answer.

    What takes longer is a TimeoutError of the server's, which closes the connection.
    """
    connection = environ.get("gunicorn.socket")
    if connection is None:
        return start_response
    connection.settimeout(settings.receive_timeout or None)

    def start(*response: Any) -> Any:
        _limit_sending(connection, settings.send_timeout)
        return start_response(*response)

    return start


def _limit_sending(connection: socket.socket, seconds: int) -> None:
    """By the kernel where it can: one call sends a whole file then. Python would look for room before each piece."""
    if seconds and connection.family in (socket.AF_INET, socket.AF_INET6) and hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
        seconds = 0
    connection.settimeout(seconds or None)


class ArrivalTimer:
    """When all of a request must have come: one read can take any number of waits that are short enough.

    Who still reads then finds that nothing more comes, where the web server lets us say so.
    """

    def __init__(self, environ: Mapping[str, Any], seconds: float) -> None:
        self._connection: socket.socket | None = environ.get("gunicorn.socket")
        self._at = time.monotonic() + seconds
        self._timer = threading.Timer(max(seconds, 0), self._cut)
        self._timer.daemon = True
        if self._connection is not None:
            self._timer.start()

    @property
    def is_over(self) -> bool:
        """Whether it is too late."""
        return time.monotonic() >= self._at

    def close(self) -> None:
        """The request has come, or is of no interest any more."""
        self._timer.cancel()

    def _cut(self) -> None:
        if self._connection is not None:
            # It may be closed already.
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RD)
