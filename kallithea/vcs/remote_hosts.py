"""From the host of an address to the IP addresses that are connected to, and to no others."""

import contextlib
import ipaddress
import socket
import threading
import time
import weakref
from dataclasses import dataclass

from kallithea.core.networks import is_denied
from kallithea.core.remote_addresses import RemoteAddress
from kallithea.core.words import _
from kallithea.vcs.remote import RemoteError, RemoteRules

#: Seconds that connecting may take, whatever the number of IP addresses that are tried.
CONNECT_SECONDS = 20.0
#: More of a host are judged, but none of them is tried.
MOST_IPS = 8


class Sockets:
    """The connections of a transfer, on which another thread can end all waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = weakref.WeakSet[socket.socket]()
        self._ended = False

    def add(self, connection: socket.socket) -> None:
        """One more. Raises ConnectionAbortedError after the end."""
        with self._lock:
            if not self._ended:
                self._open.add(connection)
                return
        connection.close()
        raise ConnectionAbortedError("the transfer has ended")

    def end(self) -> None:
        """Shut all down: who waits learns that nothing comes any more. Closing would wait for them."""
        with self._lock:
            self._ended = True
            for connection in self._open:
                with contextlib.suppress(OSError):
                    # the plain method: that of TLS connections also changes what the waiting thread works with
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class PinnedHost:
    """The IP addresses that the host of an address had when it was looked up; none of them is denied."""

    address: RemoteAddress
    ips: tuple[str, ...]

    def connect(self, timeout: float) -> socket.socket:
        """A connection to the first of them that answers; ``timeout`` in seconds is that of what follows.

        Raises OSError.
        """
        problem: OSError = ConnectionError("the host has no address")
        deadline = time.monotonic() + CONNECT_SECONDS
        for ip in self.ips:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                found = socket.create_connection((ip, self.address.port), left)
            except OSError as failed:
                problem = failed
            else:
                found.settimeout(timeout)
                return found
        raise problem

    def narrowed(self) -> "PinnedHost":
        """The same with the one IP address that answers. Raises RemoteError."""
        try:
            with self.connect(CONNECT_SECONDS) as found:
                return PinnedHost(self.address, (str(found.getpeername()[0]),))
        except OSError:
            raise RemoteError(_("%(host)s cannot be reached.", host=self.address.host)) from None


def pin_host(address: RemoteAddress, rules: RemoteRules) -> PinnedHost:
    """Look the host up. One address that is denied is enough to refuse all, and few are kept. Raises RemoteError."""
    ips = (address.host,) if _is_ip(address.host) else _look_up(address, rules)
    if any(is_denied(ip, rules.allowed) for ip in ips):
        raise RemoteError(
            _(
                "The host %(host)s is not on the public Internet, and this site does not connect to it. Whoever runs"
                " the site can allow its network.",
                host=address.host,
            )
        )
    return PinnedHost(address, ips[:MOST_IPS])


def _look_up(address: RemoteAddress, rules: RemoteRules) -> tuple[str, ...]:
    try:
        ips = tuple(rules.resolve(address.host, address.port))
    except (OSError, UnicodeError):
        ips = ()
    if not ips:
        raise RemoteError(_("There is no host %(host)s, or it cannot be found now.", host=address.host))
    return ips


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
