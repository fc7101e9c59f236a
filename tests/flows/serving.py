"""The pages of a test's site, served to a browser by this process."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.web.site import Site


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """Browsers have several connections."""

    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *values: Any) -> None:  # noqa: A002 - the name is given
        pass


def serving(site: Site) -> contextlib.AbstractContextManager[str]:
    """Serve until the block ends; the answer is the address."""
    return serving_application(site.pages)


@contextlib.contextmanager
def serving_application(application: Any) -> Iterator[str]:
    """The same with any application of WSGI."""
    with make_server("127.0.0.1", 0, application, _Server, _QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
