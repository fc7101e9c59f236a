"""Behind nginx: finished packs are sent by nginx alone, and slow clients are its business."""

import contextlib
import io
import json
import pathlib
import re
import socket
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest

from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import anonymous_bytes
from scripts.benchmarks.load import haproxy
from scripts.benchmarks.serving import free_port
from tests.doors.exchange import push_and_clone_hg, push_git, texts_are_compressed, wait_for
from tests.doors.servers import Served, behind_nginx, kallithea_serve, serving, two_behind_nginx, uwsgi_behind_nginx
from tests.doors.sites import Browser, OperatorsSite, make_certificate, make_site
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
        texts_are_compressed(front, "large")
    # A redirection of nginx's own is logged under the address of the file.
    sent = [line.split() for line in (site.folder / "nginx-access.log").read_text().splitlines()]
    files = [line for line in sent if line[1].startswith("/_kallithea_packs/") and int(line[3]) > SIZE]
    # a pack, a bundle, and an archive
    assert len(files) == 3
    assert all(int(line[2]) < 2000 for line in files)
    # the first clone was sent by ourselves, the second by nginx
    (sums,) = (site.folder / "data/cache").glob("requests-*.json")
    assert json.loads(sums.read_bytes())["bytes|git-transfer"] > 2 * SIZE


@contextlib.contextmanager
def serve_behind_nginx(site: OperatorsSite) -> Iterator[Served]:
    """``kallithea serve`` behind nginx."""
    with serving(site, kallithea_serve) as process, behind_nginx(site) as front:
        yield Served(front, process)


@pytest.mark.parametrize("served", [serve_behind_nginx, uwsgi_behind_nginx])
def test_an_archive_is_sent_by_nginx_whole_and_in_parts(
    tmp_path: pathlib.Path, clients: Clients, served: Callable[[OperatorsSite], AbstractContextManager[Served]]
) -> None:
    site = make_site(tmp_path / "site", "send_files_by=x-accel-redirect", *PROXIED)
    with served(site) as way:
        front = way.front
        push_much(front, clients)
        browser = Browser(front)
        browser.sign_in()
        whole = browser.ask("git/archive/main.tar")
        with tarfile.open(fileobj=io.BytesIO(whole.body)) as opened:
            (name,) = (name for name in opened.getnames() if name.endswith("/large"))
            large = opened.extractfile(name)
            assert large is not None
            assert large.read() == (clients.folder / "work/large").read_bytes()
        assert whole.headers["Content-Type"] == "application/x-tar"
        assert whole.headers["Content-Disposition"].startswith("attachment; ")
        part = browser.ask("git/archive/main.tar", Range="bytes=1000-1999", If_Range=whole.headers["ETag"])
        assert (part.status, part.body) == (206, whole.body[1000:2000])
        assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole.body)}"
        beyond = browser.ask("git/archive/main.tar", Range=f"bytes={len(whole.body)}-")
        assert beyond.status == 416
        head = browser.ask("git/archive/main.tar", method="HEAD")
        assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(whole.body)))
        assert browser.ask("git/archive/main.tar", If_None_Match=whole.headers["ETag"]).status == 304
    sent = [line.split() for line in (site.folder / "nginx-access.log").read_text().splitlines()]
    assert any(line[1].startswith("/_kallithea_packs/") and int(line[3]) > SIZE for line in sent)


def test_stalled_clones_take_no_threads_behind_nginx(tmp_path: pathlib.Path, clients: Clients) -> None:
    site = make_site(tmp_path / "site", "workers=1", "threads=2", *PROXIED)
    with serving(site, kallithea_serve), behind_nginx(site) as front:
        commit = push_much(front, clients)
        with stalled_clones(front, commit, 4 + 2) as connections:
            wait_until_begun(connections, 6)
            assert begun(connections) == 6
            # what its clients have not taken is on nginx's disk
            nginx = int((site.folder / "nginx.pid").read_text())
            assert anonymous_bytes([nginx], without="git") < SIZE
            assert load_pages(front) == [200] * PAGES
            assert clients.git("clone", "-q", front.url("git", ADA), "copy").status == 0
        wait_for_no_processes(site)


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("nginx.conf", ""), ("nginx_uwsgi.conf", ""), ("nginx_several.conf", ""), ("nginx_prefix.conf", "/hg")],
)
def test_nginx_says_that_nothing_is_behind_it(tmp_path: pathlib.Path, name: str, prefix: str) -> None:
    site = OperatorsSite(tmp_path, free_port())
    trusting = make_certificate(tmp_path / "tls")
    instances = dict.fromkeys(haproxy.SERVERS.values(), site.port) if name == "nginx_several.conf" else None
    with behind_nginx(site, name, prefix=prefix, instances=instances) as front:
        address = f"{'https' if prefix else 'http'}://127.0.0.1:{front.port}{prefix}/git/info/refs"
        answer = Browser(front, trusting).ask(address)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert answer.body == b"Kallithea is not there at the moment. Try again later.\n"


@pytest.mark.parametrize("name", ["nginx.conf", "nginx_several.conf"])
def test_nginx_says_that_an_address_has_too_many_connections(tmp_path: pathlib.Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent, contextlib.ExitStack() as held:
        site = OperatorsSite(tmp_path, silent.getsockname()[1])
        instances = dict.fromkeys(haproxy.SERVERS.values(), site.port) if name == "nginx_several.conf" else None
        front = held.enter_context(behind_nginx(site, name, instances=instances))
        for _number in range(32):
            one = held.enter_context(socket.create_connection(("127.0.0.1", front.port)))
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            # nginx has taken it and asked
            held.enter_context(silent.accept()[0])
        answer = Browser(front).ask("")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "10")
    assert answer.body.startswith(b"Too many connections")


def test_two_instances_follow_the_rules_of_the_guide(tmp_path: pathlib.Path, clients: Clients) -> None:
    site = make_site(tmp_path / "site", *PROXIED)

    def lines() -> list[str]:
        return log.read_text().splitlines()

    def asked_for_home() -> list[str]:
        return [line for line in lines() if line.startswith("GET / ")]

    def has_lines(count: int) -> bool:
        return len(lines()) == count

    def asked(*command: str) -> set[str]:
        """The instances that a command of git asks, with three requests."""
        begun = len(lines())
        for number in (3, 6, 9):
            assert clients.git(*command, front.url("git", ADA)).status == 0
            # a line is written when its answer has been sent
            wait_for(partial(has_lines, begun + number))
        return {line.split()[-1] for line in lines()[begun:]}

    with two_behind_nginx(site) as way:
        front, log = way.front, site.folder / "nginx-access.log"
        one = f"127.0.0.1:{site.port}"
        push_and_clone_hg(front, clients)
        push_git(front, clients)
        assert load_pages(front) == [200] * PAGES
        wait_for(lambda: len(asked_for_home()) == PAGES)
        pages = {line.split()[-1] for line in asked_for_home()}
        (two,) = pages - {one}
        assert pages == {one, two}
        assert asked("-c", "http.userAgent=gitlab-runner 17.0", "ls-remote") == {two}
        assert len(asked("ls-remote")) == 1
        name = Browser(front).ask("", X_Request_Id="chosen-by-the-client").headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", name)
        way.process.terminate()
        way.process.wait(30)
        assert load_pages(front) == [200] * PAGES
        assert clients.git("ls-remote", front.url("git", ADA)).status == 0
        assert clients.hg("identify", front.url("hg", ADA)).status == 0
