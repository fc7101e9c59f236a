"""The WSGI application that gunicorn serves in these tests: the wire in front of pages that say 404.

The folder of the site comes by environment, and with it the points at which the process kills itself:
``before-announce`` when a push is about to be announced (Mercurial then is in the middle of a transaction),
``before-record`` when refs have moved and before that is recorded. At ``busy`` it does not die, but has no room for
any command.
"""

import os
import pathlib
import signal
from collections.abc import Callable, Iterable
from typing import Any

from kallithea.services.pushes import Pushes
from kallithea.services.work import open_application
from kallithea.transport.git import GitWire
from kallithea.transport.http import WireApplication
from kallithea.transport.watching import Watch
from kallithea.vcs.hg.wire import HgWire
from kallithea.vcs.types import BusyError
from tests.applications import settings_for
from tests.passwords import make_cheap

FOLDER = "KALLITHEA_TEST_FOLDER"
DIE = "KALLITHEA_TEST_DIE"
SETTINGS = "KALLITHEA_TEST_SETTINGS"


def say_404(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"a page\n"]


def die(*arguments: object) -> None:
    # the parent would start another server, to which hg would send its push again
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(*arguments: object, **keywords: object) -> None:
    raise BusyError("Too many large requests are being worked on. Try again in a moment.")


def make() -> Watch:
    make_cheap()
    folder = pathlib.Path(os.environ[FOLDER])
    if os.environ.get(DIE) == "before-record":
        Pushes.record = die  # type: ignore[method-assign, assignment]
    if os.environ.get(DIE) == "before-announce":
        Pushes.announce = die  # type: ignore[method-assign, assignment]
    if os.environ.get(DIE) == "busy":
        GitWire.start = refuse  # type: ignore[method-assign, assignment]
        HgWire.answer = refuse  # type: ignore[method-assign, assignment]
    settings = dict(pair.split("=") for pair in os.environ.get(SETTINGS, "").split())
    # a locked database is away soon
    url = f"sqlite:///{folder / 'site.db'}?timeout=1"
    application = open_application(settings_for(url, folder, **settings))
    return Watch(application, WireApplication(application, say_404))
