"""`kallithea serve` looks after its processes, and says what keeps it from serving."""

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from kallithea.migrations.schema import VERSION_TABLE, head
from kallithea.model.engine import open_engine
from tests.cli.conftest import Kallithea, refused
from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import OperatorsSite, make_site

_PATIENCE_SECONDS = 30


@pytest.fixture
def operators_site(tmp_path: Path) -> OperatorsSite:
    return make_site(tmp_path, "worker=embedded")


def _processes(ini: Path, word: str) -> set[int]:
    """Ids of the processes with this word and the .ini in their command lines."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if word.encode() in words and str(ini).encode() in words:
            found.add(int(folder.name))
    return found


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_all_processes_and_is_no_failure(operators_site: OperatorsSite, number: signal.Signals) -> None:
    ini = operators_site.ini
    with serving(operators_site, kallithea_serve) as server:
        _wait_for(lambda: len(_processes(ini, "worker")) == 1)
        assert len(_processes(ini, "serve")) == 3
        server.send_signal(number)
        assert server.wait(_PATIENCE_SECONDS) == 0
        assert _processes(ini, "worker") | _processes(ini, "serve") == set()
    assert f"http://127.0.0.1:{operators_site.port}/" in operators_site.log.read_text()


@pytest.mark.slow
def test_worker_that_dies_is_started_again(operators_site: OperatorsSite) -> None:
    ini = operators_site.ini
    with serving(operators_site, kallithea_serve):
        _wait_for(lambda: len(_processes(ini, "worker")) == 1)
        (first,) = _processes(ini, "worker")
        os.kill(first, signal.SIGKILL)
        _wait_for(lambda: len(_processes(ini, "worker") - {first}) == 1)


@pytest.mark.slow
def test_worker_that_is_started_before_the_upgrade_works_after_it(operators_site: OperatorsSite) -> None:
    engine = open_engine(f"sqlite:///{operators_site.folder}/data/kallithea.db")

    def set_version(version: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))

    def periodic_work() -> int:
        with engine.connect() as connection:
            return len(connection.execute(text("SELECT * FROM leases")).all())

    ini = operators_site.ini
    set_version("0001")
    with serving(operators_site, kallithea_serve, http=False):
        _wait_for(lambda: "version 0001, this program needs" in operators_site.log.read_text())
        _wait_for(lambda: len(_processes(ini, "worker")) == 1)
        (first,) = _processes(ini, "worker")
        time.sleep(2)
        assert periodic_work() == 0
        set_version(head())
        _wait_for(lambda: periodic_work() > 0)
        assert _processes(ini, "worker") == {first}
    engine.dispose()


@pytest.mark.slow
def test_nothing_outlives_a_server_that_is_killed(operators_site: OperatorsSite) -> None:
    ini = operators_site.ini
    with serving(operators_site, kallithea_serve) as server:
        _wait_for(lambda: len(_processes(ini, "worker")) == 1)
        server.kill()
        server.wait()
        _wait_for(lambda: _processes(ini, "worker") | _processes(ini, "serve") == set())


@pytest.mark.slow
def test_what_processes_have_counted_is_there_when_they_idle_and_when_they_end(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    # each of both processes is replaced a few times
    site.ini.write_text(site.ini.read_text().replace("workers = 2", "workers = 2\nmax_requests = 7"))

    def count() -> int:
        files = (tmp_path / "data/cache").glob("requests-*.json")
        return sum(int(json.loads(path.read_bytes()).get("requests|static|200", 0)) for path in files)

    def ask(times: int) -> None:
        for _ in range(times):
            urllib.request.urlopen(site.url("images/logo.svg"), timeout=60).close()

    with serving(site, kallithea_serve) as server:
        ask(40)
        _wait_for(lambda: count() == 40)
        ask(6)
        server.send_signal(signal.SIGTERM)
        assert server.wait(_PATIENCE_SECONDS) == 0
    assert count() == 46


@pytest.mark.slow
def test_headers_of_whoever_is_no_trusted_proxy_are_not_believed(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    told = {"X-Forwarded-Proto": "https", "SCRIPT_NAME": "/elsewhere"}
    with serving(site, kallithea_serve):
        asked = urllib.request.Request(site.url("_admin/login"), headers=told)
        with urllib.request.urlopen(asked, timeout=60) as page:
            assert b'href="/css/kallithea-' in page.read()
    assert "secure" not in page.headers["Set-Cookie"].lower()


@pytest.mark.slow
def test_site_below_a_path(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    text = site.ini.read_text()
    for line in (
        "[filter:proxy-prefix]",
        "use = egg:PasteDeploy#prefix",
        "prefix = /code",
        "filter-with = proxy-prefix",
    ):
        assert f"\n#{line}\n" in text
        text = text.replace(f"\n#{line}\n", f"\n{line}\n")
    site.ini.write_text(text)
    with serving(site, kallithea_serve), urllib.request.urlopen(site.url("code/"), timeout=60) as page:
        assert b'href="/code/css/kallithea-' in page.read()


def test_site_without_a_database_says_what_to_do(kallithea: Kallithea) -> None:
    assert "kallithea db-create" in refused(kallithea("serve"))


def test_site_whose_database_is_empty_says_what_to_do(kallithea: Kallithea, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/kallithea.db").touch()
    assert "kallithea db-create" in refused(kallithea("serve"))


def test_wrong_setting_is_refused(kallithea: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("#worker = embedded", "worker = sometimes"))
    assert "worker = sometimes: write one of embedded, separate" in refused(kallithea("serve"))


def test_address_in_use_is_told_at_once(site: Kallithea) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        assert f"cannot listen at 127.0.0.1, port {port}" in refused(site("serve", "--port", port))


def test_wrong_setting_of_the_server_is_named(site: Kallithea, tmp_path: Path) -> None:
    ini = tmp_path / "site.ini"
    ini.write_text(ini.read_text().replace("workers = 2", "workers = many"))
    assert "[server:main] workers = many" in refused(site("serve"))
