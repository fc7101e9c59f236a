"""Fetching with the real git."""

import pytest

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_clone_gets_everything_in_each_version_of_the_protocol(
    site: Site, server: Server, clients: Clients, version: str
) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository(commits=3)
    assert clients.git("push", server.url(path), "main", cwd=work).status == 0
    protocol = f"protocol.version={version}"
    cloned = clients.git("-c", protocol, "clone", server.url(path), "copy", GIT_TRACE_PACKET="1")
    assert cloned.status == 0, cloned.errors
    assert ("version 2" in cloned.errors) is (version == "2")
    copy = clients.folder / "copy"
    assert clients.git("fsck", "--strict", cwd=copy).status == 0
    assert clients.git("rev-list", "--count", "HEAD", cwd=copy).output == "3\n"
