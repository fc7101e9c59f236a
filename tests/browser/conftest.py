"""Sites that are made once for all tests of a module, with a repository of each kind in turn."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kallithea.core.settings import Settings
from kallithea.services.work import open_application
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.browser import harbour_site, hostile_site, wordy_site
from tests.browser.hostile_values import VALUES
from tests.browser.visits import Place
from tests.flows.browser import one_browser
from tests.web.site import Site


@pytest.fixture(scope="module", autouse=True)
def _one_browser() -> Iterator[None]:
    """Started once for a module."""
    with one_browser():
        yield


@pytest.fixture(scope="module", params=Kind)
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[Site, Place]]:
    """A site on which everything is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = hostile_site.hostile_settings(_database(folder, migrated_file), folder)
    with _site(settings, VALUES) as site:
        yield site, hostile_site.fill(site, request.param)


@pytest.fixture(scope="module", params=Kind)
def harbour(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[Site, Place]]:
    """A site as people have them."""
    folder = tmp_path_factory.mktemp("harbour")
    with _site(settings_for(_database(folder, migrated_file), folder)) as site:
        yield site, harbour_site.fill(site, request.param)


@pytest.fixture(scope="module", params=Kind)
def wordy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[Site, Place]]:
    """A site on which every name and text is one long word."""
    folder = tmp_path_factory.mktemp("wordy")
    with _site(settings_for(_database(folder, migrated_file), folder)) as site:
        yield site, wordy_site.fill(site, request.param)


@contextlib.contextmanager
def _site(settings: Settings, values: Mapping[str, str] | None = None) -> Iterator[Site]:
    application = open_application(settings)
    yield Site(application, values or {})
    application.close()


def _database(folder: Path, migrated_file: Path) -> str:
    shutil.copyfile(migrated_file, folder / "kallithea.db")
    return f"sqlite:///{folder / 'kallithea.db'}"
