"""Behind nginx: finished packs are sent by nginx alone, and slow clients are its business."""

import pathlib

import pytest

from kallithea.vcs.types import Kind
from tests.doors.servers import behind_nginx, kallithea_serve, serving
from tests.doors.sites import Browser, make_site
from tests.doors.test_slow_clients import (
    ADA,
    PAGES,
    SIZE,
    begun,
    load_pages,
    push_much,
    stalled_clones,
    wait_for_no_processes,
    wait_until_begun,
)
from tests.transport.site import Clients

pytestmark = [pytest.mark.doors, pytest.mark.slow, pytest.mark.services]

PROXIED = ("remote_addr_variable=HTTP_X_FORWARDED_FOR", "trusted_proxies=127.0.0.1")


@pytest.fixture
def clients(tmp_path: pathlib.Path) -> Clients:
    (tmp_path / "clients").mkdir()
    (tmp_path / "site").mkdir()
    return Clients(tmp_path / "clients")


def test_what_is_made_already_is_sent_by_nginx(tmp_path: pathlib.Path, clients: Clients) -> None:
    site = make_site(tmp_path / "site", "send_files_by=x-accel-redirect", *PROXIED)
    with serving(site, kallithea_serve), behind_nginx(site) as front:
        push_much(front, clients)
        work = clients.hg_repository("hg-work")
        work.commit({b"large": (clients.folder / "work/large").read_bytes()})
        assert clients.hg("push", front.url("hg", ADA), cwd=work.path).status == 0
        for name in ("first", "second"):
            assert clients.git("clone", "-q", front.url("git", ADA), f"git-{name}").status == 0
            assert clients.hg("clone", "-q", front.url("hg", ADA), f"hg-{name}").status == 0
        for kind in Kind:
            assert (clients.folder / f"{kind}-second/large").stat().st_size == SIZE
        with pytest.raises(OSError, match="404"):
            Browser(front).get(f"_kallithea_packs/{next((site.folder / 'data/packs').glob('*')).name}")
    # A redirection of nginx's own is logged under the address of the file.
    sent = [line.split() for line in (site.folder / "nginx-access.log").read_text().splitlines()]
    files = [line for line in sent if line[1].startswith("/_kallithea_packs/") and int(line[3]) > SIZE]
    assert len(files) == 2
    assert all(int(line[2]) < 2000 for line in files)


def test_stalled_clones_take_no_threads_behind_nginx(tmp_path: pathlib.Path, clients: Clients) -> None:
    site = make_site(tmp_path / "site", "workers=1", "threads=2", *PROXIED)
    with serving(site, kallithea_serve), behind_nginx(site) as front:
        commit = push_much(front, clients)
        with stalled_clones(front, commit, 4 + 2) as connections:
            wait_until_begun(connections, 6)
            assert begun(connections) == 6
            assert load_pages(front) == [200] * PAGES
            assert clients.git("clone", "-q", front.url("git", ADA), "copy").status == 0
        wait_for_no_processes(site)
