"""Pulling on the command line."""

import pathlib
from collections.abc import Iterator

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.ini import read_ini
from kallithea.core.remote_addresses import parse_remote_address
from kallithea.core.schedules import Schedule
from kallithea.core.settings import parse_settings
from kallithea.services.remotes import RemoteChange
from kallithea.services.work import open_application, writing
from kallithea.vcs.types import Kind
from tests.cli.conftest import Kallithea, done, refused, rows
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.repositories import make_builder


@pytest.fixture
def elsewhere(tmp_path: pathlib.Path) -> Iterator[RemoteSite]:
    for kind in Kind:
        make_builder(kind, tmp_path / "elsewhere" / kind).commit({b"a": b"1"})
    with remote_site(tmp_path / "elsewhere") as serving:
        yield serving


def set_remote(folder: pathlib.Path, path: str, address: str) -> None:
    """As the page of the settings does."""
    application = open_application(parse_settings(read_ini(folder / "site.ini").application))
    with writing(application) as services:
        row = services.repositories.get(path)
        change = RemoteChange(parse_remote_address(address, ("http",)), Schedule.OFF)
        services.remotes.update(COMMAND_LINE, None, row.repository_id, change)
    application.close()


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_repository_is_pulled(site: Kallithea, tmp_path: pathlib.Path, elsewhere: RemoteSite, kind: Kind) -> None:
    ini = tmp_path / "site.ini"
    text = ini.read_text()
    assert "#remote_allowed_networks =" in text
    ini.write_text(text.replace("#remote_allowed_networks =", "remote_allowed_networks = 127.0.0.0/8"))
    done(site("repository", "create", "r", "--kind", kind.value))
    set_remote(tmp_path, "r", elsewhere.url(kind.value))
    assert "updated" in done(site("repository", "pull", "r"))
    assert rows(site("repository", "pull", "r", "--json")) == {"updated": [], "left": {}}


def test_network_of_the_site_is_refused(site: Kallithea, tmp_path: pathlib.Path, elsewhere: RemoteSite) -> None:
    done(site("repository", "create", "r", "--kind", "git"))
    set_remote(tmp_path, "r", elsewhere.url("git"))
    assert "not on the public Internet" in refused(site("repository", "pull", "r"))
    assert elsewhere.asked == []


def test_repository_without_a_remote(site: Kallithea) -> None:
    done(site("repository", "create", "r", "--kind", "git"))
    assert "has no remote" in refused(site("repository", "pull", "r"))
    assert "no repository 'absent'" in refused(site("repository", "pull", "absent"))
