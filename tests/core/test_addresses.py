"""The client's address and scheme: headers count only from trusted proxies."""

import ipaddress
import pathlib
from typing import Any

import pytest

from kallithea.core.addresses import client_address, url_scheme
from kallithea.core.allow_lists import is_allowed
from kallithea.core.settings import Settings

PROXIES = tuple(ipaddress.ip_network(text) for text in ("10.0.0.0/8", "::1/128"))


def make_settings(**values: Any) -> Settings:
    folder = pathlib.Path("/nonexistent")
    return Settings(database_url="sqlite://", repository_folder=folder, cache_dir=folder, session_secret="s", **values)


def behind_proxy(header: str, *, peer: str = "10.0.0.1") -> str:
    settings = make_settings(remote_addr_variable="HTTP_X_FORWARDED_FOR", trusted_proxies=PROXIES)
    return client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": header}, settings)


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.9, 192.0.2.7", "192.0.2.7"),
        ("198.51.100.9, 192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("10.1.1.1, 10.1.1.2", "10.1.1.1"),
        ("2001:db8::7", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("198.51.100.9, 192.0.2.7:4711, 10.1.1.1:80", "192.0.2.7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7:443", "2001:db8::7:443"),
        ("unknown", ""),
        ("192.0.2.7, not an address", ""),
        ("192.0.2.7, unknown, 10.1.1.1", ""),
        ("192.0.2.7:", ""),
        ("[192.0.2.7", ""),
        ("", ""),
    ],
)
def test_trusted_proxy_tells_the_client(header: str, client: str) -> None:
    assert behind_proxy(header) == client


def test_proxy_that_tells_no_client_is_none_itself() -> None:
    settings = make_settings(remote_addr_variable="HTTP_X_FORWARDED_FOR", trusted_proxies=PROXIES)
    client = client_address({"REMOTE_ADDR": "10.0.0.1"}, settings)
    assert not is_allowed(client, "10.0.0.0/8")


def test_header_of_anybody_else_is_ignored() -> None:
    assert behind_proxy("192.0.2.7", peer="203.0.113.5") == "203.0.113.5"


def test_local_socket_counts_as_proxy_once_there_are_trusted_ones() -> None:
    assert behind_proxy("192.0.2.7", peer="") == "192.0.2.7"


def test_header_is_ignored_unless_named_in_the_settings() -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}
    assert client_address(environ, make_settings(trusted_proxies=PROXIES)) == "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "header", "scheme"),
    [("10.0.0.1", "https", "https"), ("10.0.0.1", "javascript", "http"), ("203.0.113.5", "https", "http")],
)
def test_scheme_by_header(peer: str, header: str, scheme: str) -> None:
    settings = make_settings(url_scheme_variable="HTTP_X_FORWARDED_PROTO", trusted_proxies=PROXIES)
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": header, "wsgi.url_scheme": "http"}
    assert url_scheme(environ, settings) == scheme


def test_force_https_overrules_the_scheme() -> None:
    assert url_scheme({"wsgi.url_scheme": "http"}, make_settings(force_https=True)) == "https"
