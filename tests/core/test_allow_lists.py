"""Lists of networks: what is one, and whom it allows."""

import pytest

from kallithea.core.allow_lists import is_allowed, parse_networks
from kallithea.core.errors import InvalidError


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        (" \r\n", ""),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:DB8::/32\r\n10.0.0.0/8, ::1", "2001:db8::/32 10.0.0.0/8 ::1/128"),
        ("10.0.0.0/255.0.0.0 10.0.0.0/8", "10.0.0.0/8"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("0.0.0.0/0 ::/0", "0.0.0.0/0 ::/0"),
    ],
)
def test_networks_are_stored_in_one_way(text: str, stored: str) -> None:
    assert parse_networks(text) == stored


@pytest.mark.parametrize(
    "text", ["example.org", "192.0.2", "192.0.2.0/33", "10.0.0.0-10.0.0.9", "*", "fe80::1%eth0/64"]
)
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_networks(f"192.0.2.0/24 {text}")
    assert text in caught.value.problems["networks"]


def test_address_with_a_mask_is_not_guessed_at() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_networks("10.1.2.3/8")
    assert "do you mean 10.0.0.0/8?" in caught.value.problems["networks"]


def test_lists_are_bounded() -> None:
    with pytest.raises(InvalidError):
        parse_networks(" ".join(f"10.0.0.{number % 256}" for number in range(201)))


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("192.0.2.7", None, True),
        ("", "", True),
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.3.7", "192.0.2.0/24", False),
        ("2001:db8::7", "192.0.2.0/24 2001:db8::/32", True),
        ("2001:db9::7", "192.0.2.0/24 2001:db8::/32", False),
        ("192.0.2.7", "2001:db8::/32", False),
        ("192.0.2.7", "::/0", False),
        ("", "0.0.0.0/0 ::/0", False),
        ("unix:", "0.0.0.0/0", False),
    ],
)
def test_address_is_on_the_list(address: str, networks: str | None, allowed: bool) -> None:
    assert is_allowed(address, networks) is allowed
