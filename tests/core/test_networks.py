"""Which addresses this site connects to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.core.networks import is_denied

PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
PRIVATE = [
    "0.0.0.0",
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "4000::1",
    "no address",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet(address: str) -> None:
    assert not is_denied(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_lead_inside(address: str) -> None:
    assert is_denied(address)


def test_own_networks_are_allowed_however_the_address_is_wrapped() -> None:
    own = [ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd12::/16")]
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd12::1"):
        assert not is_denied(address, own)
    for address in ("10.2.0.1", "127.0.0.1", "fd13::1", "::1"):
        assert is_denied(address, own)


@given(st.ip_addresses(v=4))
def test_wrapped_address_counts_like_itself(address: ipaddress.IPv4Address) -> None:
    wrapped = [ipaddress.IPv6Address(begin | int(address)) for begin in (0xFFFF << 32, 0x64FF9B << 96)]
    assert {is_denied(str(one)) for one in wrapped} == {is_denied(str(address))}


@given(st.ip_addresses())
def test_nothing_is_allowed_that_python_calls_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    meant = (
        ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in ipaddress.ip_network("64:ff9b::/96") else address
    )
    if not meant.is_global or meant.is_multicast:
        assert is_denied(str(address))
