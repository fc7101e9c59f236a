"""What is kept of git's answers belongs to the git that gave them."""

import pathlib
import shutil
from collections.abc import Callable

from kallithea.services.application import Application
from kallithea.services.work import open_application
from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.transport.door import say_404
from tests.transport.site import PASSWORD, Site, basic


def test_an_upgraded_git_tells_its_own_capabilities(tmp_path: pathlib.Path) -> None:
    site, program = Site(tmp_path), tmp_path / "git"
    path = site.add(Kind.GIT)
    settings = settings_for(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, git_path=str(program))
    application = open_application(settings)
    told = []
    for version in ("first", "first", "second"):
        aside = program.with_suffix(".new")
        aside.write_text(f'#!/bin/sh\nGIT_USER_AGENT=git/{version} exec {shutil.which("git")} "$@"\n')
        aside.chmod(0o755)
        aside.rename(program)
        told.append(_advertisement(application, path))
    application.close()
    site.application.close()
    assert [b"agent=git/first" in one for one in told] == [True, True, False]
    assert b"agent=git/second" in told[2]


def _advertisement(application: Application, path: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/{path}/info/refs",
        "QUERY_STRING": "service=git-upload-pack",
        "HTTP_GIT_PROTOCOL": "version=2",
        "HTTP_AUTHORIZATION": basic("ada", PASSWORD),
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": None,
    }
    return b"".join(WireApplication(application, say_404)(environ, _begin))


def _begin(*_told: object) -> Callable[[bytes], object]:
    return bytearray().extend
