"""HAProxy in front of two instances, by the file of the administrator's guide."""

import contextlib
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.kallithea_site import environment
from scripts.benchmarks.serving import ServerError, free_port, running

PROGRAM = Path("/usr/sbin/haproxy")
#: The names of the servers in the file, and their addresses there.
SERVERS = {"one": "10.0.0.1:5000", "two": "10.0.0.2:5000"}

_CONFIGURATION = Path(__file__).resolve().parents[3] / "docs/administrator_guide/haproxy.cfg"
_BACKENDS = ("pages", "transfers", "machines")
_SECONDS = 60
# Fields of "show stat", by HAProxy's management guide, section 9.1.
_CURRENT_SESSIONS, _SESSIONS, _STATUS = 4, 7, 17


@dataclass(frozen=True)
class Front:
    """Where it listens, and the socket of its administrator."""

    port: int
    socket_path: Path

    def take_out(self, server: str) -> None:
        """Send nothing more to an instance, and wait until it has answered what it was asked."""
        self._set(server, "drain")
        self._wait(server, lambda row: row[_CURRENT_SESSIONS] == "0")

    def take_in(self, server: str) -> None:
        """Send requests to it again, once it answers that it is ready."""
        self._set(server, "ready")
        self.wait_until_up(server)

    def wait_until_up(self, server: str) -> None:
        """Wait until HAProxy has seen that the instance is ready."""
        self._wait(server, lambda row: row[_STATUS] == "UP")

    def wait_until_down(self, server: str) -> None:
        """Wait until HAProxy has seen that the instance is not ready."""
        self._wait(server, lambda row: row[_STATUS] == "DOWN")

    def count_requests(self) -> Counter[tuple[str, str]]:
        """Requests so far, by the rule that sent them (``pages``, ``transfers``, ``machines``) and the instance."""
        rows = (line.split(",") for line in self._say("show stat").splitlines())
        return Counter({(row[0], row[1]): int(row[_SESSIONS]) for row in rows if row[1:] and row[1] in SERVERS})

    def _set(self, server: str, state: str) -> None:
        for backend in _BACKENDS:
            self._say(f"set server {backend}/{server} state {state}")

    def _wait(self, server: str, wanted: Callable[[Sequence[str]], bool]) -> None:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            rows = [line.split(",") for line in self._say("show stat").splitlines()]
            if all(wanted(row) for row in rows if len(row) > _STATUS and row[1] == server):
                return
            time.sleep(0.1)
        raise ServerError(f"HAProxy does not reach the state that is waited for of {server}.")

    def _say(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.socket_path))
            connection.sendall(f"{words}\n".encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


@contextlib.contextmanager
def in_front_of(ports: Sequence[int], folder: Path) -> Iterator[Front]:
    """Serve these instances behind one port until the block ends; ``folder`` is empty, with a short path."""
    front = Front(free_port(), folder / "haproxy.sock")
    text = _CONFIGURATION.read_text(encoding="utf-8")
    changes = dict(zip(SERVERS.values(), (f"127.0.0.1:{port}" for port in ports), strict=True))
    for documented, ours in {
        **changes,
        "bind :80\n": f"bind 127.0.0.1:{front.port}\n",
        "/srv/kallithea/haproxy.sock": str(front.socket_path),
    }.items():
        if documented not in text:
            raise ServerError(f"{_CONFIGURATION} does not say {documented!r}")
        text = text.replace(documented, ours)
    configuration = folder / "haproxy.cfg"
    configuration.write_text(text)
    with running([PROGRAM, "-db", "-f", configuration], folder, environment()):
        _wait_until_listening(front, folder)
        for server in SERVERS:
            front.wait_until_up(server)
        yield front


def _wait_until_listening(front: Front, folder: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", front.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            # which gets its name when all else is done
            if front.socket_path.exists():
                return
    raise ServerError(f"HAProxy does not listen.\n{(folder / 'server.log').read_text(errors='replace')}")
