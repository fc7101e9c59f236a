"""A site for tests of pages."""

import pytest

from kallithea.services.application import Application
from tests.web.site import Site


@pytest.fixture
def site(application: Application) -> Site:
    """A site without repositories and accounts, open to visitors."""
    return Site(application)
