"""What tests of flows share."""

from collections.abc import Iterator

import pytest

from tests.flows.browser import one_browser


@pytest.fixture(scope="module", autouse=True)
def _one_browser() -> Iterator[None]:
    """Started once for a module."""
    with one_browser():
        yield
