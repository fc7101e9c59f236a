"""Clones and pulls wait for their turn, with words, and not for ever."""

import concurrent.futures
import contextlib
import os
import pathlib
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from kallithea.cache.slots import Claim, Slots
from kallithea.core.access import VISITORS, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import writing
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Done, Server, Site, build_on, request, serve
from tests.transport.test_lost_clients import connect

pytestmark = pytest.mark.slow

BUSY = "Too many clones and pulls are being worked on. Try again in a moment."
MACHINE = Claim("make-machine", "", 1)


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    settings = "wire_productions=1 wire_productions_each=1 wire_sends_each=1 wire_wait_limit=3"
    with serve(site.folder, settings=settings) as server:
        yield server


@contextlib.contextmanager
def taken(site: Site, claim: Claim) -> Iterator[Callable[[], None]]:
    """Nobody else has the slot until the block ends, or until the answer is called."""
    taken = Slots(site.folder / "cache/wire-slots").try_to_take([claim])
    assert taken is not None
    with taken:
        yield taken.close


@contextlib.contextmanager
def taken_until_somebody_waits(site: Site) -> Iterator[None]:
    """Nobody else can make anything until somebody has waited for it long enough to be told so."""

    def free_it_later(give_back: Callable[[], None]) -> None:
        wait_for_queue(site, 1)
        time.sleep(2)
        give_back()

    with taken(site, MACHINE) as give_back:
        threading.Thread(target=free_it_later, args=[give_back]).start()
        yield


def filled(site: Site, clients: Clients, kind: Kind, size: int = 10) -> str:
    """Path of a repository with one commit, whose file cannot be made smaller."""
    path = site.add(kind)
    if kind is Kind.HG:
        builder = build_on(site.disk(path))
        builder.set_phase(builder.commit({b"file": os.urandom(size)}), "public")
        return path
    work = clients.git_repository(f"work-of-{path}")
    (work / "file").write_bytes(os.urandom(size))
    clients.git("add", "file", cwd=work)
    clients.git("commit", "-q", "-m", "file", cwd=work)
    assert clients.git("push", str(site.disk(path)), "main", cwd=work).status == 0
    return path


def clone(clients: Clients, server: Server, path: str, kind: Kind, protocol: int = 2) -> Done:
    if kind is Kind.HG:
        return clients.hg("clone", server.url(path), f"copy-{path}")
    return clients.git("-c", f"protocol.version={protocol}", "clone", "--progress", server.url(path), f"copy-{path}")


def queue(site: Site) -> list[pathlib.Path]:
    return list((site.folder / "cache/wire-slots/queue").iterdir())


def wait_for_queue(site: Site, length: int) -> None:
    deadline = time.monotonic() + 20
    while len(queue(site)) != length and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(queue(site)) == length


def test_git_says_how_many_are_before_and_then_clones(site: Site, server: Server, clients: Clients) -> None:
    path = filled(site, clients, Kind.GIT)

    with taken_until_somebody_waits(site):
        done = clone(clients, server, path, Kind.GIT)
    assert done.status == 0, done.words
    assert "remote: waiting for a slot (0 before you)" in done.errors
    assert clients.git("fsck", "--strict", cwd=clients.folder / f"copy-{path}").status == 0


def test_git_says_how_many_are_before_and_then_why_it_sends_nothing(
    site: Site, server: Server, clients: Clients
) -> None:
    path = filled(site, clients, Kind.GIT)
    gone = "7" * 40
    with taken_until_somebody_waits(site):
        done = clients.git("fetch", "--progress", server.url(path), gone, cwd=clients.folder / f"work-of-{path}")
    assert done.status != 0
    assert "remote: waiting for a slot (0 before you)" in done.errors
    assert f"remote error: upload-pack: not our ref {gone}" in done.errors


