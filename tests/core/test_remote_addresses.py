"""Addresses of repositories elsewhere."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.core.remote_addresses import (
    PORTS,
    RemoteAddress,
    RemoteAddressError,
    parse_remote_address,
    without_password,
)

ALL = tuple(PORTS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://example.com/a/b.git", ("https", "example.com", 443, "/a/b.git", "")),
        ("HTTPS://Example.COM:443/a", ("https", "example.com", 443, "/a", "")),
        ("http://example.com:8080/", ("http", "example.com", 8080, "/", "")),
        ("http://192.0.2.7/a", ("http", "192.0.2.7", 80, "/a", "")),
        ("http://[2001:DB8:0::1]:8000/a", ("http", "2001:db8::1", 8000, "/a", "")),
        ("https://example.com/a%20b/~c/d%40e", ("https", "example.com", 443, "/a%20b/~c/d%40e", "")),
        ("ssh://git@example.com/a@b", ("ssh", "example.com", 22, "/a@b", "git")),
        ("ssh://git@example.com/a", ("ssh", "example.com", 22, "/a", "git")),
        ("ssh://example.com:2222/~ada/a", ("ssh", "example.com", 2222, "/~ada/a", "")),
        ("git://example.com/a", ("git", "example.com", 9418, "/a", "")),
        ("https://my_host.xn--bcher-kva.example/a", ("https", "my_host.xn--bcher-kva.example", 443, "/a", "")),
    ],
)
def test_addresses(text: str, parts: tuple[str, str, int, str, str]) -> None:
    assert parse_remote_address(text, ALL) == RemoteAddress(*parts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with one of https:// http:// ssh:// git://"),
        ("example.com/a", "begins with one of https:// http:// ssh:// git://"),
        ("git@example.com:a", "begins with one of https:// http:// ssh:// git://"),
        ("ftp://example.com/a", "begins with one of https:// http:// ssh:// git://"),
        ("https:/example.com/a", "begins with one of https:// http:// ssh:// git://"),
        ("https://example.com", "write an address such as"),
        ("https:///a", "write an address such as"),
        ("https://example.com:/a", "write an address such as"),
        ("https://example.com:port/a", "write an address such as"),
        ("https://a@b@example.com/a", "write an address such as"),
        ("https://ada:word@example.com/a", "into the fields below"),
        ("https://ada@example.com/a", "into the fields below"),
        ("https://@example.com/a", "into the fields below"),
        ("https://user:443/secret@example.com/a", "in the path as %40"),
        ("https://user/secret@example.com/a", "in the path as %40"),
        ("https://example.com/a@b", "in the path as %40"),
        ("ssh://user:22/secret@example.com/a", "in the path as %40"),
        ("git://user/secret@example.com/a", "in the path as %40"),
        ("ssh://ada:word@example.com/a", "with the key of this site"),
        ("ssh://-oProxyCommand=x@example.com/a", "with the key of this site"),
        ("ssh://-oProxyCommand=x/a", "no valid name"),
        ("ssh://example.com/-x", "must not begin with -"),
        ("https://example.com/a?b=c", "follows ? or #"),
        ("https://example.com/a#b", "follows ? or #"),
        ("https://example.com/a b", "written as %20"),
        ("https://example.com/\u00e4", "written as %20"),
        ("https://example.com/a%0ab", "no printable character"),
        ("https://example.com/a%zz", "no printable character"),
        ("https://example.com:0/a", "port from 1"),
        ("https://example.com:65536/a", "port from 1"),
        ("https://[::1/a", "write an address such as"),
        ("https://[::1::2]/a", "no valid IPv6"),
        ("https://[fe80::1%25eth0]/a", "write an address such as"),
        ("https://example..com/a", "no valid name"),
        ("https://example.com./a", "no valid name"),
        ("https://-example.com/a", "no valid name"),
        (f"https://{'a' * 64}.com/a", "no valid name"),
        (f"https://{'a.' * 130}com/a", "no valid name"),
        (f"https://example.com/{'a' * 1000}", "at most 1\u202f000"),
    ],
)
def test_what_is_no_address(text: str, words: str) -> None:
    with pytest.raises(RemoteAddressError) as caught:
        parse_remote_address(text, ALL)
    assert words in str(caught.value)


def test_schemes_are_those_that_are_allowed() -> None:
    parse_remote_address("https://example.com/a", ["https"])
    for schemes, words in ((["https"], "begins with https://"), ([], "fetches from no other site")):
        with pytest.raises(RemoteAddressError, match=words):
            parse_remote_address("ssh://example.com/a", schemes)
    # a setting cannot allow what is not known
    with pytest.raises(RemoteAddressError):
        parse_remote_address("file:///a", ["file"])


_LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)
_HOSTS = st.builds(
    lambda labels: ".".join([*labels, "example"]), st.lists(_LABELS, max_size=4)
) | st.ip_addresses().map(str)


@given(
    st.builds(
        RemoteAddress,
        st.sampled_from(ALL),
        _HOSTS,
        st.integers(10000, 11000),
        st.text("abc/._~-%25", max_size=20).map(lambda text: "/a" + text.replace("%", "")),
    )
)
def test_address_that_is_written_is_read_again(address: RemoteAddress) -> None:
    assert parse_remote_address(str(address), ALL) == address


@given(st.text() | st.text("htps:/@[]0123456789.-%a\\\r\n\t#?").map(lambda rest: f"http://{rest}"))
def test_what_is_accepted_is_plain(text: str) -> None:
    try:
        found = parse_remote_address(text, ALL)
    except RemoteAddressError:
        return
    assert str(found).isascii()
    assert str(found).isprintable()
    assert not set(str(found)) & set(" \\#?\"'")
    assert parse_remote_address(str(found), ALL) == found


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://ada:secret@example.org/r", "https://example.org/r"),
        ("https://ada:sec@ret@example.org:8080/r", "https://example.org:8080/r"),
        ("HTTPS://ada:secret@example.org/r", "HTTPS://example.org/r"),
        ("https://ghp_secret@example.org/r", "https://example.org/r"),
        ("https://ada:sec/ret@example.org/r", "https://example.org/r"),
        ("https://ada:sec#ret@example.org/r", "https://example.org/r"),
        ("https://ada:sec?ret@example.org/r", "https://example.org/r"),
        ("https://ada:sec\nret@example.org/r", "https://example.org/r"),
        ("https://ada:443/secret@example.org/r", "https://example.org/r"),
        ("ada:secret@example.org/r", "example.org/r"),
        ("ghp_secret@example.org/r", "example.org/r"),
        ("//ada:secret@example.org/r", "//example.org/r"),
        ("ssh://git@example.org/r", "ssh://git@example.org/r"),
        ("ssh://ada:secret@example.org/r", "ssh://example.org/r"),
        ("ssh://ada/secret@example.org/r", "ssh://example.org/r"),
        # it may as well have been the end of a password with a slash
        ("https://example.org:8080/a@b", "https://b"),
        ("https://example.org/r?a#b", "https://example.org/r?a#b"),
        ("", ""),
    ],
)
def test_typed_password_is_not_shown_again(typed: str, shown: str) -> None:
    assert without_password(typed) == shown
