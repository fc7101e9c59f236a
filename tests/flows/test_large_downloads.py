"""Files larger than what a server's process may hold in memory."""

import contextlib
import hashlib
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import OperatorsSite, make_site
from tests.factories.repositories import make_builder
from tests.flows.memory import Watch

pytestmark = pytest.mark.slow

CONTENT = b"".join(hashlib.sha256(b"%d" % number).digest() * 400 for number in range(25_000))
MOST_MEMORY = 150_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OperatorsSite, int]]:
    """A site with a file of 320 MB in a repository of each kind, and the server's process."""
    folder = tmp_path_factory.mktemp("large")
    site = make_site(folder)
    site.kallithea("setting", "set", "visitors", "true")
    site.kallithea("permission", "set", "--visitors", "read", "/")
    for kind in Kind:
        make_builder(kind, folder / "data/repositories" / f"large-{kind}").commit({b"film": CONTENT})
    site.kallithea("repo-scan")
    with serving(site, kallithea_serve) as server:
        yield site, server.pid


def fetch(site: OperatorsSite, path: str, **headers: str) -> tuple[int, str]:
    """Size and digest of what lies at an address."""
    size, digest = 0, hashlib.sha256()
    with urllib.request.urlopen(urllib.request.Request(site.url(path), headers=headers), timeout=300) as answer:
        while chunk := answer.read(1 << 20):
            size += len(chunk)
            digest.update(chunk)
    return size, digest.hexdigest()


def summary_of(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", Kind)
def test_a_large_file_takes_little_memory(served: tuple[OperatorsSite, int], kind: Kind) -> None:
    site, pid = served
    watch = Watch(pid)
    watch.start()
    assert fetch(site, f"large-{kind}/raw/tip/film", Range="bytes=-1000") == summary_of(CONTENT[-1000:])
    assert fetch(site, f"large-{kind}/raw/tip/film") == summary_of(CONTENT)
    assert fetch(site, f"large-{kind}/raw/tip/film", Range="bytes=1000000-") == summary_of(CONTENT[1_000_000:])
    assert b"film" in urllib.request.urlopen(site.url(f"large-{kind}/files/tip/film"), timeout=60).read()
    assert fetch(site, f"large-{kind}/archive/tip.tar")[0] > len(CONTENT)
    watch.end()
    assert 0 < watch.peak < MOST_MEMORY


@pytest.mark.parametrize("kind", Kind)
def test_a_part_of_an_archive_is_sent_by_the_system(served: tuple[OperatorsSite, int], kind: Kind) -> None:
    site, _ = served
    with urllib.request.urlopen(site.url(f"large-{kind}/archive/tip.tar"), timeout=300) as answer:
        whole = answer.read()
    assert fetch(site, f"large-{kind}/archive/tip.tar", Range="bytes=5000-") == summary_of(whole[5000:])
    assert fetch(site, f"large-{kind}/archive/tip.tar", Range="bytes=5000-5999") == summary_of(whole[5000:6000])


def git_in(folder: Path) -> set[int]:
    """The processes that give contents of Git repositories in the folder."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"cat-file" in (path / "cmdline").read_bytes() and (path / "cwd").readlink().is_relative_to(folder):
                found.add(int(path.name))
    return found


def test_the_process_that_reads_ends_with_its_client(served: tuple[OperatorsSite, int]) -> None:
    site, _ = served
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(b"GET /large-git/raw/tip/film HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200 OK" in connection.recv(1000)
        assert len(git_in(site.folder)) == 1
    deadline = time.monotonic() + 30
    while git_in(site.folder):
        assert time.monotonic() < deadline
        time.sleep(0.05)
