"""Clients that stop in the middle, or trickle: how long to wait for them, where the web server lets us say so.

gunicorn gives each request its connection. It sets it back before the next request.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kallithea.core.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

# How late a request that trickles may be cut.
_LOOK_SECONDS = 1.0


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

    def __init__(self, connection: Callable[[], socket.socket | None], at: float) -> None:
        """``at`` is a moment of the monotonic clock. ``connection`` is asked then: TLS makes another one meanwhile.

        None is one that the web server does not let us have.
        """
        self._connection: Callable[[], socket.socket | None] | None = connection
        self._at = at
        _WATCH.add(self)

    @property
    def is_over(self) -> bool:
        """Whether it is too late."""
        return time.monotonic() >= self._at

    def close(self) -> None:
        """The request has come, or is of no interest any more."""
        _WATCH.discard(self)
        # what has the timer may be what it has
        self._connection = None

    def cut(self) -> None:
        """Let nothing more arrive."""
        connection = self._connection() if self._connection is not None else None
        if connection is not None:
            # It may be closed already.
            with contextlib.suppress(OSError):
                # of the socket below, where it is one of TLS: what is still to be said must go out encrypted
                socket.socket.shutdown(connection, socket.SHUT_RD)


class _Watch:
    """Cuts what is late: one thread for all requests of the process, since to start one costs more than a poll."""

    def __init__(self) -> None:
        self._timers: set[ArrivalTimer] = set()
        self._thread: threading.Thread | None = None
        #: Guards the above, so that nothing is cut that was discarded; notified when there is a timer.
        self._changed = threading.Condition()

    def add(self, timer: ArrivalTimer) -> None:
        """Cut it when it is over."""
        with self._changed:
            # a process that was forked has the object, and not its thread
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)
                self._thread.start()
            self._timers.add(timer)
            self._changed.notify()

    def discard(self, timer: ArrivalTimer) -> None:
        """Do not cut it any more."""
        with self._changed:
            self._timers.discard(timer)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._timers)
            # whoever comes meanwhile wakes nobody
            time.sleep(_LOOK_SECONDS)
            with self._changed:
                for timer in [timer for timer in self._timers if timer.is_over]:
                    timer.cut()
                    self._timers.discard(timer)


_WATCH = _Watch()
