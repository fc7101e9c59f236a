"""Below a path, by https, with static files by nginx: browsers and clients are never led anywhere else."""

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from kallithea.web.static import FOR_EVER
from tests.doors.exchange import push_and_clone_git, push_and_clone_hg
from tests.doors.servers import Command, Layout, behind_nginx, kallithea_serve, serving, waitress
from tests.doors.sites import Browser, OperatorsSite, make_certificate, make_site
from tests.transport.site import Clients, Done

pytestmark = [pytest.mark.doors, pytest.mark.slow, pytest.mark.services]

PREFIX = "/hg"
_ADDRESS = re.compile(r"""(?:href|src|action|data-[a-z-]+)="(/[^"]*|https?://127[^"]*)["]""")


class _Below(OperatorsSite):
    """The site as its users reach it."""

    def url(self, path: str, credentials: str = "") -> str:
        return f"https://{credentials}127.0.0.1:{self.port}{PREFIX}/{path}"


@dataclass(frozen=True)
class _Trusting(Clients):
    """Clients that trust the server's certificate."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"GIT_SSL_CAINFO": str(self.folder / "chain.pem")}

    def hg(self, *arguments: str | Path, cwd: Path | None = None, config: Sequence[str] = ()) -> Done:
        return super().hg(*arguments, cwd=cwd, config=(*config, f"web.cacerts={self.folder / 'chain.pem'}"))


def _site_below(folder: Path) -> OperatorsSite:
    """Which is told the scheme and the address of clients by nginx, and serves no static files."""
    site = make_site(
        folder,
        "static_files=false",
        "remote_addr_variable=HTTP_X_FORWARDED_FOR",
        "url_scheme_variable=HTTP_X_FORWARDED_PROTO",
        "trusted_proxies=127.0.0.1",
        "session.secure=true",
    )
    text = site.ini.read_text()
    for line in ("[filter:proxy-prefix]", "use = egg:PasteDeploy#prefix", "filter-with = proxy-prefix"):
        assert f"\n#{line}\n" in text
        text = text.replace(f"\n#{line}\n", f"\n{line}\n")
    assert "\n#prefix = /code\n" in text
    site.ini.write_text(text.replace("\n#prefix = /code\n", f"\nprefix = {PREFIX}\n"))
    return site


@pytest.mark.parametrize("server", [kallithea_serve, waitress])
def test_nothing_leads_out_of_the_prefix(tmp_path: Path, server: Callable[[OperatorsSite], Command]) -> None:
    for name in ("site", "clients"):
        (tmp_path / name).mkdir()
    site, clients = _site_below(tmp_path / "site"), _Trusting(tmp_path / "clients")
    trusting = make_certificate(tmp_path / "site/tls")
    (clients.folder / "chain.pem").write_bytes((tmp_path / "site/tls/chain.pem").read_bytes())
    with (
        serving(site, server, http=False),
        behind_nginx(site, "nginx_prefix.conf", Layout.SITE_PACKAGES, prefix=PREFIX) as nginx,
    ):
        front = _Below(**dataclasses.asdict(nginx))
        push_and_clone_git(front, clients)
        push_and_clone_hg(front, clients)
        browser = Browser(front, trusting)
        browser.sign_in()
        assert {(cookie.path, cookie.secure) for cookie in browser.cookies} == {(PREFIX, True)}, browser.cookies
        wrong, assets = [], set()
        for kind in Kind:
            page = browser.ask(kind)
            assert front.url(kind) in page.body.decode(), "the address to clone from"
            addresses = set(_ADDRESS.findall(page.body.decode()))
            assert any("/feed/" in address for address in addresses)
            for address in addresses:
                answer = browser.ask(address.replace("&amp;", "&"))
                # forms are not for asking
                if answer.status not in (200, 405) or not answer.address.startswith(front.url("").rstrip("/")):
                    wrong.append((address, answer.status, answer.address))
                if answer.headers["Cache-Control"] == FOR_EVER:
                    assets.add(address)
        assert wrong == []
        assert len(assets) > 8
