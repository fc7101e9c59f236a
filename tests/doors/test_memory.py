"""What a server's processes hold while a large repository is pushed and cloned.

``KALLITHEA_TEST_MEGABYTES`` says how large it is.
"""

import contextlib
import os
import pathlib
from collections.abc import Iterator

import pytest

from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import OperatorsSite, make_site
from tests.flows.memory import Watch
from tests.transport.site import Clients

pytestmark = [pytest.mark.doors, pytest.mark.slow]

MEGABYTES = int(os.environ.get("KALLITHEA_TEST_MEGABYTES", "200"))
# In kB, of a web process, and of a process of git.
MOST, MOST_OF_GIT = 150_000, 250_000
# Mercurial works in the web process, and on whole versions of files.
GIT_FILE_MEGABYTES, HG_FILE_MEGABYTES, LARGE_HG_FILE_MEGABYTES = 10, 3, 40
# What comes, what is made of it, and that once more when it is compressed; half of it for what is around.
COPIES = 3.5


class Served:
    """A site that nobody else uses: what a process has held before, it may not have given back."""

    def __init__(self, site: OperatorsSite, process: int) -> None:
        self.process = process
        made = site.kallithea("token", "create", "-c", str(site.ini), "ada", "--description", "tests")
        # with a token: to look at a password takes 64 MB more for a moment
        self.git, self.hg = (site.url(path, f"ada:{made.split()[-1]}@") for path in ("git", "hg"))


@pytest.fixture
def served(tmp_path: pathlib.Path) -> Iterator[Served]:
    folder = tmp_path / "site"
    folder.mkdir()
    site = make_site(folder, "workers=1")
    with serving(site, kallithea_serve) as process:
        yield Served(site, process.pid)


@pytest.fixture
def clients(tmp_path: pathlib.Path) -> Clients:
    folder = tmp_path / "clients"
    folder.mkdir()
    return Clients(folder, seconds=max(300, MEGABYTES))


@contextlib.contextmanager
def watching(served: Served) -> Iterator[Watch]:
    watch = Watch(served.process)
    watch.start()
    try:
        yield watch
    finally:
        watch.end()
        print(f"MB: web {watch.peak >> 10}, git {watch.git_peak >> 10}, git processes {watch.git_most}")


def contents(megabytes: int) -> Iterator[tuple[str, bytes]]:
    """Files of this size that cannot be compressed."""
    for number in range(max(MEGABYTES // megabytes, 1)):
        yield f"large{number}", os.urandom(megabytes << 20)


def git_repository(clients: Clients) -> pathlib.Path:
    folder = clients.git_repository()
    for setting, value in (("core.compression", "0"), ("core.bigFileThreshold", "1m")):
        clients.git("config", setting, value, cwd=folder)
    for name, data in contents(GIT_FILE_MEGABYTES):
        (folder / name).write_bytes(data)
        assert clients.git("add", name, cwd=folder).status == 0
        assert clients.git("commit", "-q", "-m", name, cwd=folder).status == 0
    return folder


def test_git_push_and_clone_take_little_memory(served: Served, clients: Clients) -> None:
    folder = git_repository(clients)
    with watching(served) as push:
        pushed = clients.git("push", served.git, "main", cwd=folder)
    assert pushed.status == 0, pushed.errors
    with watching(served) as clone:
        assert clients.git("clone", "--bare", served.git, "copy").status == 0

    assert max(push.peak, clone.peak) < MOST
    assert max(push.git_peak, clone.git_peak) < MOST_OF_GIT
    assert max(push.git_most, clone.git_most) <= 3


def test_hg_push_and_clone_take_little_memory(served: Served, clients: Clients) -> None:
    work = clients.hg_repository()
    for name, data in contents(HG_FILE_MEGABYTES):
        work.commit({name.encode(): data})
    with watching(served) as push:
        pushed = clients.hg("push", served.hg, cwd=work.path)
    assert pushed.status == 0, pushed.words
    with watching(served) as clone:
        assert clients.hg("clone", "-U", served.hg, "copy").status == 0

    assert max(push.peak, clone.peak) < MOST
    assert (push.git_most, clone.git_most) == (0, 0)


def test_of_a_large_file_hg_holds_few_copies(served: Served, clients: Clients) -> None:
    work = clients.hg_repository()
    work.commit({b"large": os.urandom(LARGE_HG_FILE_MEGABYTES << 20)})
    before = Watch(served.process).look()
    with watching(served) as push:
        assert clients.hg("push", served.hg, cwd=work.path).status == 0
    with watching(served) as clone:
        assert clients.hg("clone", "-U", served.hg, "copy").status == 0

    assert max(push.peak, clone.peak) - before < COPIES * (LARGE_HG_FILE_MEGABYTES << 10)
