"""Static files by nginx and Apache, by the files of the administrator's guide: like ours in all that browsers see."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kallithea.web.headers import CONTENT_HEADERS
from kallithea.web.static import FOR_EVER, PUBLIC
from kallithea.web.ui.shell import load_assets
from scripts.benchmarks.serving import free_port
from tests.doors.servers import Layout, apache, behind_nginx, kallithea_serve, serving
from tests.doors.sites import Browser, OperatorsSite, make_site

pytestmark = [pytest.mark.doors, pytest.mark.services]

PATHS = load_assets(PUBLIC).paths
STYLE = PATHS["css/kallithea.css"]


@contextlib.contextmanager
def by_apache(site: OperatorsSite, layout: Layout, prefix: str) -> Iterator[OperatorsSite]:
    """Apache loads the application with the first page, which nobody asks for here."""
    with serving(site, functools.partial(apache, prefix=prefix, layout=layout), http=False):
        yield site


def by_nginx(site: OperatorsSite, layout: Layout, prefix: str) -> AbstractContextManager[OperatorsSite]:
    """There is no application behind nginx here."""
    return behind_nginx(site, "nginx_prefix.conf" if prefix else "nginx.conf", layout, prefix=prefix)


@pytest.mark.parametrize(
    ("server", "layout", "prefix"),
    [
        (by_nginx, Layout.SITE_PACKAGES, ""),
        (by_nginx, Layout.CHECKOUT, ""),
        (by_apache, Layout.SITE_PACKAGES, ""),
        (by_apache, Layout.CHECKOUT, "/hg"),
    ],
)
def test_web_servers_serve_static_files_like_we_do(
    tmp_path: Path,
    server: Callable[[OperatorsSite, Layout, str], AbstractContextManager[OperatorsSite]],
    layout: Layout,
    prefix: str,
) -> None:
    before = f"{prefix}/".removeprefix("/")
    with server(OperatorsSite(tmp_path, free_port()), layout, prefix) as front:
        ask = Browser(front).ask
        for path in PATHS.values():
            answer = ask(f"/{before}{path}", Accept_Encoding="gzip")
            assert (answer.status, answer.headers["Cache-Control"]) == (200, FOR_EVER), path
            assert answer.content == (PUBLIC / path).read_bytes(), path
            assert {key: answer.headers[key] for key in CONTENT_HEADERS} == CONTENT_HEADERS, path

        style = f"/{before}{STYLE}"
        packed = ask(style, Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept-Encoding"
        plain = ask(style)
        assert plain.body == packed.content
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert int(plain.headers["Content-Length"]) == len(plain.body)
        for known in (packed, plain):
            again = ask(style, Accept_Encoding="gzip", If_Modified_Since=known.headers["Last-Modified"])
            assert (again.status, again.body) == (304, b"")

        for path in ("css/../manifest.json", "css/%2e%2e/manifest.json", "css/", "css/nothing.css", "manifest.json"):
            answer = ask(f"/{before}{path}")
            assert answer.status >= 400, path
            assert answer.headers["Cache-Control"] != FOR_EVER, path


@contextlib.contextmanager
def in_apache(site: OperatorsSite, prefix: str) -> Iterator[OperatorsSite]:
    with by_apache(site, Layout.CHECKOUT, prefix):
        yield site


@contextlib.contextmanager
def behind(site: OperatorsSite, prefix: str) -> Iterator[OperatorsSite]:
    with serving(site, kallithea_serve), behind_nginx(site, "nginx.conf", Layout.CHECKOUT) as front:
        yield front


@pytest.mark.parametrize(("server", "prefix"), [(behind, ""), (in_apache, ""), (in_apache, "/hg")])
def test_no_address_means_another_content_while_another_version_is_installed(
    tmp_path: Path, server: Callable[[OperatorsSite, str], AbstractContextManager[OperatorsSite]], prefix: str
) -> None:
    """The pages of the version that runs have their files, and those of the installed one nothing that is kept."""
    site = make_site(tmp_path)
    next_style = "css/kallithea-0123456789ab.css"
    with server(site, prefix) as front:
        ask = Browser(front).ask
        assert STYLE in ask(f"{prefix}/").body.decode()
        # the folder that the configuration names is a link to ours
        link = Path(Layout.CHECKOUT.replace("/srv/kallithea", str(tmp_path)))
        link.unlink()
        early = ask(f"{prefix}/{next_style}")
        assert (early.body, early.headers["Cache-Control"]) == ((PUBLIC / STYLE).read_bytes(), "public, no-cache")
        (link / "css").mkdir(parents=True)
        (link / next_style).write_text("next")
        for path, content in ((STYLE, (PUBLIC / STYLE).read_bytes()), (next_style, b"next")):
            answer = ask(f"{prefix}/{path}")
            assert (answer.status, answer.headers["Cache-Control"], answer.body) == (200, FOR_EVER, content)
