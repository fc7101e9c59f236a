"""The ordered list of ways to sign in."""

from pathlib import Path

import pytest

from kallithea.auth.internal_password import InternalPassword
from kallithea.auth.method import Attempt, Recognised, recognise
from kallithea.auth.opener import open_methods
from kallithea.auth.passwords import hash_password
from kallithea.auth.proxy_header import ProxyHeader
from kallithea.core.settings import Settings, SettingsError
from tests.applications import settings_for

HEADER = {"remote_user_variable": "HTTP_X_REMOTE_USER", "trusted_proxies": "192.0.2.1"}


def _settings(folder: Path, **further: str) -> Settings:
    return settings_for("sqlite://", folder, **further)


def test_passwords_are_the_way_in_where_nothing_is_said(tmp_path: Path) -> None:
    (method,) = open_methods(_settings(tmp_path))
    assert isinstance(method, InternalPassword)


def test_methods_have_the_order_of_the_ini(tmp_path: Path) -> None:
    methods = open_methods(_settings(tmp_path, sign_in_methods="proxy-header, password proxy-header", **HEADER))
    assert [type(method) for method in methods] == [ProxyHeader, InternalPassword]
    password_hash = hash_password("correct horse")
    both = Attempt("ada", "correct horse", password_hash, "eve")
    assert recognise(methods, both) == Recognised("eve")
    assert recognise(methods[::-1], both) == Recognised("ada")
    assert recognise(methods, Attempt("ada", "correct horse", password_hash)) == Recognised("ada")
    assert recognise(methods, Attempt("ada", "wrong horse", password_hash)) is None
    assert recognise(methods, Attempt()) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sign_in_methods": "pasword"}, "sign_in_methods = pasword: write some of password, proxy-header"),
        ({"sign_in_methods": ""}, "write some of"),
        ({"sign_in_methods": "proxy-header"}, "needs remote_user_variable"),
        ({"sign_in_methods": "proxy-header", "remote_user_variable": "HTTP_X_USER"}, "who may vouch"),
    ],
)
def test_what_cannot_work_is_told_at_the_start(tmp_path: Path, values: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        open_methods(_settings(tmp_path, **values))


@pytest.mark.parametrize("name", ["", "a b", "ada,eve", "../ada", "a" * 100, "<ada>", "ada\n"])
def test_what_no_account_is_called_is_nobody(tmp_path: Path, name: str) -> None:
    methods = open_methods(_settings(tmp_path, sign_in_methods="proxy-header", **HEADER))
    assert recognise(methods, Attempt(vouched_name=name)) is None
