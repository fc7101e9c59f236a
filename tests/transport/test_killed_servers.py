"""Servers that are killed at any moment of a push or clone: nothing acknowledged is lost, and nothing is in the way.

``KALLITHEA_TEST_KILLS`` says how often each kind of process is killed, ``KALLITHEA_TEST_SEED`` when.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kallithea.cache.slots import Claim, Slots
from kallithea.vcs.types import Kind
from tests.factories.repositories import HgBuilder
from tests.transport.site import PASSWORD, Clients, Done, Server, Site, basic, hg_log, serve
from tests.transport.test_faults import settle_much_later
from tests.transport.test_hooks import is_running, wait_until

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KALLITHEA_TEST_KILLS", "2"))
SEED = int(os.environ.get("KALLITHEA_TEST_SEED", "11"))
SIZE = 4 << 20
# When its connection breaks in a push, hg sends the rest as a whole request, and both sides wait for the other.
_IMPATIENT_SECONDS = 5


@dataclass
class Work:
    """A client that commits and pushes."""

    clients: Clients
    url: str
    folder: pathlib.Path
    builder: HgBuilder | None

    def commit(self) -> str:
        """A large commit on top of the last one; its id."""
        if self.builder is not None:
            return self.builder.commit({b"large": os.urandom(SIZE)})
        (self.folder / "large").write_bytes(os.urandom(SIZE))
        self.clients.git("add", "large", cwd=self.folder)
        self.clients.git("commit", "-q", "-m", "large", cwd=self.folder)
        return self.clients.git("rev-parse", "HEAD", cwd=self.folder).output.strip()

    def push(self, seconds: int = 60) -> Done:
        """Push, and give up when the server is silent for so long."""
        if self.builder is not None:
            return self.clients.hg("push", self.url, cwd=self.folder, config=[f"http.timeout={seconds}"])
        return self.clients.git("push", self.url, "main", cwd=self.folder)

    def clone(self, name: str) -> Done:
        if self.builder is not None:
            return self.clients.hg("clone", "-U", self.url, name)
        return self.clients.git("clone", "--bare", self.url, name)


@dataclass
class Disk:
    """What lies at the server."""

    kind: Kind
    clients: Clients
    path: pathlib.Path

    def commits(self) -> list[str]:
        """Ids of all that a ref leads to, or that is visible."""
        if self.kind is Kind.HG:
            return [commit_id for commit_id, _phase in hg_log(self.path)]
        return self.clients.git("rev-list", "--all", cwd=self.path).output.split()

    def verify(self) -> Done:
        if self.kind is Kind.HG:
            return self.clients.hg("verify", cwd=self.path)
        return self.clients.git("fsck", "--strict", cwd=self.path)


@pytest.fixture(params=list(Kind))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def path(site: Site, kind: Kind) -> str:
    return site.add(kind)


@pytest.fixture
def disk(site: Site, clients: Clients, kind: Kind, path: str) -> Disk:
    return Disk(kind, clients, site.disk(path))


@pytest.fixture
def work(server: Server, clients: Clients, kind: Kind, path: str) -> Work:
    if kind is Kind.HG:
        builder = clients.hg_repository()
        return Work(clients, server.url(path), builder.path, builder)
    return Work(clients, server.url(path), clients.git_repository(), None)


def test_killed_while_it_receives(
    site: Site, server: Server, path: str, disk: Disk, work: Work, clients: Clients
) -> None:
    chance = random.Random(SEED)
    pushed = [work.commit()]
    seconds = time_of(work.push)
    for _ in range(KILLS):
        pushed.append(work.commit())
        done = kill_meanwhile(server, chance, seconds, lambda: work.push(_IMPATIENT_SECONDS))
        wait_until_back(server)
        assert done.status != 0 or pushed[-1] in disk.commits()
        again = work.push()
        assert again.status == 0 or "no changes found" in again.words, again.words
        assert pushed[-1] in disk.commits()

    verified = disk.verify()
    assert verified.status == 0, verified.words
    settle_much_later(site, path)
    assert None not in site.outcomes(path)
    assert {name for name, _ in site.journal(path)} == {"ada"}
    journalled = "".join(details for _, details in site.journal(path))
    assert [commit_id for commit_id in pushed if commit_id not in journalled] == []


def test_killed_while_it_sends(server: Server, disk: Disk, work: Work, clients: Clients) -> None:
    chance = random.Random(SEED)
    newest = [work.commit() for _ in range(2)][-1]
    assert work.push().status == 0
    seconds = time_of(lambda: work.clone("first"))
    for number in range(KILLS):
        # nobody else has asked for the same
        newest = work.commit()
        assert work.push().status == 0
        cut = kill_meanwhile(server, chance, seconds, lambda number=number: work.clone(f"cut{number}"))  # type: ignore[misc]
        wait_until_back(server)
        cloned = Disk(disk.kind, clients, clients.folder / f"cut{number}")
        assert cut.status != 0 or newest in cloned.commits()
        again = work.clone(f"copy{number}")
        assert again.status == 0, again.words
        copy = Disk(disk.kind, clients, clients.folder / f"copy{number}")
        assert newest in copy.commits()
        assert copy.verify().status == 0
    assert disk.verify().status == 0


def time_of(act: Callable[[], Done]) -> float:
    began = time.monotonic()
    done = act()
    assert done.status == 0, done.words
    return time.monotonic() - began


def kill_meanwhile(server: Server, chance: random.Random, seconds: float, act: Callable[[], Done]) -> Done:
    """Do it, and within so many seconds end the process that serves, or one that it has started."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        done = pool.submit(act)
        time.sleep(chance.uniform(0, seconds))
        victim = chance.choice([server.worker_pid, *children(server.worker_pid)])
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        return done.result()


