"""F13, F19, F20: several processes at once, and processes that are replaced or ended while they work."""

import os
import pathlib
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from kallithea.migrations.schema import VERSION_TABLE, head
from kallithea.services.work import writing
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import Kind
from tests.doors.servers import gunicorn_gthread, kallithea_serve, serving
from tests.doors.sites import Browser
from tests.factories.repositories import make_builder
from tests.faults.rig import Rig, both, rigged, soon
from tests.transport.site import Clients, Done, Server, Site, serve

pytestmark = pytest.mark.slow

#: How often two clients push to one branch at the same time.
ROUNDS = int(os.environ.get("KALLITHEA_TEST_ROUNDS", "2"))
# As production.ini.template says.
_PROCESSES = 2


@pytest.fixture
def rig(tmp_path: pathlib.Path) -> Iterator[Rig]:
    with rigged(tmp_path) as rig:
        yield rig


def children(process_id: int) -> set[str]:
    """Ids of the processes that answer requests."""
    return set(pathlib.Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split())


def test_processes_are_replaced_under_load_and_nobody_notices(rig: Rig) -> None:
    with serving(rig.site, kallithea_serve) as server:
        assert soon(lambda: len(children(server.pid)) == _PROCESSES)
        before = children(server.pid)
        ended, statuses = threading.Event(), []

        def browse() -> None:
            while not ended.is_set():
                statuses.append(rig.get("").status)

        with rig.pushing() as told, ThreadPoolExecutor() as threads:
            browsing = threads.submit(browse)
            try:
                assert soon(lambda: len(rig.acknowledged) >= 2)
                server.send_signal(signal.SIGHUP)
                assert soon(lambda: not before & children(server.pid) and len(children(server.pid)) == _PROCESSES)
                already = len(rig.acknowledged)
                assert soon(lambda: len(rig.acknowledged) >= already + 2)
            finally:
                ended.set()
            browsing.result()
    assert [done.words for done in told if done.status != 0] == []
    assert set(statuses) == {200}
    rig.require_nothing_lost()


def test_all_processes_are_told_to_end_and_nothing_is_in_the_way(rig: Rig) -> None:
    with serving(rig.site, kallithea_serve) as server, rig.pushing():
        assert soon(lambda: len(rig.acknowledged) >= 2)
        os.killpg(server.pid, signal.SIGTERM)
        assert server.wait(30) == 0
    with serving(rig.site, kallithea_serve):
        assert [done.status for done in both(rig.push)] == [0, 0]
    rig.require_nothing_lost()


def test_processes_that_die_during_an_upgrade_do_not_end_the_server(rig: Rig) -> None:
    """Without ``--preload`` those that gunicorn makes in their place load the site anew."""

    def set_version(version: str) -> None:
        with writing(rig.application) as services:
            services.session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))

    with serving(rig.site, gunicorn_gthread) as server:
        set_version("0001")
        before = children(server.pid)
        for process_id in before:
            os.kill(int(process_id), signal.SIGKILL)
        assert soon(lambda: not before & children(server.pid))
        # which waits for one of the new processes
        refused = Browser(rig.site).ask("")
        assert refused.status == 503
        assert refused.headers["Retry-After"].isdigit()
        set_version(head())
        assert Browser(rig.site).ask("").status == 200


@pytest.mark.parametrize("kind", list(Kind))
def test_of_two_pushes_to_one_branch_by_two_servers_one_wins(tmp_path: pathlib.Path, kind: Kind) -> None:
    (tmp_path / "site").mkdir()
    site, clients, builder = Site(tmp_path / "site"), Clients(tmp_path), make_builder(kind, tmp_path / "work")
    path, tip = site.add(kind), builder.commit({b"a": b"0"})

    def push(server: Server, commit_id: str) -> Done:
        if kind is Kind.HG:
            return clients.hg("push", "-r", commit_id, server.url(path), cwd=builder.path)
        return clients.git("push", server.url(path), f"{commit_id}:refs/heads/main", cwd=builder.path)

    with serve(site.folder) as one, serve(site.folder) as other, ThreadPoolExecutor() as threads:
        assert push(one, tip).status == 0
        for _round in range(ROUNDS):
            rivals = [builder.commit({b"a": name}, parents=(tip,)) for name in (b"one", b"two")]
            told = list(threads.map(push, (one, other), rivals))
            ((tip, _),) = [pair for pair in zip(rivals, told, strict=True) if pair[1].status == 0]
            (loser,) = [done for done in told if done.status != 0]
            assert any(words in loser.words for words in ("rejected", "while pushing", "new remote head")), loser.words
    assert site.outcomes(path).count("recorded") == 1 + ROUNDS
    with open_repository(kind, site.disk(path), site.application.vcs_options) as repository:
        assert repository.count(tip) == 1 + ROUNDS
        assert set(repository.state().refs.values()) >= {tip}
    site.application.close()
