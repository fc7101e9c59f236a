"""What is on the disk before a client is told that its push has arrived, as the kernel saw it happen (strace)."""

import re

import pytest

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site
from tests.transport.tracing import tracing

pytestmark = pytest.mark.slow

_LOG_SYNCED = r"fdatasync\(.*\.db-wal>"


def test_git_push_is_acknowledged_when_it_is_on_the_disk(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    clients.git("push", server.url(path), "main", cwd=work)
    clients.git_commit(work, "second.txt")
    with tracing(server, clients.folder) as trace:
        pushed = clients.git("push", server.url(path), "main", cwd=work)
    assert pushed.status == 0, pushed.errors

    told = trace.at(r"(sendto|sendmsg|write|writev)\(.*<(socket|TCP).*ok refs/heads/main")
    pack, index = trace.at(r"fsync\(.*/pack/tmp_pack_"), trace.at(r"fsync\(.*/pack/tmp_idx_")
    kept = trace.at(r"(link|rename)\w*\(.*objects/pack/pack-\w+\.idx\"")
    ref, moved = trace.at(r"fsync\(.*refs/heads/main\.lock"), trace.at(r"rename\w*\(.*refs/heads/main\.lock")
    assert max(pack, index) < kept < ref < moved < told
    assert kept < trace.at(r"fsync\(.*objects/pack>") < told
    assert moved < trace.at(r"fsync\(.*/refs/heads>") < told
    assert trace.count(r" (fsync|fdatasync)\(.*/objects/") == 3
    # SQLite's log: the intent before, the record after
    assert trace.at(_LOG_SYNCED) < moved
    assert any(re.search(_LOG_SYNCED, line) for line in trace.lines[moved:told])


def test_first_git_push_is_acknowledged_when_head_is_on_the_disk(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    with tracing(server, clients.folder) as trace:
        pushed = clients.git("push", server.url(path), "main:master", cwd=work)
    assert pushed.status == 0, pushed.errors

    named, written = trace.at(r"rename\w*\(.*/HEAD\.lock"), trace.at(r"fsync\(.*/HEAD>")
    told = trace.at(r"(sendto|sendmsg|write|writev)\(.*<(socket|TCP).*ok refs/heads/master")
    assert named < written < trace.last(rf"fsync\(\d+<{site.disk(path)}>") < told


def test_hg_push_is_acknowledged_when_it_is_on_the_disk(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    with tracing(server, clients.folder) as trace:
        pushed = clients.hg("push", server.url(path), cwd=work.path)
    assert pushed.status == 0, pushed.words

    written = trace.last(r"write\(.*/\.hg/store/00changelog\.i")
    synced = trace.at(r"syncfs\(")
    assert written < synced
    assert trace.last(r"(write|rename)\w*\(.*/\.hg/store/") < synced
    assert synced < trace.at(r"(sendto|sendmsg)\(.*adding changesets")
    assert trace.count(r"syncfs\(") == 1