@pytest.mark.parametrize(
    ("kind", "protocol", "words"),
    [
        (Kind.GIT, 2, "remote error: " + BUSY),
        (Kind.GIT, 0, "remote error: " + BUSY),
        (Kind.HG, 0, "HTTP Error 503: " + BUSY),
    ],
)
def test_who_waits_in_vain_is_told_to_come_back(
    site: Site, server: Server, clients: Clients, kind: Kind, protocol: int, words: str
) -> None:
    path = filled(site, clients, kind)
    with taken(site, MACHINE):
        done = clone(clients, server, path, kind, protocol)
    assert done.status != 0
    assert words in done.words
    assert clone(clients, server, path, kind, protocol).status == 0
    assert queue(site) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_slots_of_one_repository_keep_no_other_waiting(
    site: Site, server: Server, clients: Clients, kind: Kind
) -> None:
    full, free = filled(site, clients, kind), filled(site, clients, kind)
    with taken(site, Claim("make-repository", str(site.repository_id(full)), 1)):
        assert clone(clients, server, full, kind).status != 0
        assert clone(clients, server, free, kind).status == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_made_already_needs_no_slot_of_the_machine(
    site: Site, server: Server, clients: Clients, kind: Kind
) -> None:
    path = filled(site, clients, kind)
    assert clone(clients, server, path, kind).status == 0
    (clients.folder / "again").mkdir()
    with taken(site, MACHINE):
        assert clone(Clients(clients.folder / "again"), server, path, kind).status == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_many_readers_of_one_network_keep_the_next_waiting(
    site: Site, server: Server, clients: Clients, kind: Kind
) -> None:
    path = filled(site, clients, kind, 300_000)
    with taken(site, Claim("send-network", "127.0.0.1", 1)):
        assert BUSY in clone(clients, server, path, kind).words


def test_client_that_goes_away_leaves_the_queue(site: Site, server: Server, clients: Clients) -> None:
    path = filled(site, clients, Kind.GIT)
    tip = clients.git("rev-parse", "main", cwd=site.disk(path)).output.strip().encode()
    body = packet(b"want " + tip + b" side-band-64k\n") + FLUSH + packet(b"done\n")
    with taken(site, MACHINE):
        with connect(server, site, path, "git-upload-pack", f"Content-Length: {len(body)}") as connection:
            connection.sendall(body)
            wait_for_queue(site, 1)
        wait_for_queue(site, 0)


def test_hg_is_told_by_status_when_to_come_back(site: Site, server: Server, clients: Clients) -> None:
    path = filled(site, clients, Kind.HG)
    with taken(site, MACHINE):
        answer = request(server, "GET", f"/{path}?cmd=getbundle", user="ada")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")


def test_who_waits_keeps_nobody_of_another_network_waiting(site: Site, clients: Clients) -> None:
    path = filled(site, clients, Kind.GIT, 300_000)
    settings = (
        "wire_sends_each=1 wire_wait_limit=120 remote_addr_variable=HTTP_X_FORWARDED_FOR trusted_proxies=127.0.0.1"
    )

    def clone_from(server: Server, network: str, name: str) -> Done:
        header = f"http.extraHeader=X-Forwarded-For: {network}"
        # nobody but visitors, who share no slots of a member
        return clients.git("-c", header, "clone", server.url(path, None), name)

    with writing(site.application) as services:
        services.permissions.set_(COMMAND_LINE, services.repositories.get(path), VISITORS, Level.READ)
    with (
        serve(site.folder, settings=settings) as server,
        concurrent.futures.ThreadPoolExecutor() as threads,
        taken(site, Claim("send-network", "192.0.2.1", 1)),
    ):
        waiting = [threads.submit(clone_from, server, "192.0.2.1", f"waiting{number}") for number in range(5)]
        wait_for_queue(site, 2)
        assert clone_from(server, "192.0.2.2", "other").status == 0
        assert len(queue(site)) == 2
        assert not any(done.done() for done in waiting)
    assert [done.result().status for done in waiting] == [0] * 5
