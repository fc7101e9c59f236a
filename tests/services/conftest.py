"""What tests of services share."""

import pytest

from tests.applications import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()
