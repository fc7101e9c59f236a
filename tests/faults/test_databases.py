"""F10: the database server goes away under load, and comes back: refusals in words, no restart, nothing lost."""

import pathlib
import time

import pytest
from sqlalchemy import make_url

from tests.databases import fresh_database
from tests.faults.read_only import read_only_url
from tests.faults.rig import OUTAGE_SECONDS, both, rigged, served, soon
from tests.wires import Wire

pytestmark = [pytest.mark.slow, pytest.mark.services]

PAGES = ("", "git/changelog", "hg/changelog")
READ_ONLY = "This server is read-only at the moment. Nothing was changed; try again later."
WORDS = "The database cannot be reached or is busy. Nothing was changed."


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_database_goes_away_under_pushes_and_comes_back(tmp_path: pathlib.Path, database: str) -> None:
    with fresh_database(database, tmp_path) as url:
        server = make_url(url)
        assert server.port is not None
        wire = Wire(server.port)
        through = server.set(port=wire.port).render_as_string(hide_password=False)
        with rigged(tmp_path, f"sqlalchemy.url={through}", url=url) as rig, served(rig):
            with rig.pushing() as told:
                assert soon(lambda: len(rig.acknowledged) >= 2)
                wire.cut()
                for address in PAGES:
                    page = rig.get(address)
                    assert (page.status, page.retry_after.isdigit()) == (503, True)
                    assert WORDS in page.text
                ready = rig.get("_readyz")
                assert (ready.status, ready.text) == (503, "not ready\nthe database cannot be reached or is busy\n")
                for refused in (*both(rig.clone), *both(rig.clone)):
                    assert refused.status != 0
                    assert WORDS in refused.words
                time.sleep(OUTAGE_SECONDS)
                wire.mend()
                assert soon(lambda: all(rig.get(address).status == 200 for address in (*PAGES, "_readyz")))
                already = len(rig.acknowledged)
                assert soon(lambda: len(rig.acknowledged) > already)
            assert any(WORDS in done.words for done in told if done.status != 0)
            rig.require_nothing_lost()
        wire.cut()


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_database_that_becomes_read_only_serves_readers_and_refuses_pushes(
    tmp_path: pathlib.Path, database: str
) -> None:
    with fresh_database(database, tmp_path) as url, rigged(tmp_path, f"sqlalchemy.url={url}") as rig:
        with served(rig):
            assert [done.status for done in both(rig.push)] == [0, 0]
        text = rig.site.ini.read_text()
        rig.site.ini.write_text(text.replace(url, read_only_url(url).replace("%", "%%")))
        with served(rig):
            assert [rig.get(address).status for address in (*PAGES, "_readyz")] == [200] * 4
            assert [done.status for done in both(rig.clone)] == [0, 0]
            for refused in both(rig.push):
                assert refused.status != 0
                assert READ_ONLY in refused.words
        rig.site.ini.write_text(text)
        with served(rig):
            assert [done.status for done in both(rig.push)] == [0, 0]
        rig.require_nothing_lost()
        assert "Traceback" not in rig.site.log.read_text()
