"""``kallithea worker``: what is done in the background."""

import logging
import os
import sys

import click

from kallithea.cli.background import stop_at_signals
from kallithea.cli.run import Run, with_run
from kallithea.core.logs import set_up_logging
from kallithea.services.worker import run_worker


@click.command("worker")
@click.option("--parent", type=int, hidden=True, help="End when this process, which started the worker, is gone.")
@with_run
def work(run: Run, parent: int | None) -> None:
    """Do what waits in the background, such as mails, until SIGINT or SIGTERM.

    `kallithea serve` runs a worker itself, unless the .ini has `worker = separate`. With `use_celery = true` it hands
    the jobs over to the message broker, from which `kallithea celery-run` takes them.
    """
    if run.settings.use_celery:
        _relay(run, parent)
    set_up_logging(run.ini)
    if not run_worker(run.waiting_application, stop_at_signals(parent)):
        # the thread of a job that does not end would keep this process
        logging.shutdown()
        os._exit(1)


def _relay(run: Run, parent: int | None) -> None:
    """Become the process that hands jobs over, of whose libraries this one needs nothing."""
    options = ["--parent", str(parent)] if parent is not None else []
    command = [sys.executable, "-m", "kallithea.cli", "relay", "-c", str(run.ini.path), *options]
    os.execv(sys.executable, command)  # noqa: S606 - a list of arguments
