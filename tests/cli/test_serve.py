"""`kallithea serve` looks after its processes, and says what keeps it from serving."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

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
def test_nothing_outlives_a_server_that_is_killed(operators_site: OperatorsSite) -> None:
    ini = operators_site.ini
    with serving(operators_site, kallithea_serve) as server:
        _wait_for(lambda: len(_processes(ini, "worker")) == 1)
        server.kill()
        server.wait()
        _wait_for(lambda: _processes(ini, "worker") | _processes(ini, "serve") == set())


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
        assert b'href="/code/css/kallithea.css' in page.read()


def test_site_without_a_database_says_what_to_do(kallithea: Kallithea) -> None:
    assert "kallithea db-create" in refused(kallithea("serve"))


def test_tables_of_another_version_are_refused(kallithea: Kallithea, tmp_path: Path) -> None:
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
