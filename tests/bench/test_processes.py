"""Pages that are counted for a number of processes are whole."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.benchmarks.load.cluster import Instance
from scripts.benchmarks.load.processes import _visit
from scripts.benchmarks.measuring import LackError

PAGES = {"/whole": (200, b"<html></html>"), "/cut": (200, b"<html>"), "/absent": (404, b"<html></html>")}


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, body = PAGES[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Instance(tmp_path, server.server_port)
        server.shutdown()
        thread.join()


def test_whole_pages_count(instance: Instance) -> None:
    _visit(instance, ["/whole"], 2)


@pytest.mark.parametrize("address", ["/cut", "/absent"])
def test_others_are_named(instance: Instance, address: str) -> None:
    with pytest.raises(LackError, match=f"{address}: status"):
        _visit(instance, ["/whole", address], 2)
