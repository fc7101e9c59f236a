"""Running the jobs whose numbers come from the broker, in the processes that Celery has made."""

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown

from kallithea.core.errors import UnavailableError
from kallithea.core.settings import Settings
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_watch import JobWatch
from kallithea.services.work import open_application
from kallithea.services.worker import Handlers, Worker
from kallithea.services.worker_process import name_process
from kallithea.tasks.celery_app import TASK
from kallithea.tasks.requests import Request

log = logging.getLogger(__name__)

#: How long a process that is told to end waits for its job to end; less than ``celery-run`` waits for the process.
_GRACE_SECONDS = 8.0


class JobProcess:
    """What a process needs to run jobs, made with its first one: connections do not survive a fork."""

    def __init__(self, settings: Settings, handlers: Handlers = HANDLERS) -> None:
        self._settings = settings
        self._handlers = handlers
        self._pid = 0
        self._application: Application | None = None
        self._worker: Worker | None = None
        self._interrupt = threading.Event()
        self._is_child = False
        #: Guards the above, where Celery runs jobs in threads.
        self._lock = threading.Lock()

    def run(self, outbox_id: int) -> None:
        """Run the job, if it is still for the taking. What cannot be run now is handed over again later."""
        with self._listening():
            try:
                if not self._open().run_this(outbox_id):
                    log.debug("job %d is done, or somebody has it", outbox_id)
            except UnavailableError as problem:
                log.warning("job %d was not run: %s", outbox_id, problem)

    def become_child(self) -> None:
        """This process was forked to run jobs, and SIGTERM is meant for them."""
        self._is_child = True

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """SIGTERM interrupts the job, and ends the process only then."""
        if not self._is_child:
            yield
            return
        before = signal.signal(signal.SIGTERM, self._be_told)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)
        if self._interrupt.is_set():
            self.close()
            os.kill(os.getpid(), signal.SIGTERM)

    def _be_told(self, _number: int, _frame: object) -> None:
        self._interrupt.set()
        timer = threading.Timer(_GRACE_SECONDS, _end_process)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """Return what this process has opened."""
        if self._application is not None and self._pid == os.getpid():
            self._application.close()

    def _open(self) -> Worker:
        with self._lock:
            if self._worker is None or self._pid != os.getpid():
                application = open_application(self._settings)
                application.owed_check.owe()
                watch = JobWatch(application, _end_process)
                self._worker = Worker(
                    application, self._handlers, name_process(), interrupt=self._interrupt, watch=watch
                )
                self._application, self._pid = application, os.getpid()
            return self._worker


def add_task(app: Celery, process: JobProcess) -> None:
    """Have the worker of this application run jobs."""
    app.task(process.run, name=TASK, shared=False, Request=f"{Request.__module__}:{Request.__name__}")
    worker_process_init.connect(lambda **_facts: process.become_child(), weak=False)
    worker_process_shutdown.connect(lambda **_facts: process.close(), weak=False)


def log_by(set_up: Callable[..., None]) -> None:
    """Set up logging by this, in place of Celery's own way."""
    setup_logging.connect(set_up, weak=False)


def _end_process() -> None:
    """A job does not end: Celery makes another process in place of this one."""
    os.kill(os.getpid(), signal.SIGKILL)
