"""Which requests of a web process may transfer, and how many of them for one network at a time."""

import enum
import re
import threading
from collections import Counter, deque
from typing import Any

from gunicorn.util import unquote_to_wsgi_str

from kallithea.transport.recognition import find_wire_request, may_last

_DOWNLOADS = re.compile(r"/(archive|raw|rawfile)/")


class Turn(enum.Enum):
    """What becomes of a request to transfer."""

    NOW = enum.auto()
    LATER = enum.auto()
    NEVER = enum.auto()


class Transfers:
    """Which connections may transfer: ``most`` at a time; others are parked in the order in which they came.

    One network gets two thirds of that, and as much of the room to be parked: who comes from elsewhere is served at
    once while all of its connections wait or stall. An empty name is no network: it stands for clients of whom nothing
    is known.
    """

    def __init__(self, most: int, most_parked: int) -> None:
        self._most, self._most_parked = most, most_parked
        self._guard = threading.Lock()
        self._running: Counter[str] = Counter()
        self._parked: deque[tuple[Any, str]] = deque()
        self._granted: dict[Any, str] = {}

    def begin(self, conn: Any, network: str) -> Turn:
        """NOW must be followed by ``end``."""
        with self._guard:
            if self._granted.pop(conn, None) is not None:
                return Turn.NOW
            if self._running.total() < self._most and self._has_room(network):
                self._running[network] += 1
                return Turn.NOW
            parked = sum(network == other for _conn, other in self._parked) if network else 0
            if len(self._parked) >= self._most_parked or parked >= _share(self._most_parked):
                return Turn.NEVER
            self._parked.append((conn, network))
            return Turn.LATER

    def end(self, network: str) -> Any | None:
        """A transfer has ended. The connection whose turn it is then, which has to call ``begin`` again."""
        with self._guard:
            self._running[network] -= 1
            self._running += Counter()
            found = next((entry for entry in self._parked if self._has_room(entry[1])), None)
            if found is None:
                return None
            self._parked.remove(found)
            conn, following = found
            self._running[following] += 1
            self._granted[conn] = following
            return conn

    def take_granted(self, conn: Any) -> str | None:
        """The network of a connection whose turn it is and that has not begun; then it is not its turn any more."""
        with self._guard:
            return self._granted.pop(conn, None)

    def _has_room(self, network: str) -> bool:
        return not network or self._running[network] < _share(self._most)


def _share(most: int) -> int:
    return most - most // 3 if most > 2 else max(1, most - 1)


def count_for_transfers(threads: int) -> int:
    """How many of so many threads may transfer: all but a quarter, which is at least one where there are two."""
    return max(1, threads - max(1, threads // 4))


def is_transfer(req: Any) -> bool:
    """Whether a request may last long because of its client."""
    headers = dict(req.headers)
    environ = {
        "REQUEST_METHOD": req.method,
        "PATH_INFO": unquote_to_wsgi_str(req.path),
        "QUERY_STRING": req.query or "",
        "HTTP_ACCEPT": headers.get("ACCEPT", ""),
        "HTTP_USER_AGENT": headers.get("USER-AGENT", ""),
        "CONTENT_TYPE": headers.get("CONTENT-TYPE", ""),
        "HTTP_GIT_PROTOCOL": headers.get("GIT-PROTOCOL", ""),
    }
    try:
        request = find_wire_request(environ)
    except ValueError:
        return False
    if request is not None:
        return may_last(request, environ)
    has_files = environ["CONTENT_TYPE"].lower().startswith("multipart/")
    return has_files or _DOWNLOADS.search(environ["PATH_INFO"]) is not None


def find_network(site: Any, req: Any, client: Any) -> str:
    """Where a request comes from, as the site counts; empty where nobody can tell.

    The site tells it of a request's environment, and the filters in front of a site keep it as ``app`` or
    ``application``.
    """
    while site is not None and not hasattr(site, "find_network"):
        site = getattr(site, "app", None) or getattr(site, "application", None)
    told = req.proxy_protocol_info or {}
    address = str(told.get("client_addr") or (client[0] if isinstance(client, tuple) else ""))
    if site is None:
        return address
    environ = {"REMOTE_ADDR": address}
    for name, value in req.headers:
        key = "HTTP_" + name.replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return str(site.find_network(environ))
