"""Credentials are sealed by a secret of the .ini, for one site."""

import pathlib

import pytest

from kallithea.services.sealing import SealError, Sealing
from kallithea.vcs.remote import Credentials
from tests.applications import settings_for

ORIGIN = "https://example.com:443"
#: What ``settings_for`` has as the secret of sessions.
USUAL = "a secret of the tests, long enough"
ADA = Credentials("ada", "wörd: \u2620")


def sealing(folder: pathlib.Path, **settings: str) -> Sealing:
    return Sealing(settings_for("sqlite://", folder, **settings))


def test_what_is_sealed_can_be_opened(tmp_path: pathlib.Path) -> None:
    sealed = sealing(tmp_path).seal(ORIGIN, ADA)
    assert sealing(tmp_path).open(ORIGIN, sealed) == ADA
    for part in ("ada", "word", "example"):
        assert part.encode() not in sealed


def test_same_credentials_are_never_sealed_alike(tmp_path: pathlib.Path) -> None:
    one = sealing(tmp_path)
    assert one.seal(ORIGIN, ADA) != one.seal(ORIGIN, ADA)


@pytest.mark.parametrize("other", ["http://example.com:443", "https://example.com:8443", "https://evil.example:443"])
def test_credentials_are_for_one_site(tmp_path: pathlib.Path, other: str) -> None:
    one = sealing(tmp_path)
    with pytest.raises(SealError, match="belongs to another site"):
        one.open(other, one.seal(ORIGIN, ADA))


@pytest.mark.parametrize("key", ["session__secret", "remote_secret"])
def test_other_secret_opens_nothing(tmp_path: pathlib.Path, key: str) -> None:
    sealed = sealing(tmp_path).seal(ORIGIN, ADA)
    with pytest.raises(SealError, match="Enter it again"):
        sealing(tmp_path, **{key: "another secret of the tests, long enough"}).open(ORIGIN, sealed)


def test_secret_of_its_own_outlives_that_of_sessions(tmp_path: pathlib.Path) -> None:
    own = {"remote_secret": "a secret of its own, which is long enough"}
    sealed = sealing(tmp_path, **own).seal(ORIGIN, ADA)
    other = sealing(tmp_path, session__secret="another secret of the tests, long enough", **own)
    assert other.open(ORIGIN, sealed) == ADA


def test_changed_seal_is_refused(tmp_path: pathlib.Path) -> None:
    one = sealing(tmp_path)
    sealed = bytearray(one.seal(ORIGIN, ADA))
    sealed[40] ^= 1
    with pytest.raises(SealError):
        one.open(ORIGIN, bytes(sealed))


@pytest.mark.parametrize("ring", [USUAL, f"{'x' * 40}\n  {USUAL}"])
def test_secrets_that_were_used_before_open_and_do_not_seal(tmp_path: pathlib.Path, ring: str) -> None:
    sealed = sealing(tmp_path).seal(ORIGIN, ADA)
    own = {"remote_secret": "a secret of its own, which is long enough"}
    turned = sealing(tmp_path, **own, remote_secrets_before=ring)
    assert turned.open(ORIGIN, sealed) == ADA
    assert sealing(tmp_path, **own).open(ORIGIN, turned.seal(ORIGIN, ADA)) == ADA
