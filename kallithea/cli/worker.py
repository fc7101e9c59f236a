"""``kallithea worker``: what is done in the background."""

import logging
import os
import signal
import threading

import click

from kallithea.cli.logs import set_up_logging
from kallithea.cli.run import Run, with_run
from kallithea.services.worker import run_worker

_PARENT_CHECK_SECONDS = 1.0


@click.command("worker")
@click.option("--parent", type=int, hidden=True, help="End when this process, which started the worker, is gone.")
@with_run
def work(run: Run, parent: int | None) -> None:
    """Do what waits in the background, such as mails, until SIGINT or SIGTERM.

    `kallithea serve` runs a worker itself, unless the .ini has `worker = separate`.
    """
    set_up_logging(run.ini)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_watch_parent, args=(parent, stop), name="parent", daemon=True).start()
    if not run_worker(run.application, stop):
        # the thread of a job that does not end would keep this process
        logging.shutdown()
        os._exit(1)


def _watch_parent(parent: int, stop: threading.Event) -> None:
    """A server that is killed cannot end its worker any more."""
    while not stop.wait(_PARENT_CHECK_SECONDS):
        if os.getppid() != parent:
            stop.set()
