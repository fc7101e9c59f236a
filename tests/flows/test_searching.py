"""What was pushed is found, by a site as it is served, with the worker that it starts itself."""

import time
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import PASSWORD, Browser, OperatorsSite, make_site
from tests.transport.site import Clients

#: A push is found within five seconds; what the pages take on a busy machine is not the index's.
_LOOKS, _PAUSE_SECONDS = 50, 0.1

pytestmark = pytest.mark.slow


def wait_for(browser: Browser, address: str, text: str) -> None:
    """Look at the page until it has the text."""
    for _look in range(_LOOKS):
        if text in browser.get(address):
            return
        time.sleep(_PAUSE_SECONDS)
    pytest.fail(f"{address} is without {text}")


def push(site: OperatorsSite, clients: Clients, kind: Kind) -> None:
    url = site.url(kind.value, f"ada:{PASSWORD.replace(' ', '%20')}@")
    if kind is Kind.GIT:
        folder = clients.git_repository(commits=0)
        clients.git_commit(folder, "harbour.txt", "lighthouse\n")
        done = clients.git("push", url, "main", cwd=folder)
    else:
        builder = clients.hg_repository("work-hg", commits=0)
        builder.commit({b"harbour.txt": b"lighthouse\n"})
        done = clients.hg("push", url, cwd=builder.path)
    assert done.status == 0, done.words


def test_a_push_is_found_soon(tmp_path: Path) -> None:
    for name in ("site", "clients"):
        (tmp_path / name).mkdir()
    site, clients = make_site(tmp_path / "site", "worker=embedded"), Clients(tmp_path / "clients")
    with serving(site, kallithea_serve):
        browser = Browser(site)
        browser.sign_in()
        for kind in Kind:
            assert "harbour.txt" not in browser.get(f"{kind}/search?q=lighthouse&type=code")
            push(site, clients, kind)
            wait_for(browser, f"{kind}/search?q=lighthouse&type=code", "harbour.txt")
