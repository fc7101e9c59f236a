"""What every process in the background does: it has a name, hears of new jobs, runs the schedule, and survives."""

import contextlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Iterator

from kallithea.core.errors import UnavailableError
from kallithea.services.application import Application
from kallithea.services.bell import Bell, Listener
from kallithea.services.notices import NoticeReader
from kallithea.services.schedule import run_schedule

log = logging.getLogger(__name__)

#: How often a process looks for jobs of which it has heard nothing.
LOOK_SECONDS = 1.0
_SCHEDULE_SECONDS = 15.0


def name_process() -> str:
    """How this process is called in the outbox."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@contextlib.contextmanager
def listening(application: Application) -> Iterator[Listener]:
    """Hear of jobs of this machine, and where the database can tell, of those of others.

    Raises UnavailableError when the cache folder cannot be written.
    """
    cache_dir = application.settings.cache_dir
    try:
        listener = Listener(cache_dir)
    except OSError as problem:
        raise UnavailableError(f"The folder {cache_dir} cannot be used: {problem.strerror}.") from problem
    with listener, NoticeReader(application.engine, Bell(cache_dir).ring):
        yield listener


@contextlib.contextmanager
def surviving() -> Iterator[None]:
    """The outermost border of a thread: whatever happens inside is logged, and the thread goes on."""
    try:
        yield
    except UnavailableError as problem:
        log.warning("%s (%s)", problem, getattr(problem.__cause__, "orig", problem.__cause__))
    except Exception:
        log.exception("the worker met something unexpected and goes on")


class Schedule:
    """Looks several times a minute whether periodic work is due."""

    def __init__(self, application: Application, owner: str) -> None:
        self._application = application
        self._owner = owner
        self._next = 0.0

    def run(self) -> None:
        """Ask for the periodic jobs that are due, unless that was looked at a moment ago."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SCHEDULE_SECONDS
            with surviving():
                run_schedule(self._application, self._owner)
