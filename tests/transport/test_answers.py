"""Refusals of git and hg."""

import pytest

from kallithea.core.errors import RETRIED_STATUSES
from kallithea.transport.answers import RefusedError


@pytest.mark.parametrize("status", RETRIED_STATUSES)
def test_what_may_be_had_later_says_when(status: int) -> None:
    assert ("Retry-After", "10") in RefusedError(status, "Not now.").answer().all_headers


def test_who_knows_better_when_says_so() -> None:
    headers = RefusedError(503, "Not now.", (("Retry-After", "7"),)).answer().all_headers
    assert [value for name, value in headers if name == "Retry-After"] == ["7"]
    assert "Retry-After" not in dict(RefusedError(403, "Never.").answer().all_headers)
