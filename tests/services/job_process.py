"""A worker process for the tests of races: its jobs take a lock that shows whether two run at once.

Arguments: database URL, folder, what to do: ``work`` runs jobs until there are none, ``hang`` stays in the first one.
"""

import fcntl
import os
import pathlib
import sys
import threading
import time

from kallithea.core.jobs import SettleRepository
from kallithea.services.application import Application
from kallithea.services.job_context import JobContext
from kallithea.services.work import open_application
from kallithea.services.worker import Worker
from tests.applications import settings_for

url, folder, order = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


def handle(application: Application, job: SettleRepository, context: JobContext) -> None:
    with (folder / f"job-{job.repository_id}").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.write(f"{os.getpid()}\n")
        file.flush()
        print("begun", flush=True)
        time.sleep(600 if order == "hang" else 0.005)


application = open_application(settings_for(url, folder))
Worker(application, {SettleRepository: handle}, f"process {os.getpid()}").run(threading.Event())
application.close()
