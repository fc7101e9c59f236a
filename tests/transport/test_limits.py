"""What the settings bound, and many clients at once."""

import concurrent.futures
import os
from collections.abc import Iterator

import pytest

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Done, Server, Site, hg_log, serve

pytestmark = pytest.mark.slow

LIMIT = 1 << 20


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site.folder, settings=f"push_size_limit={LIMIT}") as server:
        yield server


def test_git_push_over_the_limit_is_refused_in_words(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    assert clients.git("push", server.url(path), "main", cwd=work).status == 0
    (work / "large").write_bytes(os.urandom(8 * LIMIT))
    clients.git("add", "large", cwd=work)
    clients.git("commit", "-q", "-m", "large", cwd=work)
    refused = clients.git("push", server.url(path), "main", cwd=work)
    assert refused.status == 1
    assert "remote: fatal: pack exceeds maximum allowed size" in refused.errors
    assert "[remote rejected] main -> main" in refused.errors
    assert clients.git("rev-list", "--count", "--all", cwd=site.disk(path)).output == "1\n"
    assert site.outcomes(path) == ["recorded", "nothing"]


def test_hg_push_over_the_limit_is_refused_in_words(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    work.commit({b"large": os.urandom(8 * LIMIT)})
    refused = clients.hg("push", server.url(path), cwd=work.path)
    assert refused.status == 255
    assert f"The request is larger than {LIMIT} bytes." in refused.words
    assert len(hg_log(site.disk(path))) == 1


def test_both_kinds_at_once(site: Site, server: Server, clients: Clients) -> None:
    git, hg = site.add(Kind.GIT), site.add(Kind.HG)
    hg_work = clients.hg_repository("hg-work", commits=5)
    assert clients.git("push", server.url(git), "main", cwd=clients.git_repository("git-work")).status == 0
    assert clients.hg("push", server.url(hg), cwd=hg_work.path).status == 0

    def use(number: int) -> Done:
        if number % 2:
            return clients.git("clone", server.url(git), f"git{number}")
        if number % 4:
            return clients.hg("clone", server.url(hg), f"hg{number}")
        other = clients.hg_repository(f"work{number}", commits=number + 1)
        return clients.hg("push", server.url(site.add(Kind.HG)), cwd=other.path)

    numbers = range(8)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert [one.words for one in pool.map(use, numbers) if one.status] == []
