"""Fetching with the real git."""

import gzip
import pathlib
import urllib.error
import urllib.request

import pytest

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site


@pytest.fixture
def pushed(site: Site, server: Server, clients: Clients) -> str:
    """Path of a repository with three commits on ``main`` and a tag."""
    path = site.add(Kind.GIT)
    work = clients.git_repository(commits=3)
    clients.git("tag", "v1", cwd=work)
    assert clients.git("push", server.url(path), "main", "v1", cwd=work).status == 0
    return path


def count(clients: Clients, copy: pathlib.Path) -> str:
    return clients.git("rev-list", "--count", "--all", cwd=copy).output.strip()


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_clone_gets_everything_in_each_version_of_the_protocol(
    pushed: str, server: Server, clients: Clients, version: str
) -> None:
    cloned = clients.git("-c", f"protocol.version={version}", "clone", server.url(pushed), "copy", GIT_TRACE_PACKET="1")
    assert cloned.status == 0, cloned.errors
    assert ("version 2" in cloned.errors) is (version == "2")
    assert ("version 1" in cloned.errors) is (version == "1")
    assert clients.git("fsck", "--strict", cwd=clients.folder / "copy").status == 0
    assert count(clients, clients.folder / "copy") == "3"


@pytest.mark.parametrize("address", ["{}.git", "{}/", "_{id}"])
def test_address_may_end_in_git_or_be_the_permanent_one(
    pushed: str, site: Site, server: Server, clients: Clients, address: str
) -> None:
    path = address.format(pushed, id=site.repository_id(pushed))
    assert clients.git("clone", "--bare", server.url(path), "copy").status == 0
    assert count(clients, clients.folder / "copy") == "3"


@pytest.mark.parametrize("version", ["0", "2"])
def test_shallow_clone_and_deepening(pushed: str, server: Server, clients: Clients, version: str) -> None:
    copy = clients.folder / "copy"
    protocol = f"protocol.version={version}"
    assert clients.git("-c", protocol, "clone", "--depth=1", server.url(pushed), copy).status == 0
    assert count(clients, copy) == "1"
    assert clients.git("-c", protocol, "fetch", "--deepen=1", cwd=copy).status == 0
    assert clients.git("-c", protocol, "fetch", "--unshallow", cwd=copy).status == 0
    assert count(clients, copy) == "3"


def test_partial_clone_gets_missing_files_later(pushed: str, server: Server, clients: Clients) -> None:
    copy = clients.folder / "copy"
    cloned = clients.git("clone", "--filter=blob:none", "--no-checkout", server.url(pushed), copy)
    assert cloned.status == 0
    assert "not recognized" not in cloned.errors
    assert clients.git("rev-list", "--all", "--objects", "--missing=print", cwd=copy).output.count("?") == 3
    assert clients.git("checkout", "main", cwd=copy).status == 0
    assert (copy / "file2.txt").read_text() == "text 2\n"


def test_fetch_after_a_clone_gets_what_is_new(pushed: str, server: Server, clients: Clients) -> None:
    copy, work = clients.folder / "copy", clients.folder / "work"
    assert clients.git("clone", server.url(pushed), copy).status == 0
    new = clients.git_commit(work, "new.txt")
    assert clients.git("push", server.url(pushed), "main", cwd=work).status == 0
    assert clients.git("fetch", cwd=copy).status == 0
    assert clients.git("rev-parse", "origin/main", cwd=copy).output.strip() == new


def test_empty_repository_can_be_cloned(site: Site, server: Server, clients: Clients) -> None:
    cloned = clients.git("clone", server.url(site.add(Kind.GIT)), "copy")
    assert cloned.status == 0
    assert "empty repository" in cloned.errors


def test_compressed_request_is_understood(pushed: str, site: Site, server: Server) -> None:
    tip = (site.disk(pushed) / "refs/heads/main").read_text().strip()
    want = f"0032want {tip}\n".encode() + b"0000" + b"0009done\n"
    body = gzip.compress(want)
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/{pushed}/git-upload-pack",
        body,
        {
            "Authorization": f"Bearer {site.token('ada', 'read')}",
            "Content-Type": "application/x-git-upload-pack-request",
            "Content-Encoding": "gzip",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = response.read()
    assert answer.startswith(b"0008NAK\nPACK")


def test_git_failure_is_a_status_and_words(pushed: str, site: Site, server: Server, clients: Clients) -> None:
    (site.disk(pushed) / "HEAD").unlink()
    failed = clients.git("ls-remote", server.url(pushed))
    assert failed.status == 128
    assert "remote: git failed on the server" in failed.errors
    assert str(site.folder) not in failed.words
    assert "500" in failed.errors


def test_fetching_writes_nothing_to_the_database(pushed: str, site: Site, server: Server, clients: Clients) -> None:
    with site.application.engine.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA data_version").scalar()
        assert clients.git("clone", server.url(pushed), "copy").status == 0
        assert connection.exec_driver_sql("PRAGMA data_version").scalar() == before
