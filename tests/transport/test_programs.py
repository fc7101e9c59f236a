"""What is kept of the answers of git and Mercurial belongs to the program that gave them."""

import pathlib
import shutil
from collections.abc import Callable, Iterator
from types import ModuleType

import hgext3rd.evolve
import mercurial.__version__
import pytest
from mercurial import wireprotov1server

from kallithea.services.application import Application
from kallithea.services.work import open_application
from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.transport.door import say_404
from tests.transport.site import PASSWORD, Site, basic


@pytest.fixture
def site(tmp_path: pathlib.Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.application.close()


def test_an_upgraded_git_tells_its_own_capabilities(site: Site, tmp_path: pathlib.Path) -> None:
    path, program = site.add(Kind.GIT), tmp_path / "git"
    settings = settings_for(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, git_path=str(program))
    application = open_application(settings)
    told = []
    for version in ("first", "first", "second"):
        aside = program.with_suffix(".new")
        aside.write_text(f'#!/bin/sh\nGIT_USER_AGENT=git/{version} exec {shutil.which("git")} "$@"\n')
        aside.chmod(0o755)
        aside.rename(program)
        told.append(_get(application, f"/{path}/info/refs", "service=git-upload-pack"))
    application.close()
    assert [b"agent=git/first" in one for one in told] == [True, True, False]
    assert b"agent=git/second" in told[2]


@pytest.mark.parametrize(
    ("module", "name", "version"),
    [(mercurial.__version__, "version", "99.1"), (hgext3rd.evolve, "__version__", b"99.1")],
)
def test_an_upgraded_mercurial_tells_its_own_capabilities(
    site: Site, module: ModuleType, name: str, version: str | bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = site.add(Kind.HG)
    told = [_get(site.application, f"/{path}", "cmd=capabilities")]
    monkeypatch.setattr(wireprotov1server, "wireprotocaps", [*wireprotov1server.wireprotocaps, b"newest"])
    told.append(_get(site.application, f"/{path}", "cmd=capabilities"))
    monkeypatch.setattr(module, name, version)
    told.append(_get(site.application, f"/{path}", "cmd=capabilities"))
    assert [b"newest" in one for one in told] == [False, False, True]


def _get(application: Application, address: str, query: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "HTTP_GIT_PROTOCOL": "version=2",
        "HTTP_AUTHORIZATION": basic("ada", PASSWORD),
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": None,
    }
    return b"".join(WireApplication(application, say_404)(environ, _begin))


def _begin(*_told: object) -> Callable[[bytes], object]:
    return bytearray().extend
