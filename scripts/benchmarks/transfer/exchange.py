"""Requests as clients of git and hg send them; what is sent back is counted and thrown away."""

import base64
import contextlib
import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from kallithea.vcs.git.pkt_line import FLUSH, packet
from scripts.benchmarks.measuring import LackError, Visit

_TIME_LIMIT_SECONDS = 600
_CHUNK = 1 << 20
_DELIMITER = b"0001"
_AGENT = packet(b"agent=git/2.39.5-Linux\n")
_FORMAT = packet(b"object-format=sha1")


@dataclass(frozen=True)
class Exchange:
    """One request below the address of a repository. The answer has ``least`` bytes and the end ``end``."""

    address: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    least: int = 1
    end: bytes = b""


@dataclass(frozen=True)
class Server:
    """Where a repository is served, and how to sign in there."""

    port: int
    repository: str
    authorization: str = ""

    def ask(self, exchanges: Sequence[Exchange]) -> Visit:
        """Make requests one after the other over one connection, as clients do. Raises LackError, OSError."""
        connection = self._connect()
        started, first = time.perf_counter(), 0.0
        try:
            for exchange in exchanges:
                self._ask(connection, exchange)
                first = first or time.perf_counter() - started
        finally:
            connection.close()
        return Visit(first, time.perf_counter() - started, len(exchanges))

    def ask_at_once(self, exchanges: Sequence[Exchange], clients: int) -> Visit:
        """The same by several clients that begin together."""
        barrier, started = threading.Barrier(clients), time.perf_counter()

        def ask(_number: int) -> Visit:
            barrier.wait(_TIME_LIMIT_SECONDS)
            return self.ask(exchanges)

        with ThreadPoolExecutor(clients) as threads:
            visits = list(threads.map(ask, range(clients)))
        wall = time.perf_counter() - started
        return Visit(min(visit.first for visit in visits), wall, clients)

    def save(self, exchange: Exchange, path: Path) -> None:
        """Make a request, and keep the body of the answer in a file. Raises LackError, OSError."""
        with contextlib.closing(self._connect()) as connection, path.open("wb") as file:
            self._ask(connection, exchange, file.write)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIME_LIMIT_SECONDS)

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        exchange: Exchange,
        take: Callable[[bytes], object] = lambda _data: None,
    ) -> None:
        headers = {**exchange.headers, **({"Authorization": self.authorization} if self.authorization else {})}
        method = "GET" if exchange.body is None else "POST"
        connection.request(method, f"/{self.repository}{exchange.address}", exchange.body, headers)
        response = connection.getresponse()
        size, end = 0, b""
        while data := response.read(_CHUNK):
            size += len(data)
            take(data)
            end = (end + data)[-len(exchange.end) :] if exchange.end else b""
        if response.status != 200 or size < exchange.least or end != exchange.end:
            raise LackError(f"{exchange.address}: status {response.status}, {size} bytes, end {end!r}")


def basic(user: str, password: str) -> str:
    """The value of an Authorization header."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def fetch(wants: Sequence[str], *arguments: str, haves: Sequence[str] = (), least: int = 1) -> Exchange:
    """A fetch of version 2 of git's protocol, with whatever both sides have told already."""
    usual = ("thin-pack", "include-tag", "ofs-delta")
    lines = [*usual, *arguments, *(f"want {want}" for want in wants), *(f"have {have}" for have in haves), "done"]
    body = b"".join(packet(f"{line}\n".encode()) for line in lines)
    return _post(packet(b"command=fetch") + _AGENT + _FORMAT + _DELIMITER + body + FLUSH, least)


#: What a client of git asks that has everything already.
POLL = (
    Exchange("/info/refs?service=git-upload-pack", headers={"Git-Protocol": "version=2"}, end=FLUSH),
    Exchange(
        "/git-upload-pack",
        packet(b"command=ls-refs\n")
        + _AGENT
        + _FORMAT
        + _DELIMITER
        + b"".join(
            packet(line + b"\n")
            for line in (b"peel", b"symrefs", b"ref-prefix refs/heads/", b"ref-prefix refs/tags/", b"ref-prefix HEAD")
        )
        + FLUSH,
        {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"},
        end=FLUSH,
    ),
)


def _post(body: bytes, least: int) -> Exchange:
    headers = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
    return Exchange("/git-upload-pack", body, headers, least, FLUSH)


_HG_HEADERS = {"X-HgProto-1": "0.1 0.2 comp=zstd,zlib,none,bzip2 partial-pull", "Accept": "application/mercurial-0.1"}


def hg_command(name: str, arguments: str = "", *, least: int = 1) -> Exchange:
    """A command of Mercurial's protocol that reads; ``arguments`` are encoded as in an address."""
    headers = {**_HG_HEADERS, **({"X-HgArg-1": arguments} if arguments else {})}
    return Exchange(f"?cmd={name}", headers=headers, least=least)


def hg_poll(heads: Sequence[str]) -> Sequence[Exchange]:
    """What ``hg incoming`` asks that finds nothing new."""
    known = "+".join(heads)
    return (
        hg_command("capabilities"),
        hg_command("batch", f"cmds=heads+%3Bknown+nodes%3D{known.replace('+', '%2520')}"),
        hg_command("listkeys", "namespace=phases"),
        hg_command("listkeys", "namespace=bookmarks", least=0),
    )


def hg_clone(heads: Sequence[str], *, least: int) -> Exchange:
    """A full clone as a bundle."""
    capabilities = (
        "HG20%2Cbundle2%3DHG20%250Abookmarks%250Achangegroup%253D01%252C02%250Adigests%253Dmd5%252Csha1%252Csha512%250A"
        "error%253Dabort%252Cunsupportedcontent%252Cpushraced%252Cpushkey%250Ahgtagsfnodes%250Alistkeys%250A"
        "phases%253Dheads%250Apushkey%250Aremote-changegroup%253Dhttp%252Chttps"
    )
    common, wanted = "0" * 40, "+".join(heads)
    arguments = f"bookmarks=1&bundlecaps={capabilities}&cg=1&common={common}&heads={wanted}&listkeys=bookmarks&phases=1"
    return hg_command("getbundle", arguments, least=least)
