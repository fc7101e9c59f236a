"""A site for tests of pages."""

import subprocess

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
