"""Where a request really comes from, as far as a header of a trusted proxy may say so.

The same for pages and the wire: both get the WSGI environ.
"""

import functools
import ipaddress
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from kallithea.core.settings import Network, Settings

Environ: TypeAlias = Mapping[str, Any]
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def client_address(environ: Environ, settings: Settings) -> str:
    """The client's IP address as text, empty where nobody tells one; that is on no list of networks.

    A header named by ``remote_addr_variable`` counts only when the peer is one of ``trusted_proxies``. Of several
    addresses in it, the last that is no trusted proxy is the client's: those before it can be made up. Where a proxy
    tells none, its own is not the client's.
    """
    peer = str(environ.get("REMOTE_ADDR", ""))
    variable = settings.remote_addr_variable
    if not is_believed(environ, variable, settings):
        return _normal(peer)
    client = ""
    for text in reversed(str(environ.get(variable, "")).split(",")):
        address = _parse(_without_port(text.strip()))
        if address is None:
            return ""
        client = str(address)
        if not _is_within(address, settings.trusted_proxies):
            break
    return client


def network_of(address: str) -> str:
    """What counts as one place on the Internet: an IPv4 address, /64 of IPv6. Other text stays as it is."""
    parsed = _parse(address)
    if parsed is None:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed)


def url_scheme(environ: Environ, settings: Settings) -> str:
    """``https`` or ``http``: how the client reached the site. A header counts only from a trusted proxy."""
    if settings.force_https:
        return "https"
    direct = str(environ.get("wsgi.url_scheme", "http"))
    variable = settings.url_scheme_variable
    if not is_believed(environ, variable, settings):
        return direct
    scheme = str(environ.get(variable, "")).strip().lower()
    return scheme if scheme in ("http", "https") else direct


def is_believed(environ: Environ, variable: str, settings: Settings) -> bool:
    """Whether a variable is the web server's own, or a header of a trusted proxy."""
    peer = str(environ.get("REMOTE_ADDR", ""))
    return not _is_header(variable) or _is_trusted_peer(peer, settings.trusted_proxies)


def _is_header(variable: str) -> bool:
    """Whether clients can set this variable: all others come from the web server itself."""
    return variable.startswith("HTTP_")


def _is_trusted_peer(peer: str, proxies: tuple[Network, ...]) -> bool:
    """A peer without an address speaks over a local socket, which only programs of this machine can open."""
    if not peer:
        return bool(proxies)
    address = _parse(peer)
    return address is not None and _is_within(address, proxies)


def _is_within(address: Address, proxies: tuple[Network, ...]) -> bool:
    return any(address in network for network in proxies)


@functools.lru_cache(maxsize=1024)
def _parse(text: str) -> Address | None:
    """An address without zone, IPv4 where it is written as IPv6 (``::ffff:192.0.2.1``); None if it is none."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _without_port(text: str) -> str:
    """The address in ``192.0.2.1:4711`` and ``[2001:db8::1]:443``, as some proxies write it."""
    found = _WITH_PORT.fullmatch(text)
    return text if found is None else found[1] or found[2]


def _normal(text: str) -> str:
    address = _parse(text)
    return str(address) if address is not None else ""
