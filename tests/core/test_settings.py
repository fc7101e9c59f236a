"""The .ini's values: typed once, wrong ones named together with what would be right, secrets never shown."""

import contextlib
import ipaddress
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.core.settings import ACCEPTED, Settings, SettingsError, known_keys, parse_settings, unknown_keys

SECRET = "0123456789abcdef0123456789abcdef"
LEAST = {
    "sqlalchemy.url": "sqlite:////srv/kallithea.db",
    "repository_folder": "/srv/repositories",
    "cache_dir": "/srv/cache",
    "session.secret": SECRET,
}


def test_least_settings_are_enough() -> None:
    settings = parse_settings(LEAST)
    assert settings.repository_folder == pathlib.Path("/srv/repositories")
    assert (settings.pool_size, settings.worker, settings.git_path) == (5, "embedded", "git")


def test_missing_settings_are_named_all_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings({})
    lines = str(caught.value).splitlines()
    assert [line.partition(" is missing")[0] for line in lines] == list(LEAST)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("debug", "perhaps", "debug = perhaps: write true or false"),
        ("smtp_port", "smtp", "smtp_port = smtp: write a whole number from 1 to 65535"),
        ("smtp_port", "-1", "smtp_port = -1: write a whole number from 1 to 65535"),
        ("session.timeout", "10", "session.timeout = 10: write a whole number from 60 to"),
        ("repository_folder", "repositories", "repository_folder = repositories: write an absolute path"),
        ("worker", "none", "worker = none: write one of embedded, separate"),
        ("trusted_proxies", "10.0.0.1/8", "trusted_proxies = 10.0.0.1/8: write networks such as 10.0.0.0/8"),
        ("canonical_url", "example.org", "canonical_url = example.org: write an address that begins with http"),
        ("session.secret", "short", "session.secret: write at least 32 random characters"),
    ],
)
def test_wrong_value_is_named_with_what_is_right(key: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(LEAST | {key: value})
    assert words in str(caught.value)


def test_all_wrong_values_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(LEAST | {"debug": "x", "worker": "y"})
    assert len(str(caught.value).splitlines()) == 2


@given(st.dictionaries(st.sampled_from(known_keys()), st.text(), max_size=4))
def test_any_text_is_a_setting_or_a_settings_error(values: dict[str, str]) -> None:
    with contextlib.suppress(SettingsError):
        parse_settings(LEAST | values)


def test_secrets_are_in_no_message_and_no_representation() -> None:
    values = LEAST | {
        "sqlalchemy.url": "postgresql://kallithea:hush-database@db/kallithea",
        "smtp_password": "hush-smtp",
        "session.secret": "hush-session-0123456789abcdef0123456789",
    }
    assert "hush" not in repr(parse_settings(values))
    with pytest.raises(SettingsError) as caught:
        parse_settings(values | {"session.secret": "hush-short", "debug": "x"})
    assert "hush" not in str(caught.value)


def test_lists_and_networks() -> None:
    settings = parse_settings(LEAST | {"trusted_proxies": "10.0.0.0/8, ::1", "default_encoding": "utf-8, latin-1"})
    assert settings.trusted_proxies == (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))
    assert settings.default_encoding == ("utf-8", "latin-1")


def test_unknown_keys_are_named_with_the_nearest_right_one() -> None:
    found = unknown_keys(LEAST | {"repository_foldr": "/srv", "cutoff_limit": "1", "zzzz": "1"})
    assert found == {"repository_foldr": "repository_folder", "cutoff_limit": "cut_off_limit", "zzzz": None}


def test_keys_of_old_inis_and_of_libraries_are_known() -> None:
    assert unknown_keys(dict.fromkeys(ACCEPTED, "")) == {}
    assert unknown_keys({"celery.broker_url": "", "sqlalchemy.echo": "", "get debug": ""}) == {}


@pytest.mark.parametrize("key", ["session.timout", "sqlalchemy.ulr", "session.secrt"])
def test_slip_in_a_key_that_we_type_is_found_under_a_passed_on_beginning(key: str) -> None:
    assert unknown_keys({key: ""})[key] in known_keys()


def test_every_setting_has_a_key() -> None:
    assert len(known_keys()) == len(set(known_keys())) == len(Settings.__dataclass_fields__)