def children(process_id: int) -> list[int]:
    lists = pathlib.Path(f"/proc/{process_id}/task").glob("*/children")
    return sorted(int(number) for one in lists for number in one.read_text().split())


def wait_until_back(server: Server) -> None:
    """Until a worker answers; the main process starts another one by itself."""
    deadline = time.monotonic() + 60
    while not children(server.process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_free(slots: Slots, slot: Claim) -> bool:
    taken = slots.try_to_take([slot])
    if taken is not None:
        taken.close()
    return taken is not None


def test_push_that_is_being_received_has_no_file_that_a_killed_server_would_leave(
    site: Site, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, temporary = site.add(Kind.HG), clients.folder / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    begin = f"POST /{path}?cmd=unbundle HTTP/1.1\r\nHost: x\r\nAuthorization: {basic('ada', PASSWORD)}\r\n"
    begin += "Content-Type: application/mercurial-0.1\r\nX-HgArg-1: heads=666f726365\r\nContent-Length: 999\r\n\r\nHG20"
    with (
        serve(site.folder) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection,
    ):
        connection.sendall(begin.encode())
        wait_until(lambda: count_open_files(server.worker_pid, temporary) > 0)
        assert list(temporary.iterdir()) == []


def count_open_files(pid: int, folder: pathlib.Path) -> int:
    links = pathlib.Path(f"/proc/{pid}/fd")
    with contextlib.suppress(FileNotFoundError):
        return sum(folder in link.readlink().parents for link in links.iterdir())
    return 0


def test_pack_is_given_up_when_the_process_that_makes_it_is_killed(site: Site, clients: Clients) -> None:
    path, program = site.add(Kind.GIT), clients.folder / "slow-git"
    work = clients.git_repository()
    assert clients.git("push", str(site.disk(path)), "main", cwd=work).status == 0
    making, inner, packs = clients.folder / "making", clients.folder / "inner", site.folder / "packs"
    # The first one starts another, as upload-pack does, and waits for it.
    slow = f"sleep 1000 & echo $! > {inner}; echo $$ > {making}.new; mv {making}.new {making}; wait; exit 1"
    slow = f"*stateless-rpc*) if mkdir {clients.folder}/begun 2> /dev/null; then {slow}; fi;;"
    program.write_text(f'#!/bin/sh\ncase "$*" in {slow} esac\nexec git "$@"\n')
    program.chmod(0o755)
    slots, slot = Slots(site.folder / "cache/wire-slots"), Claim("make-machine", "", 1)
    with serve(site.folder, settings=f"git_path={program} wire_productions=1 wire_time_limit=600") as server:
        clone = ("-c", "protocol.version=0", "clone", server.url(path))
        with (
            clients.started("git", *clone, "first", cwd=clients.folder),
            concurrent.futures.ThreadPoolExecutor(1) as threads,
        ):
            wait_until(making.exists)
            alone = count_open_files(server.worker_pid, packs)
            following = threads.submit(clients.git, *clone, "second")
            wait_until(lambda: count_open_files(server.worker_pid, packs) > alone)
            os.kill(int(making.read_text()), signal.SIGKILL)
            # who waited for the same is sent it by a process of its own
            assert following.result().status == 0
            assert not is_running(inner.read_text().strip())
    wait_until(lambda: _is_free(slots, slot))


def test_pack_that_is_being_made_ends_with_a_killed_server(site: Site, clients: Clients) -> None:
    path, program = site.add(Kind.GIT), clients.folder / "slow-git"
    work = clients.git_repository()
    assert clients.git("push", str(site.disk(path)), "main", cwd=work).status == 0
    making = clients.folder / "making"
    lines = f"*stateless-rpc*) echo $$ > {making}.new; mv {making}.new {making}; exec sleep 1000;;"
    program.write_text(f'#!/bin/sh\ncase "$*" in {lines} *) exec git "$@";; esac\n')
    program.chmod(0o755)
    slots, slot = Slots(site.folder / "cache/wire-slots"), Claim("make-machine", "", 1)
    with (
        serve(site.folder, settings=f"git_path={program} wire_productions=1") as server,
        clients.started("git", "-c", "protocol.version=0", "clone", server.url(path), "copy", cwd=clients.folder),
    ):
        wait_until(making.exists)
        assert slots.try_to_take([slot]) is None
        worker = server.worker_pid
        server.process.kill()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not is_running(making.read_text().strip()))
    # whoever else holds the slot ends a moment after the one that makes the pack
    wait_until(lambda: _is_free(slots, slot))
