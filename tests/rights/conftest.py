"""One site for all tests of rights: they ask much and change little."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.services.work import open_application
from tests.applications import Clock, settings_for
from tests.rights.gate import Gate
from tests.rights.town import Town
from tests.web.site import Site


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Town]:
    """The site with somebody of each kind."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copyfile(migrated_file, folder / "site.db")
    application = open_application(settings_for(f"sqlite:///{folder / 'site.db'}", folder))
    # pages that tell the time are the same when they are asked again
    application.clock = Clock()
    yield Town(Site(application))
    application.close()


@pytest.fixture(scope="package")
def gate(town: Town) -> Gate:
    """The wire of the same site."""
    return Gate(town)
