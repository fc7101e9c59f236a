"""Running the jobs whose numbers come from the broker, in the processes that Celery has made."""

import logging
import os
import signal
import threading
from collections.abc import Callable

from celery import Celery
from celery.signals import setup_logging, worker_process_shutdown

from kallithea.core.errors import UnavailableError
from kallithea.core.settings import Settings
from kallithea.migrations.schema import require_current
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_watch import JobWatch
from kallithea.services.work import open_application
from kallithea.services.worker import Handlers, Worker
from kallithea.services.worker_process import name_process
from kallithea.tasks.celery_app import TASK
from kallithea.tasks.requests import Request

log = logging.getLogger(__name__)


class JobProcess:
    """What a process needs to run jobs, made with its first one: connections do not survive a fork."""

    def __init__(self, settings: Settings, handlers: Handlers = HANDLERS) -> None:
        self._settings = settings
        self._handlers = handlers
        self._pid = 0
        self._application: Application | None = None
        self._worker: Worker | None = None
        #: Guards the above, where Celery runs jobs in threads.
        self._lock = threading.Lock()

    def run(self, outbox_id: int) -> None:
        """Run the job, if it is still for the taking. What cannot be run now is handed over again later."""
        try:
            if not self._open().run_this(outbox_id):
                log.debug("job %d is done, or somebody has it", outbox_id)
        except UnavailableError as problem:
            log.warning("job %d was not run: %s", outbox_id, problem)

    def close(self) -> None:
        """Return what this process has opened."""
        if self._application is not None and self._pid == os.getpid():
            self._application.close()

    def _open(self) -> Worker:
        with self._lock:
            if self._worker is None or self._pid != os.getpid():
                self._application, self._pid = open_application(self._settings), os.getpid()
                require_current(self._application.engine)
                watch = JobWatch(self._application, _end_process)
                self._worker = Worker(self._application, self._handlers, name_process(), watch=watch)
            return self._worker


def add_task(app: Celery, process: JobProcess) -> None:
    """Have the worker of this application run jobs."""
    app.task(process.run, name=TASK, shared=False, Request=f"{Request.__module__}:{Request.__name__}")
    worker_process_shutdown.connect(lambda **_facts: process.close(), weak=False)


def log_by(set_up: Callable[..., None]) -> None:
    """Set up logging by this, in place of Celery's own way."""
    setup_logging.connect(set_up, weak=False)


def _end_process() -> None:
    """A job does not end: Celery makes another process in place of this one."""
    os.kill(os.getpid(), signal.SIGKILL)
