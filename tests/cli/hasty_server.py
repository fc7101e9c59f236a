"""A web process with short limits, and what it serves in the tests: pages at once, clones until their client goes away.

``{port}`` and this module's names are given to gunicorn on its command line.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kallithea.cli import web_process

web_process._HEADER_SECONDS = web_process._FORM_SECONDS = 1.0
web_process._LEAST_SECONDS = 0.5


class HastyProcess(web_process.WebProcess):
    """Ends requests of which the headers, or a form, take more than a second; counts how often it gives a thread."""

    threads_given = 0

    def enqueue_req(self, conn: Any) -> None:
        HastyProcess.threads_given += 1
        super().enqueue_req(conn)


def serve(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if environ["PATH_INFO"] == "/threads-given":
        number = str(HastyProcess.threads_given).encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(number)))])
        return [number]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return _endless() if environ["PATH_INFO"].endswith("/git-upload-pack") else [b"a page"]


def _endless() -> Iterator[bytes]:
    while True:
        yield b"data"
        time.sleep(0.05)
