"""The WSGI application that gunicorn serves in these tests: the wire in front of pages that say 404.

The folder of the site comes by environment, and with it the points at which the process kills itself:
``before-record`` when refs have moved and before that is recorded.
"""

import os
import pathlib
import signal
from collections.abc import Callable, Iterable
from typing import Any

from kallithea.services.pushes import Pushes
from kallithea.transport.http import WireApplication
from tests.services.conftest import open_test_application

FOLDER = "KALLITHEA_TEST_FOLDER"
DIE = "KALLITHEA_TEST_DIE"
SETTINGS = "KALLITHEA_TEST_SETTINGS"


def say_404(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"a page\n"]


def die(*arguments: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def make() -> WireApplication:
    folder = pathlib.Path(os.environ[FOLDER])
    if os.environ.get(DIE) == "before-record":
        Pushes.record = die  # type: ignore[method-assign, assignment]
    settings = dict(pair.split("=") for pair in os.environ.get(SETTINGS, "").split())
    return WireApplication(open_test_application(f"sqlite:///{folder / 'site.db'}", folder, **settings), say_404)
