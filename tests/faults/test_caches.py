"""F08 and F12: what was kept is torn, and the server that keeps it goes away."""

import pathlib
import re
import time
from collections.abc import Iterator

import pytest

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.services.work import open_application
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.faults.rig import OUTAGE_SECONDS
from tests.tasks.conftest import Broker, open_broker
from tests.web.site import Site, get

PAGES = [f"/{kind}{page}" for kind in Kind for page in ("", "/files/tip/a.py", "/changelog", "/annotate/tip/a.py")]


def fill(site: Site) -> None:
    site.grant("visitors", Level.READ)
    for kind in Kind:
        site.repository(kind.value, kind).commit({b"a.py": b"print(1)\n", b"README.md": b"# Title\n"})


def test_torn_files_of_caches_are_made_again(application: Application) -> None:
    site = Site(application)
    fill(site)
    whole = {page: _plain(get(site.browser(), page).text) for page in PAGES}
    kept = [path for path in application.settings.cache_dir.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(kept) > len(PAGES)
    for path in kept:
        path.chmod(0o600)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    again = Site(open_application(application.settings))
    assert {page: _plain(get(again.browser(), page).text) for page in PAGES} == whole
    again.application.close()


def _plain(text: str) -> str:
    """A page without what differs each time it is made."""
    return re.sub(r"\d+ (seconds|minutes)", "", text)


@pytest.fixture
def redis(tmp_path: pathlib.Path) -> Iterator[Broker]:
    with open_broker("redis", tmp_path) as server:
        yield server


@pytest.mark.services
def test_pages_go_on_without_the_server_of_the_cache(
    tmp_path: pathlib.Path, redis: Broker, application: Application
) -> None:
    values = {"beaker__cache__type": "ext:redis", "beaker__cache__url": redis.url}
    site = Site(open_application(settings_for(application.settings.database_url, tmp_path, **values)))
    fill(site)
    assert {get(site.browser(), page).status_int for page in PAGES} == {200}
    redis.stop()
    assert {get(site.browser(), page).status_int for page in PAGES} == {200}
    time.sleep(OUTAGE_SECONDS)
    redis.start()
    assert {get(site.browser(), page).status_int for page in PAGES} == {200}
    site.application.close()
