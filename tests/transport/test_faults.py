"""Pushes that meet trouble: nothing half done, words at the client, and the account of it right in the end."""

import contextlib
import datetime
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kallithea.services.settling import settle
from kallithea.vcs.types import Kind
from tests.transport.site import HG, ROOT, Clients, Done, Server, Site, hg_log, request, serve

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def locked_database(site: Site) -> Iterator[None]:
    """Nobody else can write to the database as long as the block runs."""
    with site.application.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield


def push(clients: Clients, server: Server, path: str, kind: Kind, name: str = "work") -> Done:
    if kind is Kind.HG:
        return clients.hg("push", server.url(path), cwd=clients.hg_repository(name).path)
    return clients.git("push", server.url(path), "main", cwd=clients.git_repository(name))


def commits(clients: Clients, site: Site, path: str, kind: Kind) -> int:
    if kind is Kind.HG:
        return len(hg_log(site.disk(path)))
    return int(clients.git("rev-list", "--all", "--count", cwd=site.disk(path)).output)


def settle_much_later(site: Site, path: str) -> None:
    clock = site.application.clock
    site.application.clock = lambda: clock() + datetime.timedelta(days=1)
    settle(site.application, site.repository_id(path))
    site.application.clock = clock


@pytest.mark.parametrize("kind", list(Kind))
def test_push_is_refused_while_the_database_is_away(site: Site, server: Server, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    with locked_database(site):
        refused = push(clients, server, path, kind)
    assert refused.status == (255 if kind is Kind.HG else 1)
    assert "The change was refused, because it cannot be recorded now." in refused.words
    assert commits(clients, site, path, kind) == 0
    assert push(clients, server, path, kind, "again").status == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_reading_goes_on_while_another_process_writes(site: Site, server: Server, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    with locked_database(site):
        assert clients.run(HG if kind is Kind.HG else "git", "clone", server.url(path, "bob"), "copy").status == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_push_that_died_before_it_was_recorded_is_settled(site: Site, clients: Clients, kind: Kind) -> None:
    path = site.add(kind)
    with serve(site.folder, die="before-record") as server:
        assert push(clients, server, path, kind).status != 0
    assert commits(clients, site, path, kind) == 1
    assert site.outcomes(path) == [None]
    assert site.journal(path) == []
    settle_much_later(site, path)
    assert site.outcomes(path) == ["reconciled"]
    ((name, details),) = site.journal(path)
    assert name == "ada"
    assert "heads/main" in details or "heads/default" in details


@pytest.mark.parametrize("kind", list(Kind))
def test_push_that_died_before_refs_moved_leaves_nothing_in_the_way(
    site: Site, clients: Clients, server: Server, kind: Kind
) -> None:
    path = site.add(kind)
    with serve(site.folder, die="before-announce") as dying:
        assert push(clients, dying, path, kind).status != 0
    assert commits(clients, site, path, kind) == 0
    assert clients.run(HG if kind is Kind.HG else "git", "clone", server.url(path), "copy").status == 0
    again = push(clients, server, path, kind, "again")
    assert again.status == 0, again.words
    assert commits(clients, site, path, kind) == 1
    assert site.outcomes(path) == ["recorded"]


def test_changeset_that_a_killed_push_left_visible_is_told_to_nobody(
    site: Site, server: Server, clients: Clients
) -> None:
    path = site.add(Kind.HG)
    work = clients.hg_repository()
    assert clients.hg("push", server.url(path), cwd=work.path).status == 0
    command = ["-m", "tests.vcs.hg.dying_transaction", str(site.disk(path)), "die-late"]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=False)
    assert len(hg_log(site.disk(path))) == 2

    work.commit({b"new.txt": b"new"})
    pushed = clients.hg("push", server.url(path), cwd=work.path)
    assert pushed.status == 0, pushed.words
    assert hg_log(site.disk(path)) == hg_log(work.path)


@pytest.mark.parametrize("kind", list(Kind))
def test_who_has_to_come_back_later_is_told_so(site: Site, clients: Clients, kind: Kind) -> None:
    path = site.add(kind, visitors=True)
    with serve(site.folder, die="busy") as server:
        refused = clients.run(HG if kind is Kind.HG else "git", "clone", server.url(path), "copy")
        query = "info/refs?service=git-upload-pack" if kind is Kind.GIT else "?cmd=capabilities"
        answer = request(server, "GET", f"/{path}/{query}")

    assert refused.status != 0
    assert "Too many large requests are being worked on. Try again in a moment." in refused.words
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
