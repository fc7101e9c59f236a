"""Repositories elsewhere: what it takes to fetch from one, and what is told meanwhile."""

import base64
import enum
import pathlib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from urllib.parse import quote

from kallithea.core.remote_addresses import RemoteAddress
from kallithea.core.settings import Network
from kallithea.vcs.types import VcsError

#: From a host and a port to IP addresses. Raises OSError where there are none.
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]

_HIDDEN = "(hidden)"


class RemoteError(VcsError):
    """Nothing was fetched; the message says why, without secrets."""


class RemoteStep(enum.StrEnum):
    """What is done one after the other to have a repository from elsewhere."""

    CONNECT = "connect"
    RECEIVE = "receive"
    CHECK = "check"
    STORE = "store"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a site elsewhere asks for."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a step is done: ``done`` of ``total`` things (0: unknown), and how many bytes have come so far.

    ``unit`` says what is counted: ``objects``, ``deltas``, ``changesets``, ``manifests``, ``files``.
    """

    unit: str
    done: int
    total: int
    size: int = 0


class Listener(Protocol):
    """Whoever waits. Every call may raise, which ends the transfer; nothing of it stays. Called by several threads."""

    def begin(self, step: RemoteStep) -> None:
        """A step begins, and the one before has ended."""
        ...

    def count(self, amount: Amount) -> None:
        """So much of the step is done."""
        ...

    def say(self, line: str, *, warning: bool = False) -> None:
        """A line of the log."""
        ...

    def tick(self) -> None:
        """Nothing new; called at least every second."""
        ...


def resolve_host(host: str, port: int) -> Sequence[str]:
    """IP addresses of a host as the system knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@dataclass(frozen=True, slots=True)
class SshOptions:
    """How ssh signs in: the program, the site's private key, and the file of the hosts that it knows."""

    program: str = "ssh"
    key: pathlib.Path | None = None
    known_hosts: pathlib.Path | None = None


@dataclass(frozen=True, slots=True)
class RemoteRules:
    """From where, and how much may be fetched; the same for all.

    ``allowed`` are networks that are connected to although they are not of the public Internet. ``size`` bounds the
    bytes that a transfer may leave on the disk, 0 is no bound; ``seconds`` is the time that it may take. ``ca_file``
    has the certificates that https is trusted by, instead of the system's.
    """

    schemes: tuple[str, ...] = ("https", "http")
    allowed: tuple[Network, ...] = ()
    size: int = 0
    seconds: float = 14_400.0
    ca_file: pathlib.Path | None = None
    ssh: SshOptions = SshOptions()
    resolve: Resolver = resolve_host


@dataclass(frozen=True, slots=True)
class RemoteSource:
    """A repository elsewhere."""

    address: RemoteAddress
    rules: RemoteRules
    credentials: Credentials | None = None

    def redact(self, text: str) -> str:
        """The text without the password, in case the other side repeats it, as it is or as it was sent."""
        if self.credentials is None or not self.credentials.password:
            return text
        password, pair = self.credentials.password, f"{self.credentials.user}:{self.credentials.password}"
        for secret in (base64.b64encode(pair.encode()).decode(), password, quote(password, safe="")):
            text = text.replace(secret, _HIDDEN)
        return text


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull has done: ``updated`` names the refs that moved, ``left`` those that did not, each with why."""

    updated: tuple[bytes, ...]
    left: tuple[tuple[bytes, str], ...]
