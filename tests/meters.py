"""What a test asks of others, counted as it is for a request."""

from collections.abc import Iterator

import pytest

from kallithea.core.meter import METER, Meter


@pytest.fixture
def meter() -> Iterator[Meter]:
    """Counts from here on what this thread asks."""
    meter = Meter()
    token = METER.set(meter)
    yield meter
    METER.reset(token)
