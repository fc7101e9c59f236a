"""One site and one server process for all tests of a module; each test has its own repositories and clients."""

import pathlib
from collections.abc import Iterator

import pytest

from tests.transport.site import Clients, Server, Site, serve


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.application.close()


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site.folder) as server:
        yield server


@pytest.fixture
def clients(tmp_path: pathlib.Path) -> Clients:
    return Clients(tmp_path)
