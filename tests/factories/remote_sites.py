"""A site elsewhere: real Git and Mercurial repositories over HTTP on this machine, and what can go wrong with one."""

import base64
import contextlib
import gzip
import io
import os
import pathlib
import socketserver
import ssl
import subprocess
import threading
import wsgiref.simple_server
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from mercurial import bundle2
from mercurial.hgweb import hgweb

from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.hg.mercurial_setup import new_ui

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class Asked:
    """A request that the site has got."""

    path: str
    host: str
    authorization: str


@dataclass
class RemoteSite:
    """Serves the repositories in a folder by their names.

    ``password`` is what everybody has to give as the user ``ada``. ``redirects`` are from a path to an address,
    ``late_redirects`` are those of what comes after the first answer. Before
    it sends a history, it sets ``holding`` and waits for ``hold``; one that ``breaks`` sends the begin of it.
    One that ``trickles`` begins its first answer and sends a byte of it now and then, until ``hold`` is set.
    In the place of a history it sends ``history``, if that is set, as Mercurial does.
    It refuses a history with ``words``, if there are any, as git or Mercurial does.
    One that ``becomes_dumb`` serves a Git repository as files after the first answer.
    """

    folder: pathlib.Path
    port: int = 0
    scheme: str = "http"
    password: str = ""
    redirects: dict[str, str] = field(default_factory=dict)
    late_redirects: str = ""
    status: str = ""
    hold: threading.Event | None = None
    holding: threading.Event = field(default_factory=threading.Event)
    breaks: bool = False
    trickles: bool = False
    becomes_dumb: bool = False
    history: bytes = b""
    words: str = ""
    asked: list[Asked] = field(default_factory=list)
    hg_settings: dict[str, str] = field(default_factory=dict)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a repository."""
        return f"{self.scheme}://{host}:{self.port}/{path}"

    def hold_back(self) -> None:
        """Send no history any more until the site ends."""
        self.hold = threading.Event()

    @property
    def released(self) -> bool:
        """Whether what was held back has been sent."""
        return self.hold is None or self.hold.is_set()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"].strip("/")
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        self.asked.append(Asked(path, environ.get("HTTP_HOST", ""), authorization))
        if self.status:
            return self._refuse(start, self.status)
        if (location := self._find_redirect(path, environ["QUERY_STRING"])) is not None:
            return self._refuse(start, "302 Found", ("Location", location))
        pair = base64.b64encode(f"ada:{self.password}".encode()).decode()
        if self.password and authorization != f"Basic {pair}":
            return self._refuse(start, "401 Unauthorized", ("WWW-Authenticate", 'Basic realm="elsewhere"'))
        if (answer := self._hinder(environ, start)) is not None:
            return answer
        name, _, rest = path.partition("/")
        if (self.folder / name / ".hg").is_dir():
            return self._hg(name, environ, start)
        if self.becomes_dumb and len(self.asked) > 1:
            return self._file(path, start)
        if (self.folder / name / "objects").is_dir():
            return self._git(name, rest, environ, start)
        return self._refuse(start, "404 Not Found")

    @staticmethod
    def _is_history(environ: Environ) -> bool:
        """Whether changes are asked for, and not only which refs there are."""
        if not environ["PATH_INFO"].endswith("git-upload-pack"):
            return "cmd=getbundle" in environ["QUERY_STRING"]
        data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ.get("HTTP_CONTENT_ENCODING") == "gzip":
            data = gzip.decompress(data)
        environ["wsgi.input"] = io.BytesIO(data)
        return b"command=ls-refs" not in data

    def _find_redirect(self, path: str, query: str) -> str | None:
        for begin, target in self.redirects.items():
            if path == begin or path.startswith(f"{begin}/"):
                return target + path.removeprefix(begin) + (f"?{query}" if query else "")
        return None

    def _hinder(self, environ: Environ, start: Start) -> Iterable[bytes] | None:
        """What comes in the place of an answer, if anything does."""
        if self.trickles:
            return self._trickle(environ, start)
        if not self._is_history(environ):
            return None
        if self.late_redirects:
            return self._refuse(start, "302 Found", ("Location", self.late_redirects))
        if self.words:
            return self._refuse_history(environ["PATH_INFO"].endswith("git-upload-pack"), start)
        if self.history:
            start("200 OK", [("Content-Type", "application/mercurial-0.1")])
            return [zlib.compress(self.history)]
        if self.breaks:
            start("200 OK", [("Content-Type", "application/mercurial-0.1"), ("Content-Length", "1000")])
            return [b"x" * 10]
        if self.hold is not None:
            self.holding.set()
            self.hold.wait(60)
        return None

    def _refuse_history(self, is_git: bool, start: Start) -> Iterable[bytes]:
        if is_git:
            start("200 OK", [("Content-Type", "application/x-git-upload-pack-result")])
            told = f"ERR {self.words}".encode()
            return [b"%04x" % (len(told) + 4) + told]
        start("200 OK", [("Content-Type", "application/mercurial-0.1")])
        bundle = bundle2.bundle20(new_ui())
        bundle.newpart(b"error:unsupportedcontent").addparam(b"parttype", self.words.encode())
        return [zlib.compress(b"".join(bundle.getchunks()))]

    def _trickle(self, environ: Environ, start: Start) -> Iterator[bytes]:
        is_git = environ["PATH_INFO"].endswith("info/refs")
        kind = "x-git-upload-pack-advertisement" if is_git else "mercurial-0.1"
        start("200 OK", [("Content-Type", f"application/{kind}")])
        self.hold = self.hold or threading.Event()
        self.holding.set()
        for _ in range(600):
            if self.hold.wait(0.1):
                return
            yield b"0"

    def _file(self, path: str, start: Start) -> Iterable[bytes]:
        file = self.folder / path
        if not file.is_file():
            return self._refuse(start, "404 Not Found")
        start("200 OK", [("Content-Type", "text/plain")])
        return [file.read_bytes()]

    def _refuse(self, start: Start, status: str, *headers: tuple[str, str]) -> list[bytes]:
        start(status, [("Content-Type", "text/plain"), ("Content-Length", "0"), *headers])
        return []

    def _hg(self, name: str, environ: Environ, start: Start) -> Iterable[bytes]:
        ui = new_ui()
        for key, value in self.hg_settings.items():
            section, _, option = key.partition(".")
            ui.setconfig(section.encode(), option.encode(), value.encode(), b"test")
        ui.setconfig(b"web", b"allow-archive", b"", b"test")
        environ = {**environ, "SCRIPT_NAME": f"/{name}", "PATH_INFO": ""}
        return cast(Iterable[bytes], hgweb(os.fsencode(self.folder / name), baseui=ui)(environ, start))

    def _git(self, name: str, rest: str, environ: Environ, start: Start) -> Iterable[bytes]:
        advertised = rest == "info/refs"
        if not advertised and rest != "git-upload-pack":
            return self._refuse(start, "404 Not Found")
        data = b"" if advertised else environ["wsgi.input"].read()
        command = ["git", "upload-pack", "--stateless-rpc", *(["--http-backend-info-refs"] * advertised)]
        done = subprocess.run(
            [*command, str(self.folder / name)],
            input=data,
            capture_output=True,
            check=False,
            env=git_environment() | {"GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", "")},
        )
        kind = "advertisement" if advertised else "result"
        begin = b"001e# service=git-upload-pack\n0000" if advertised else b""
        start("200 OK", [("Content-Type", f"application/x-git-upload-pack-{kind}"), ("Cache-Control", "no-cache")])
        return [begin + done.stdout]


class _Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Handler(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@contextlib.contextmanager
def remote_site(folder: pathlib.Path, certificate: pathlib.Path | None = None) -> Iterator[RemoteSite]:
    """Serve the repositories in a folder, over TLS with the certificate and key of a file."""
    site = RemoteSite(folder)
    with wsgiref.simple_server.make_server("127.0.0.1", 0, site, _Server, _Handler) as server:
        site.port = server.server_port
        if certificate is not None:
            site.scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            if site.hold is not None:
                site.hold.set()
            server.shutdown()
            thread.join()
