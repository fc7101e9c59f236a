"""Which IP addresses this site connects to when somebody asks it to.

Only addresses of the public Internet: from here, others lead to services that trust whoever can reach them. What
counts is the address in the end, not how it was written.
"""

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

from kallithea.core.settings import Network

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA's registries of special-purpose addresses, and what they leave out.
_DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT; also the metadata of one cloud
        "127.0.0.0/8",
        "168.63.129.16/32",  # metadata of another cloud
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
        "2001::/23",  # Teredo and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address is within
        "3fff::/20",
    )
)
#: Of all IPv6 addresses, those of the public Internet.
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
#: NAT64: the last 32 bits are the IPv4 address that is meant.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def parse_ip(text: str) -> Address | None:
    """The address that is meant, an IPv4 one where an IPv6 one only wraps it; None for what is none."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_denied(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether this site must not connect to the address; ``allowed`` are the operator's own networks."""
    address = parse_ip(text)
    if address is None:
        return True
    if any(address in network for network in allowed):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_IPV6:
        return True
    return any(address in network for network in _DENIED)
