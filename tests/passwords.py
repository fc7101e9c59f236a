"""Passwords whose hashes cost next to nothing, for all tests but those of hashing itself.

A hash of a site takes 64 MiB and a third of a second of a core, so that nobody tries many; tests try many.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from kallithea.auth import passwords

REAL = {name: getattr(passwords, name) for name in ("_HASHER", "_NOBODY")}


def make_cheap() -> None:
    """Hash with the least costs from now on, in this process."""
    passwords._HASHER = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._NOBODY = passwords._HASHER.hash("a password that nobody has")


@contextlib.contextmanager
def hashed_as_on_sites() -> Iterator[None]:
    """Hash with the costs of a site until the block ends."""
    before = {name: getattr(passwords, name) for name in REAL}
    _set(REAL)
    try:
        yield
    finally:
        _set(before)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    make_cheap()
    yield
    _set(REAL)


def _set(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(passwords, name, value)
