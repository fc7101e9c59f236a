"""Static files by nginx and Apache, by the files of the administrator's guide: like ours in all that browsers see."""

import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kallithea.web.headers import CONTENT_HEADERS
from kallithea.web.static import FOR_EVER, PUBLIC
from tests.doors.servers import Layout, apache, behind_nginx, serving
from tests.doors.sites import Browser, OperatorsSite, free_port

pytestmark = [pytest.mark.doors, pytest.mark.services]


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
    versions = json.loads((PUBLIC / "manifest.json").read_text())
    before = f"{prefix}/".removeprefix("/")
    with server(OperatorsSite(tmp_path, free_port()), layout, prefix) as front:
        ask = Browser(front).ask
        for name, version in versions.items():
            answer = ask(f"/{before}{name}?v={version}", Accept_Encoding="gzip")
            assert (answer.status, answer.headers["Cache-Control"]) == (200, FOR_EVER), name
            assert answer.content == (PUBLIC / name).read_bytes(), name
            assert {key: answer.headers[key] for key in CONTENT_HEADERS} == CONTENT_HEADERS, name

        style = f"/{before}css/kallithea.css"
        packed = ask(style, Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Cache-Control"] == "public, no-cache"
        assert packed.headers["Vary"] == "Accept-Encoding"
        plain = ask(style)
        assert plain.body == packed.content
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert int(plain.headers["Content-Length"]) == len(plain.body)
        for known in (packed, plain):
            again = ask(style, Accept_Encoding="gzip", If_Modified_Since=known.headers["Last-Modified"])
            assert (again.status, again.body) == (304, b"")

        parts = [name for name in versions if name.startswith("codemirror/chunk-")]
        assert ask(f"/{before}{parts[0]}").headers["Cache-Control"] == FOR_EVER
        for path in ("css/../manifest.json", "css/%2e%2e/manifest.json", "css/", "css/nothing.css", "manifest.json"):
            assert ask(f"/{before}{path}").status >= 400, path
