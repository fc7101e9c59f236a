"""A web server in front that swallows what is sent in chunks, as uWSGI does: clients are told what to do."""

import contextlib
import http.client
import http.server
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site


class Swallower(http.server.BaseHTTPRequestHandler):
    """Passes requests on, bodies in chunks as if they were empty."""

    backend = 0

    def do_GET(self) -> None:
        self._pass_on(b"")

    def do_POST(self) -> None:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            self._pass_on(b"0\r\n\r\n")
        else:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _pass_on(self, body: bytes) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.backend, timeout=60)
        with contextlib.closing(connection):
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "server", "date"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.read())

    def log_message(self, *_words: Any) -> None:
        pass


@contextlib.contextmanager
def swallowing(server: Server) -> Iterator[Server]:
    handler = type("Handler", (Swallower,), {"backend": server.port})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as front:
        thread = threading.Thread(target=front.serve_forever)
        thread.start()
        yield replace(server, port=front.server_port)
        front.shutdown()
        thread.join()


def test_git_prints_why_its_push_failed(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    (work / "file").write_bytes(os.urandom(1_000_000))
    clients.git("add", "file", cwd=work)
    clients.git("commit", "-q", "-m", "file", cwd=work)
    with swallowing(server) as front:
        failed = clients.git("-c", "http.postBuffer=65536", "push", front.url(path), "main", cwd=work)
        assert failed.status != 0
        assert "The web server in front drops requests that are sent in chunks." in failed.errors
        assert "http.postBuffer 1000000000" in failed.errors
        done = clients.git("-c", "http.postBuffer=1000000000", "push", front.url(path), "main", cwd=work)
    assert done.status == 0, done.errors
    assert site.outcomes(path) == ["recorded"]
