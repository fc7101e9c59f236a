"""Tests of hashing hash as a site does."""

import pytest

from kallithea.auth import passwords
from tests.passwords import REAL


@pytest.fixture(autouse=True)
def _real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REAL.items():
        monkeypatch.setattr(passwords, name, value)
