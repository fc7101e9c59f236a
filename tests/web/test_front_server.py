"""Downloads that a web server in front is told to send: the same bytes, for the same people."""

import os
import pathlib
import shutil
from dataclasses import replace

import pytest

from kallithea.core.access import Level
from kallithea.services import front_server
from kallithea.transport.watching import Watch
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder
from tests.web.site import Site, get

ARCHIVE, FILE = "/r/archive/tip.tar", "/r/raw/tip/data"
#: Parts and beginnings of it are the business of whoever has the file.
REQUESTS: list[tuple[str, dict[str, str]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Range": "bytes=5-9"}),
    ("GET", {"Range": "bytes=999999999-"}),
]


@pytest.fixture
def builder(site: Site, monkeypatch: pytest.MonkeyPatch) -> RepositoryBuilder:
    """A repository with a file that is read from a store."""
    monkeypatch.setattr("kallithea.services.raw_files._KEPT", 1000)
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    builder.commit({b"data": b"\0" + os.urandom(200_000), b"text": b"x\n" * 100_000, b"little": b"\0" * 2_000})
    return builder


def send_by(site: Site, send_files_by: str) -> None:
    site.application.settings = replace(site.application.settings, send_files_by=send_files_by)


def packs(site: Site) -> pathlib.Path:
    folder = site.application.settings.pack_cache_dir
    assert folder is not None
    return folder


@pytest.mark.parametrize("address", [ARCHIVE, FILE])
@pytest.mark.parametrize(("method", "headers"), REQUESTS)
def test_the_server_in_front_has_the_very_bytes(
    site: Site, builder: RepositoryBuilder, address: str, method: str, headers: dict[str, str]
) -> None:
    plain = get(site.browser(), address)
    for send_files_by, name in (("x-sendfile", "X-Sendfile"), ("x-accel-redirect", "X-Accel-Redirect")):
        send_by(site, send_files_by)
        answer = site.browser().request(address, method=method, headers=headers, expect_errors=True)
        assert (answer.status_int, answer.body) == (200, b"")
        assert "Content-Range" not in answer.headers
        told = answer.headers[name].removeprefix(front_server.INTERNAL_ADDRESS)
        # whatever lies where, nginx has the folder and Apache the path
        assert (packs(site) / told).read_bytes() == plain.body
        for kept in ("Content-Type", "Content-Disposition", "Cache-Control", "ETag", "Content-Security-Policy"):
            assert answer.headers[kept] == plain.headers[kept]


@pytest.mark.parametrize(("request_", "size"), list(zip(REQUESTS, (None, 0, 5, 0), strict=True)))
def test_what_it_sends_is_counted(
    site: Site, builder: RepositoryBuilder, request_: tuple[str, dict[str, str]], size: int | None
) -> None:
    whole = len(get(site.browser(), FILE).body)
    send_by(site, "x-sendfile")
    site.pages = Watch(site.application, site.pages)
    method, headers = request_
    assert site.browser().request(FILE, method=method, headers=headers).body == b""
    counted = sum(count for name, count in site.application.tallies.read().items() if name.startswith("bytes|"))
    assert counted == (whole if size is None else size)


def test_it_is_copied_once(site: Site, builder: RepositoryBuilder) -> None:
    send_by(site, "x-sendfile")
    found = {pathlib.Path(get(site.browser(), ARCHIVE).headers["X-Sendfile"]).stat().st_ino for _time in range(3)}
    assert len(found) == 1


@pytest.mark.parametrize("address", ["/r/raw/tip/text", "/r/raw/tip/little"])
def test_what_is_shown_and_what_is_small_is_sent_by_ourselves(
    site: Site, builder: RepositoryBuilder, address: str
) -> None:
    """Nginx would take away what keeps browsers from running a content."""
    plain = get(site.browser(), address)
    send_by(site, "x-accel-redirect")
    answer = get(site.browser(), address)
    assert "X-Accel-Redirect" not in answer.headers
    assert answer.body == plain.body != b""


def test_without_room_it_is_sent_by_ourselves(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = get(site.browser(), ARCHIVE)
    send_by(site, "x-sendfile")
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("kallithea.cache.growing_room.shutil.disk_usage", lambda _: usage._replace(free=1 << 20))
    assert get(site.browser(), ARCHIVE).body == plain.body


def test_whoever_may_not_read_is_told_of_no_file(site: Site, builder: RepositoryBuilder) -> None:
    send_by(site, "x-sendfile")
    assert "X-Sendfile" in get(site.browser(), ARCHIVE).headers
    site.grant("visitors", Level.NONE)
    for address in (ARCHIVE, FILE):
        refused = get(site.browser(), address)
        assert refused.status_int == 404
        assert "X-Sendfile" not in refused.headers
