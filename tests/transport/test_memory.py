"""What a server's processes hold while a large repository is pushed and cloned.

``KALLITHEA_TEST_MEGABYTES`` says how large it is.
"""

import contextlib
import os
import pathlib
from collections.abc import Iterator

import pytest

from kallithea.vcs.types import Kind
from tests.flows.memory import Watch
from tests.transport.site import Clients, Server, Site, serve

pytestmark = pytest.mark.slow

MEGABYTES = int(os.environ.get("KALLITHEA_TEST_MEGABYTES", "200"))
FILE_MEGABYTES = 10
# In kB, of a web process, and of a process of git.
MOST, MOST_OF_GIT = 150_000, 250_000


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    """A server for each test: what a process has held before, it may not have given back."""
    with serve(site.folder) as server:
        yield server


def address(site: Site, server: Server, kind: Kind) -> str:
    """A new repository, with a token: to look at a password takes 64 MB more for a moment."""
    return server.url(site.add(kind), "ada", site.token("ada", "read", "write"))


@pytest.fixture
def clients(tmp_path: pathlib.Path) -> Clients:
    return Clients(tmp_path, seconds=max(300, MEGABYTES))


@contextlib.contextmanager
def watching(server: Server) -> Iterator[Watch]:
    watch = Watch(server.process.pid)
    watch.start()
    try:
        yield watch
    finally:
        watch.end()
        print(f"MB: web {watch.peak >> 10}, git {watch.git_peak >> 10}, git processes {watch.git_most}")


def contents() -> Iterator[tuple[str, bytes]]:
    """Files that cannot be compressed."""
    for number in range(max(MEGABYTES // FILE_MEGABYTES, 1)):
        yield f"large{number}", os.urandom(FILE_MEGABYTES << 20)


def git_repository(clients: Clients) -> pathlib.Path:
    folder = clients.git_repository()
    for setting, value in (("core.compression", "0"), ("core.bigFileThreshold", "1m")):
        clients.git("config", setting, value, cwd=folder)
    for name, data in contents():
        (folder / name).write_bytes(data)
        assert clients.git("add", name, cwd=folder).status == 0
        assert clients.git("commit", "-q", "-m", name, cwd=folder).status == 0
    return folder


def test_git_push_and_clone_take_little_memory(site: Site, server: Server, clients: Clients) -> None:
    url = address(site, server, Kind.GIT)
    folder = git_repository(clients)
    with watching(server) as push:
        pushed = clients.git("push", url, "main", cwd=folder)
    assert pushed.status == 0, pushed.errors
    with watching(server) as clone:
        assert clients.git("clone", "--bare", url, "copy").status == 0

    assert max(push.peak, clone.peak) < MOST
    assert max(push.git_peak, clone.git_peak) < MOST_OF_GIT
    assert max(push.git_most, clone.git_most) <= 3


def test_hg_push_and_clone_take_little_memory(site: Site, server: Server, clients: Clients) -> None:
    url = address(site, server, Kind.HG)
    work = clients.hg_repository()
    for name, data in contents():
        work.commit({name.encode(): data})
    with watching(server) as push:
        pushed = clients.hg("push", url, cwd=work.path)
    assert pushed.status == 0, pushed.words
    with watching(server) as clone:
        assert clients.hg("clone", "-U", url, "copy").status == 0

    assert max(push.peak, clone.peak) < MOST
    assert (push.git_most, clone.git_most) == (0, 0)
