"""``kallithea celery-run``: the workers of Celery, kept apart by the cost of their jobs."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import click

from kallithea.cli.background import stop_at_signals
from kallithea.cli.run import Run, with_run
from kallithea.core.ini import VARIABLE
from kallithea.core.jobs import Queue
from kallithea.core.settings import SettingsError
from kallithea.tasks.celery_app import queue_name

#: What takes seconds; what has to follow pushes whatever else runs; and what takes hours. All else is in between.
_QUICK = (Queue.QUICK, Queue.LINK, Queue.MAIL, Queue.REPOSITORY)
_INDEX = (Queue.INDEX,)
_LONG = (Queue.REPACK, Queue.IMPORT)
#: No messages of workers to each other: they need none.
_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")

_LOOK_SECONDS = 0.5
# As for the jobs of `kallithea worker`.
_PATIENCE_SECONDS = 10.0
_GRACE_SECONDS = 10.0


@click.command("celery-run", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_run
def celery_run(run: Run, arguments: Sequence[str]) -> None:
    """Run Celery's workers, and what hands jobs over to them, until SIGINT or SIGTERM.

    That are four workers, so that neither an import nor an indexing ever delays a mail: for what takes seconds, for the
    search index, for what takes hours, and for all else. ARGUMENTS after -- are for one worker that is run instead,
    such as -Q kallithea.mail.
    """
    if not run.settings.use_celery:
        raise SettingsError("The .ini does not have use_celery = true.")
    environment = os.environ | {VARIABLE: str(run.ini.path)}
    if arguments:
        os.execve(sys.executable, [*_worker(), *arguments], environment)  # noqa: S606 - a list of arguments
    commands = [[sys.executable, "-m", "kallithea.cli", "relay", "-c", str(run.ini.path), "--parent", str(os.getpid())]]
    commands += [_worker(name, queues) for name, queues in list_kinds().items()]
    stop = stop_at_signals(None)
    children = [subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) for command in commands]
    while not stop.wait(_LOOK_SECONDS):
        if any(child.poll() is not None for child in children):
            break
    _end(children)
    if not stop.is_set():
        raise click.ClickException("One of the processes has ended by itself, so all have to be started again.")


def list_kinds() -> dict[str, tuple[Queue, ...]]:
    """The workers by name, and the queues of each."""
    others = tuple(queue for queue in Queue if queue not in (*_QUICK, *_INDEX, *_LONG))
    return {"quick": _QUICK, "index": _INDEX, "steady": others, "long": _LONG}


def _worker(name: str = "", queues: Sequence[Queue] = ()) -> list[str]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "kallithea.worker", "worker", *_ALONE]
    if name:
        command += ["-n", f"{name}@%h", "-Q", ",".join(map(queue_name, queues))]
    return command


def _end(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    """End them within a bounded time; then also what they run, which is handed over again."""
    for number, seconds in ((signal.SIGTERM, _PATIENCE_SECONDS), (signal.SIGQUIT, _GRACE_SECONDS)):
        for child in children:
            child.send_signal(number)
        deadline = time.monotonic() + seconds
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
    for child in children:
        child.kill()
        child.wait()
