"""A site for tests of pages."""

import dataclasses
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.core.settings import Settings
from kallithea.services.application import Application
from kallithea.services.work import open_application
from tests.applications import settings_for
from tests.web.harbour import Harbour, make_harbour
from tests.web.shared_pages import share_pages
from tests.web.site import Site


@pytest.fixture
def site(application: Application) -> Site:
    """A site without repositories and accounts, open to visitors."""
    return Site(application, pages=share_pages(application))


@pytest.fixture(scope="session")
def prepared_harbour(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Harbour:
    """A site with something on each of its pages, whose database and repositories others begin with."""
    folder = tmp_path_factory.mktemp("harbour")
    shutil.copyfile(migrated_file, folder / "kallithea.db")
    application = open_application(settings_for(f"sqlite:///{folder / 'kallithea.db'}", folder))
    harbour = make_harbour(Site(application, pages=share_pages(application)))
    # puts everything into the one file
    application.close()
    return harbour


@pytest.fixture
def harbour(prepared_harbour: Harbour, settings: Settings) -> Iterator[Harbour]:
    """A site with something on each of its pages. The application is the test's own, the repositories are not."""
    source = prepared_harbour.site.application.settings
    shutil.copyfile(_file(source), _file(settings))
    application = open_application(dataclasses.replace(settings, repository_folder=source.repository_folder))
    before = set(source.repository_folder.iterdir())
    yield dataclasses.replace(prepared_harbour, site=Site(application, pages=share_pages(application)))
    application.close()
    for path in set(source.repository_folder.iterdir()) - before:
        shutil.rmtree(path)


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines of processes that were started."""
    commands: list[list[str]] = []
    start = subprocess.Popen.__init__

    def note(self: object, args: list[str], *arguments: object, **options: object) -> None:
        commands.append(list(args))
        start(self, args, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    return commands
