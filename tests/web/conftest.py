"""A site for tests of pages."""

import pytest

from kallithea.services.application import Application
from tests.web.harbour import Harbour, make_harbour
from tests.web.site import Site


@pytest.fixture
def site(application: Application) -> Site:
    """A site without repositories and accounts, open to visitors."""
    return Site(application)


@pytest.fixture
def harbour(site: Site) -> Harbour:
    """The same site with something on each of its pages."""
    return make_harbour(site)
