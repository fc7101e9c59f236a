"""Each of the six ways to serve lets real clients push, clone and browse repositories of both kinds."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from tests.doors.servers import (
    Command,
    apache,
    gearbox_serve,
    gunicorn_paste,
    kallithea_serve,
    paster_serve,
    pserve,
    serving,
)
from tests.doors.sites import PASSWORD, Browser, OperatorsSite, make_site
from tests.transport.site import Clients

pytestmark = [pytest.mark.doors, pytest.mark.slow]

_ADA = f"ada:{PASSWORD.replace(' ', '%20')}@"
_MESSAGE = "Grüße in alle Häfen"
#: More than git sends without chunks, and too irregular to be packed into less.
_BULK = random.Random(1).randbytes(2_000_000)


@pytest.mark.parametrize(
    "server",
    [
        kallithea_serve,
        pserve,
        paster_serve,
        gearbox_serve,
        gunicorn_paste,
        pytest.param(apache, marks=pytest.mark.services),
    ],
)
def test_both_kinds_are_pushed_cloned_and_browsed(tmp_path: Path, server: Callable[[OperatorsSite], Command]) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "clients").mkdir()
    site, clients = make_site(tmp_path / "site"), Clients(tmp_path / "clients")
    with serving(site, server):
        _push_and_clone_git(site, clients)
        _push_and_clone_hg(site, clients)
        browser = Browser(site)
        browser.sign_in()
        for kind, branch in ((Kind.GIT, "main"), (Kind.HG, "default")):
            assert _MESSAGE in browser.get(f"{kind}/changelog")
            assert _MESSAGE in browser.get(f"{kind}/files/{branch}/hafen.txt")
    assert re.search(r"Traceback|ERROR|CRITICAL", site.log.read_text()) is None


def _push_and_clone_git(site: OperatorsSite, clients: Clients) -> None:
    folder = clients.folder / "git-work"
    assert clients.git("init", "-q", "--initial-branch=main", folder).status == 0
    (folder / "bulk").write_bytes(_BULK)
    assert clients.git("add", "bulk", cwd=folder).status == 0
    (folder / "hafen.txt").write_text(_MESSAGE)
    assert clients.git("add", "hafen.txt", cwd=folder).status == 0
    assert clients.git("commit", "-q", "-m", _MESSAGE, cwd=folder).status == 0
    pushed = clients.git("push", site.url("git", _ADA), "main", cwd=folder)
    assert pushed.status == 0, pushed.words
    cloned = clients.git("clone", "-q", site.url("git", _ADA), "git-clone")
    assert cloned.status == 0, cloned.words
    assert (clients.folder / "git-clone/bulk").read_bytes() == _BULK
    checked = clients.git("fsck", "--strict", cwd=clients.folder / "git-clone")
    assert checked.status == 0, checked.words


def _push_and_clone_hg(site: OperatorsSite, clients: Clients) -> None:
    folder = clients.folder / "hg-work"
    assert clients.hg("init", folder).status == 0
    (folder / "bulk").write_bytes(_BULK)
    (folder / "hafen.txt").write_text(_MESSAGE)
    committed = clients.hg("commit", "-q", "-A", "-m", _MESSAGE, cwd=folder)
    assert committed.status == 0, committed.words
    pushed = clients.hg("push", site.url("hg", _ADA), cwd=folder)
    assert pushed.status == 0, pushed.words
    cloned = clients.hg("clone", "-q", site.url("hg", _ADA), "hg-clone")
    assert cloned.status == 0, cloned.words
    assert (clients.folder / "hg-clone/bulk").read_bytes() == _BULK
    checked = clients.hg("verify", cwd=clients.folder / "hg-clone")
    assert checked.status == 0, checked.words
