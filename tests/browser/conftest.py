"""One browser for all tests of a module, and sites that are made once for it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.services.work import open_application
from kallithea.vcs.types import Kind
from tests.browser.hostile_site import fill, hostile_settings
from tests.browser.hostile_values import VALUES
from tests.browser.visits import Place
from tests.web.site import Site


@pytest.fixture(scope="module", params=Kind)
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[Site, Place]]:
    """A site on which everything is hostile, with a repository of each kind in turn."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copyfile(migrated_file, folder / "kallithea.db")
    application = open_application(hostile_settings(f"sqlite:///{folder / 'kallithea.db'}", folder))
    site = Site(application, VALUES)
    yield site, fill(site, request.param)
    application.close()
