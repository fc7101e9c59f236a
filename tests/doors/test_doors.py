"""Each of the six ways to serve lets real clients push, clone and browse repositories of both kinds."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from scripts.benchmarks.load import haproxy
from tests.doors.exchange import (
    ADA,
    MESSAGE,
    clone_git,
    clone_hg,
    held_clone,
    holding_git,
    push_and_clone_hg,
    push_git,
    statuses_of_a_promised_push,
    texts_are_compressed,
    wait_for,
)
from tests.doors.restarts import Restart, answering, by_hangup, by_touch, by_user_signal, restart_unnoticed
from tests.doors.servers import (
    Command,
    Served,
    apache,
    apache_with_pips_module,
    gearbox_serve,
    gunicorn_gthread,
    gunicorn_paste,
    kallithea_serve,
    paster_serve,
    pserve,
    serving,
    two_behind_haproxy,
    uwsgi,
    uwsgi_behind_nginx,
    waitress,
)
from tests.doors.sites import Browser, OperatorsSite, make_site
from tests.transport.site import Clients

pytestmark = [pytest.mark.doors, pytest.mark.slow]

#: Servers that can be restarted without anybody noticing, and how.
_RESTARTS: dict[Callable[[OperatorsSite], Command], Restart] = {
    kallithea_serve: by_hangup,
    gunicorn_gthread: by_hangup,
    apache: by_user_signal,
    apache_with_pips_module: by_user_signal,
}


@pytest.mark.parametrize(
    "server",
    [
        kallithea_serve,
        pserve,
        paster_serve,
        gearbox_serve,
        gunicorn_paste,
        pytest.param(apache, marks=pytest.mark.services),
        pytest.param(apache_with_pips_module, marks=pytest.mark.services),
    ],
)
def test_both_kinds_are_pushed_cloned_and_browsed(tmp_path: Path, server: Callable[[OperatorsSite], Command]) -> None:
    site, clients = _prepare(tmp_path)
    with serving(site, server) as process:
        push_git(site, clients)
        if server in _RESTARTS:
            restart_unnoticed(site, site, clients, process, _RESTARTS[server])
        else:
            clone_git(site, clients, "git-clone")
        push_and_clone_hg(site, clients)
        _require_both(site)
        assert statuses_of_a_promised_push(site) == ["100", "200"]
        if _RESTARTS.get(server) is by_user_signal:
            texts_are_compressed(site)
    assert re.search(r"Traceback|ERROR|CRITICAL", site.log.read_text()) is None


def by_gthread(site: OperatorsSite) -> AbstractContextManager[Served]:
    """Gunicorn's threads."""
    return _alone(site, gunicorn_gthread)


def by_waitress(site: OperatorsSite) -> AbstractContextManager[Served]:
    """Waitress's threads."""
    return _alone(site, waitress)


@contextmanager
def _alone(site: OperatorsSite, server: Callable[[OperatorsSite], Command]) -> Iterator[Served]:
    with serving(site, server) as process:
        yield Served(site, process)


@pytest.mark.services
@pytest.mark.parametrize(
    ("served", "restart"),
    [(by_gthread, by_hangup), (by_waitress, None), (uwsgi_behind_nginx, by_touch), (two_behind_haproxy, None)],
)
def test_git_and_hg_work_side_by_side(
    tmp_path: Path,
    served: Callable[[OperatorsSite], AbstractContextManager[Served]],
    restart: Restart | None,
) -> None:
    site, clients = _prepare(tmp_path)
    with served(site) as way, ThreadPoolExecutor() as threads:
        front = way.front
        pushes = [threads.submit(push, front, clients) for push in (push_git, push_and_clone_hg)]
        pages = [threads.submit(_browse, front) for _ in range(4)]
        for each in (*pushes, *pages):
            each.result()
        if restart is not None:
            restart_unnoticed(site, front, clients, way.process, restart)
        else:
            with held_clone(front, clients, "held"):
                _browse(front)
        clones = [threads.submit(clone, front, clients, f"{clone.__name__}-again") for clone in (clone_git, clone_hg)]
        for each in (*clones, *(threads.submit(_browse, front) for _ in range(2))):
            each.result()
        assert statuses_of_a_promised_push(front) == ["100", "200"]
        _require_both(front)
        if front is not site:
            texts_are_compressed(front)
        if way.balancer is not None:
            _require_rules(front, clients, way.balancer)
    assert re.search(r"Traceback|ERROR|CRITICAL", site.log.read_text()) is None


@pytest.mark.services
def test_uwsgi_ends_also_while_a_new_process_loads_the_site(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with serving(site, uwsgi, http=False) as process:
        wait_for(lambda: site.log.read_text().count(") ready in ") == 2)
        before = answering(process.pid)
        os.kill(min(before), signal.SIGKILL)
        wait_for(lambda: any(_has_begun_to_load(each) for each in answering(process.pid) - before))


def _has_begun_to_load(process_id: int) -> bool:
    return "sqlalchemy" in Path(f"/proc/{process_id}/maps").read_text()


def _prepare(folder: Path) -> tuple[OperatorsSite, Clients]:
    """A site whose clones can be held up, and clients."""
    for name in ("site", "clients"):
        (folder / name).mkdir()
    site = make_site(folder / "site", holding_git(folder / "site"), "graceful_timeout=300")
    return site, Clients(folder / "clients")


def _require_both(front: OperatorsSite) -> None:
    """The pages show what has been pushed."""
    browser = Browser(front)
    browser.sign_in()
    for kind, branch in ((Kind.GIT, "main"), (Kind.HG, "default")):
        assert MESSAGE in browser.get(f"{kind}/changelog")
        assert MESSAGE in browser.get(f"{kind}/files/{branch}/hafen.txt")


def _browse(site: OperatorsSite) -> None:
    browser = Browser(site)
    browser.sign_in()
    for kind in (*Kind, *Kind):
        assert f"{kind}" in browser.get(f"{kind}/changelog")


def _require_rules(front: OperatorsSite, clients: Clients, balancer: haproxy.Front) -> None:
    """Machines that test have an instance of their own; clients of one repository come to one, and pages to both."""

    def asked(*command: str) -> set[tuple[str, str]]:
        before = balancer.count_requests()
        for _time in range(3):
            assert clients.git(*command, front.url("git", ADA)).status == 0
        return set(balancer.count_requests() - before)

    assert asked("-c", "http.userAgent=gitlab-runner 17.0", "ls-remote") == {("machines", "two")}
    ((pool, instance),) = asked("ls-remote")
    assert (pool, instance in haproxy.SERVERS) == ("transfers", True)
    before = balancer.count_requests()
    for _time in range(2):
        assert clients.hg("identify", front.url("hg", ADA)).status == 0
    hg_rules = set(balancer.count_requests() - before)
    assert [pool for pool, _instance in hg_rules] == ["transfers"]
    assert {("pages", name) for name in haproxy.SERVERS} <= set(balancer.count_requests())
