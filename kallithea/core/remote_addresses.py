"""Addresses of repositories elsewhere, from which this site may fetch.

The rules are decided here, on the parts of the address, before a library or program sees it: those differ in what they
take an address for. Whatever they could read in more than one way is refused.
"""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass

from kallithea.core.errors import KallitheaError
from kallithea.core.words import Text, _, _n

#: Schemes that can be allowed, each with its usual port.
PORTS = {"https": 443, "http": 80, "ssh": 22, "git": 9418}
LONGEST_ADDRESS = 1000

_FIRST_FREE_PORT = 1024
#: Ports below that; behind others are mail servers and the like, which take a request for one of theirs.
_LOW_PORTS = {"https": (80, 443), "http": (80, 443), "ssh": (22, 443), "git": ()}
#: Databases, caches, queues and desktops.
_FOREIGN_PORTS = frozenset({2049, 3306, 3389, 5432, 5672, 6379, 9042, 9200, 9300, 11211, 27017})

_SHAPE = re.compile(r"([a-z]+)://(?:([^/@]*)@)?(\[[0-9a-fA-F:.]+\]|[^/:@\[\]]+)(?::([0-9]{1,5}))?(/.*)", re.DOTALL)
_UNUSUAL = re.compile(r"""[^!-~]|[\\"'<>^`{|}]""")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")
# What standard libraries take for a number of an IPv4 address, in one notation or another.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# A user of ssh is no secret; before any other @ there may be one, whatever characters it has.
_TYPED_SECRET = re.compile(
    r"(?!ssh://[A-Za-z0-9_][A-Za-z0-9._-]*@[^@]*$)((?:[A-Za-z][A-Za-z0-9+.-]*:)?//)?.*@", re.DOTALL | re.IGNORECASE
)
_ESCAPED = re.compile(r"%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_LONGEST_HOST = 253


class RemoteAddressError(KallitheaError):
    """An address from which this site does not fetch; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """The parts of an address: host in small letters, an IPv6 address without brackets; the path begins with a slash.

    ``user`` is the account that ssh signs in to, empty for all other schemes.
    """

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""

    @property
    def host_in_url(self) -> str:
        """The host as it stands in addresses."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def origin(self) -> str:
        """Scheme, host and port: to whom credentials are told."""
        return f"{self.scheme}://{self.host_in_url}:{self.port}"

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        user = f"{self.user}@" if self.user else ""
        return f"{self.scheme}://{user}{self.host_in_url}{port}{self.path}"


def parse_remote_address(text: str, schemes: Collection[str]) -> RemoteAddress:
    """The parts of an address of one of the ``schemes``. Raises RemoteAddressError."""
    if len(text) > LONGEST_ADDRESS:
        raise RemoteAddressError(
            _n("use at most %(count)s character", "use at most %(count)s characters", LONGEST_ADDRESS)
        )
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    if scheme not in schemes or scheme not in PORTS:
        raise RemoteAddressError(_describe_schemes(schemes))
    found = _SHAPE.fullmatch(scheme + text[len(scheme) :])
    if _UNUSUAL.search(text) or found is None:
        raise RemoteAddressError(
            _(
                "write an address such as %(example)s, in which other characters are written as %(escape)s",
                example=f"{scheme}://example.com/project",
                escape="%20",
            )
        )
    user, host, port, path = found.groups()[1:]
    _require_plain_path(path)
    if "@" in path and not user:
        # as in https://user:443/word@example.com/project, whose host is not the one that was meant
        raise RemoteAddressError(
            _(
                "leave out what is a user name or a password, and write %(sign)s in the path as %(escape)s",
                sign="@",
                escape="%40",
            )
        )
    return RemoteAddress(scheme, _parse_host(host), _parse_port(scheme, port), path, _parse_user(scheme, user))


def _describe_schemes(schemes: Collection[str]) -> Text:
    known = [f"{scheme}://" for scheme in PORTS if scheme in schemes]
    if not known:
        return _("this site fetches from no other site")
    if len(known) == 1:
        return _("write an address that begins with %(scheme)s", scheme=known[0])
    return _("write an address that begins with one of %(schemes)s", schemes=" ".join(known))


def _parse_user(scheme: str, user: str | None) -> str:
    if user is None:
        return ""
    if scheme != "ssh":
        raise RemoteAddressError(_("write user name and password into the fields below, not into the address"))
    if not _USER.fullmatch(user):
        raise RemoteAddressError(
            _("before the host stands at most a user name; ssh signs in with the key of this site")
        )
    return user


def _parse_port(scheme: str, text: str | None) -> int:
    port = int(text) if text else PORTS[scheme]
    if not 0 < port < 1 << 16:
        raise RemoteAddressError(_("write a port from %(first)s to %(last)s, or none", first="1", last="65535"))
    if port in _FOREIGN_PORTS or (port < _FIRST_FREE_PORT and port not in _LOW_PORTS[scheme]):
        raise RemoteAddressError(
            _("port %(port)s belongs to another service, from which nothing is fetched", port=str(port))
        )
    return port


def without_password(text: str) -> str:
    """What somebody has typed as an address, to be shown again: what may be a password or token in it is left out."""
    found = _TYPED_SECRET.match(text)
    return (found[1] or "") + text[found.end() :] if found else text


def _parse_host(text: str) -> str:
    """An address in its usual form, or a name; nothing that one library reads as this and another one as that."""
    host = text.lower()
    if host.startswith("["):
        try:
            return str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError as problem:
            raise RemoteAddressError(_("the host is no valid IPv6 address")) from problem
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as problem:
            raise RemoteAddressError(
                _("write an IPv4 address as four decimal numbers, such as %(example)s", example="192.0.2.7")
            ) from problem
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise RemoteAddressError(
            _("the host is no valid name; names in other scripts are written as %(example)s", example="xn--...")
        )
    return host


def _require_plain_path(path: str) -> None:
    if "?" in path or "#" in path:
        raise RemoteAddressError(_("leave out what follows ? or #"))
    if _ESCAPED.search(path):
        raise RemoteAddressError(_("the path has a percent sign that stands for no printable character"))
    if path.startswith("/-"):
        raise RemoteAddressError(_("the path must not begin with -"))
