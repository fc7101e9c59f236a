"""A site for probes."""

import pytest

from kallithea.services.application import Application
from tests.web.shared_pages import share_pages
from tests.web.site import Site


@pytest.fixture
def site(application: Application) -> Site:
    """A site without repositories and accounts, open to visitors."""
    return Site(application, pages=share_pages(application))
