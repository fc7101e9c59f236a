"""What clients of git and hg cost is counted as what pages cost is."""

import pathlib
import time

import pytest
from webtest import TestApp

from kallithea.transport.http import WireApplication
from kallithea.transport.watching import Watch
from kallithea.vcs.types import Kind
from tests.statements import counted
from tests.transport.door import say_404
from tests.transport.site import Clients, Server, Site

POLLS = {
    Kind.GIT: ("git-refs", "/info/refs?service=git-upload-pack"),
    Kind.HG: ("hg", "?cmd=capabilities"),
}


@pytest.mark.parametrize("kind", list(POLLS))
def test_statements_of_a_poll(site: Site, kind: Kind) -> None:
    name, address = POLLS[kind]
    path, application = site.add(kind, visitors=True), site.application
    watch = Watch(application, WireApplication(application, say_404))
    before = application.tallies.read().get(f"statements|{name}", 0)
    with counted(application.engine) as statements:
        TestApp(watch).get(f"/{path}{address}", extra_environ={"REMOTE_ADDR": "192.0.2.1"})
    assert statements
    assert application.tallies.read()[f"statements|{name}"] - before == len(statements)


@pytest.mark.parametrize(("protocol", "processes"), [("version=2", 0), ("version=1", 1)])
def test_git_is_not_asked_again_after_a_push_what_it_can_do(
    site: Site, clients: Clients, protocol: str, processes: int
) -> None:
    """Before version 2 that is told with the refs."""
    path, application = site.add(Kind.GIT, visitors=True), site.application
    work = clients.git_repository()
    assert clients.git("push", site.disk(path), "HEAD:refs/heads/main", cwd=work).status == 0
    watch = TestApp(Watch(application, WireApplication(application, say_404)))

    def poll() -> float:
        before = application.tallies.read().get("processes|git-refs", 0)
        told = {"REMOTE_ADDR": "192.0.2.1", "HTTP_GIT_PROTOCOL": protocol}
        watch.get(f"/{path}{POLLS[Kind.GIT][1]}", extra_environ=told)
        return application.tallies.read()["processes|git-refs"] - before

    asked = [poll(), poll()]
    clients.git_commit(work, "new.txt")
    assert clients.git("push", site.disk(path), "HEAD:refs/heads/main", cwd=work).status == 0
    assert [*asked, poll()] == [1, 0, processes]


def test_processes_of_a_clone(site: Site, server: Server, clients: Clients, tmp_path: pathlib.Path) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    assert clients.git("push", site.disk(path), "HEAD:refs/heads/main", cwd=work).status == 0
    before = count_processes(site)
    assert clients.git("clone", server.url(path), tmp_path / "clone").status == 0
    # one tells the refs and one, of another thread, makes the pack; sums are written within two seconds
    deadline = time.monotonic() + 30
    while count_processes(site) < before + 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert count_processes(site) == before + 2


def count_processes(site: Site) -> float:
    return site.application.tallies.read().get("processes|git-transfer", 0)
