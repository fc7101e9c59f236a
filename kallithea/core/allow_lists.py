"""Lists of networks from which people may come: texts with blanks between the networks. An empty one allows all."""

import functools
import ipaddress

from kallithea.core.errors import ForbiddenError, InvalidError
from kallithea.core.settings import Network
from kallithea.core.words import _

#: The field that is wrong in InvalidError.
FIELD = "networks"

_MOST = 200


class AddressRefusedError(ForbiddenError):
    """The site answers nobody at this address."""

    def __init__(self) -> None:
        super().__init__(_("This site is not for the network that you come from."))


def parse_networks(text: str) -> str:
    """The list as it is stored, from words with blanks or commas between them. Raises InvalidError."""
    words = text.replace(",", " ").split()
    if len(words) > _MOST:
        raise InvalidError({FIELD: _("write at most %(count)s networks", count=_MOST)})
    return " ".join(dict.fromkeys(str(_parse(word)) for word in words))


def is_allowed(address: str, networks: str | None) -> bool:
    """Whether the list allows the address, as ``client_address`` tells it; one that is not known is on no list."""
    return not networks or _is_within(address, networks)


def require_allowed(address: str, networks: str | None) -> None:
    """Raise AddressRefusedError unless the list of the site allows the address."""
    if not is_allowed(address, networks):
        raise AddressRefusedError


def require_no_lock_out(networks: str, address: str | None) -> None:
    """Raise InvalidError if a list would keep out whoever writes it; None stands for somebody on the server itself."""
    if address is not None and not is_allowed(address, networks):
        words = _("this would keep you out, who come from %(address)s: add a network with it", address=address or "?")
        raise InvalidError({FIELD: words})


@functools.lru_cache(maxsize=4096)
def _is_within(address: str, networks: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _networks(networks))


@functools.lru_cache(maxsize=1024)
def _networks(networks: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(word) for word in networks.split())


def _parse(word: str) -> Network:
    """A network; one of IPv4 where it is written as IPv6, as addresses of clients are."""
    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError as problem:
        words = _("write networks such as 192.0.2.0/24 or 2001:db8::/32; '%(word)s' is none", word=word)
        raise InvalidError({FIELD: words}) from problem
    if "/" in word and network.network_address != ipaddress.ip_address(word.partition("/")[0]):
        words = _("'%(word)s' is inside of a network: do you mean %(network)s?", word=word, network=str(network))
        raise InvalidError({FIELD: words})
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= _MAPPED_BITS:
        return ipaddress.ip_network((mapped, network.prefixlen - _MAPPED_BITS))
    return network


#: Bits before the IPv4 address in an IPv6 one that only wraps it.
_MAPPED_BITS = 96
