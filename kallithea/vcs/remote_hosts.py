"""From the host of an address to the IP addresses that are connected to, and to no others."""

import ipaddress
import socket
from dataclasses import dataclass

from kallithea.core.networks import is_denied
from kallithea.core.remote_addresses import RemoteAddress
from kallithea.core.words import _
from kallithea.vcs.remote import RemoteError, RemoteRules

CONNECT_SECONDS = 20.0


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
        for ip in self.ips:
            try:
                found = socket.create_connection((ip, self.address.port), CONNECT_SECONDS)
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
    """Look the host up. One address that is denied is enough to refuse all. Raises RemoteError."""
    ips = (address.host,) if _is_ip(address.host) else _look_up(address, rules)
    if any(is_denied(ip, rules.allowed) for ip in ips):
        raise RemoteError(
            _(
                "The host %(host)s is not on the public Internet, and this site does not connect to it. Whoever runs"
                " the site can allow its network.",
                host=address.host,
            )
        )
    return PinnedHost(address, ips)


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
