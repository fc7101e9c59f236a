"""The command, with a handler that does not come to an end, and limits of a second.

``KALLITHEA_TEST_DEAF`` is a file to which each begin adds a line, and says how deaf the handler is: ``sleeping`` lets
other threads of its process run, ``holding`` does not; ``listening`` ends when it is told to, and has time.
"""

import itertools
import os
import pathlib
import time

from kallithea.cli.main import main
from kallithea.core.jobs import SettleRepository
from kallithea.services import handlers, taken_jobs
from kallithea.services.application import Application
from kallithea.services.job_context import JobContext
from kallithea.tasks import broker
from tests.tasks.hasty import hurry

VARIABLE = "KALLITHEA_TEST_DEAF"
_LONG_SECONDS = 600


def be_deaf() -> None:
    hurry()
    limit = _LONG_SECONDS if _path().stem == "listening" else 1
    for name, value in (("time_limit", limit), ("grace", 1), ("attempts", 2)):
        setattr(SettleRepository, name, value)
    taken_jobs.MOST_LOST = 2
    broker._MARGIN_SECONDS = 3
    handlers.HANDLERS[SettleRepository] = _stay


def _stay(_application: Application, _job: SettleRepository, context: JobContext) -> None:
    path = _path()
    with path.open("a", encoding="ascii") as file:
        file.write("begun\n")
    while path.stem == "listening":
        context.check()
        time.sleep(0.01)
    if path.stem == "holding":
        # without an end, and without giving other threads a turn
        sum(itertools.repeat(0))
    time.sleep(_LONG_SECONDS)


def _path() -> pathlib.Path:
    return pathlib.Path(os.environ[VARIABLE])


if __name__ == "__main__":
    be_deaf()
    main()
