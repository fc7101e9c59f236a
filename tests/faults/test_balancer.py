"""F10 behind HAProxy: when no instance is ready, one of them still says why, and when there is none HAProxy does."""

import os
import pathlib
import signal
from dataclasses import replace

import pytest
from sqlalchemy import make_url

from scripts.benchmarks.load import haproxy
from tests.databases import fresh_database
from tests.doors.servers import two_behind_haproxy
from tests.faults.rig import both, rigged
from tests.wires import Wire

pytestmark = [pytest.mark.slow, pytest.mark.services]

PAGES = ("", "git/changelog", "hg/changelog")
WORDS = "The database cannot be reached or is busy. Nothing was changed."
NOBODY = "Kallithea is not there at the moment. Try again later."


def test_words_come_through_a_balancer_also_when_no_instance_is_ready(tmp_path: pathlib.Path) -> None:
    with fresh_database("postgresql", tmp_path) as url:
        server = make_url(url)
        assert server.port is not None
        wire = Wire(server.port)
        through = server.set(port=wire.port).render_as_string(hide_password=False)
        with (
            rigged(tmp_path, f"sqlalchemy.url={through}", url=url) as rig,
            two_behind_haproxy(rig.site) as served,
        ):
            balancer, second = served.balancer, served.second
            assert balancer is not None
            assert second is not None
            rig.site = replace(rig.site, port=balancer.port)
            assert [done.status for done in both(rig.push)] == [0, 0]
            wire.cut()
            for instance in haproxy.SERVERS:
                balancer.wait_until_down(instance)
            for address in PAGES:
                page = rig.get(address)
                assert (page.status, page.retry_after.isdigit()) == (503, True)
                assert WORDS in page.text
            for refused in (*both(rig.clone), *both(rig.push)):
                assert refused.status != 0
                assert WORDS in refused.words
            wire.mend()
            for instance in haproxy.SERVERS:
                balancer.wait_until_up(instance)
            assert [rig.get(address).status for address in PAGES] == [200] * len(PAGES)
            assert [done.status for done in both(rig.push)] == [0, 0]
            for process in (served.process, second):
                os.killpg(process.pid, signal.SIGKILL)
            for instance in haproxy.SERVERS:
                balancer.wait_until_down(instance)
            page = rig.get("")
            assert (page.status, page.retry_after, page.text) == (503, "10", f"{NOBODY}\n")
        wire.cut()
