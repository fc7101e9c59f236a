"""Finished files that a web server in front is told to send."""

import os
import pathlib
from collections.abc import Iterator

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Response, Server, Site, request, serve

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site.folder, settings="send_files_by=x-sendfile") as server:
        yield server


def fetch(server: Server, site: Site, clients: Clients, path: str, user: str = "ada") -> Response:
    tip = clients.git("rev-parse", "main", cwd=site.disk(path)).output.strip().encode()
    body = packet(b"want " + tip + b" side-band-64k\n") + FLUSH + packet(b"done\n")
    headers = {"Content-Type": "application/x-git-upload-pack-request"}
    return request(server, "POST", f"/{path}/git-upload-pack", body, user=user, headers=headers)


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_only_large_finished_files_are_left_to_the_server_in_front(
    site: Site, server: Server, clients: Clients, size: int
) -> None:
    path = site.add(Kind.GIT, private=True)
    work = clients.git_repository()
    (work / "file").write_bytes(os.urandom(size))
    clients.git("add", "file", cwd=work)
    clients.git("commit", "-q", "-m", "file", cwd=work)
    assert clients.git("push", str(site.disk(path)), "main", cwd=work).status == 0

    first, second = (fetch(server, site, clients, path) for _number in range(2))

    assert len(first.body) > size
    if size < 1000:
        assert second.body == first.body
    else:
        assert second.body == b""
        file = pathlib.Path(second.headers["X-Sendfile"])
        assert file.parent == site.folder / "packs"
        # It may be evicted before the server in front opens it.
        (file.parent / file.name.partition(".")[0]).unlink()
        assert file.read_bytes() == first.body
        assert file.stat().st_mode & 0o777 == 0o440
    refused = fetch(server, site, clients, path, user="bob")
    assert (refused.status, refused.headers["X-Sendfile"]) == (404, None)
