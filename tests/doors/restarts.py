"""Restarts while people browse and clone: nobody notices, and afterwards every process is a new one."""

import contextlib
import os
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.benchmarks.accounting import family_of
from tests.doors.exchange import held_clone, wait_for
from tests.doors.sites import OperatorsSite
from tests.transport.site import Clients

#: How a server is told to begin anew, given its main process.
Restart = Callable[[OperatorsSite, "subprocess.Popen[bytes]"], None]

_BROWSERS = 8
_PAGES = 20
_PAUSE_SECONDS = 0.01


def by_hangup(_site: OperatorsSite, process: "subprocess.Popen[bytes]") -> None:
    """Gunicorn's way: SIGHUP to the main process."""
    process.send_signal(signal.SIGHUP)


def by_touch(site: OperatorsSite, _process: "subprocess.Popen[bytes]") -> None:
    """The way of uWSGI: a touch of the file that ``touch-chain-reload`` names."""
    (site.folder / "uwsgi.ini").touch()


def by_user_signal(_site: OperatorsSite, process: "subprocess.Popen[bytes]") -> None:
    """mod_wsgi's way: SIGUSR1 to each of its processes."""
    for process_id in answering(process.pid):
        os.kill(process_id, signal.SIGUSR1)


def answering(main: int) -> set[int]:
    """The processes below the main one in which the site runs: its children, of Apache's those of mod_wsgi."""
    children = {each.process_id for each in family_of([main]) if each.parent_id == main}
    named = {number for number in children if _command(number).startswith(b"(wsgi:")}
    return named or children


def _command(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""


def restart_unnoticed(
    site: OperatorsSite, front: OperatorsSite, clients: Clients, process: "subprocess.Popen[bytes]", restart: Restart
) -> None:
    """Restart amidst a clone and under load; no page fails, and the clone comes whole."""
    before = answering(process.pid)
    with _browsing(front) as answers:
        with held_clone(front, clients, "held"):
            restart(site, process)
            wait_for(lambda: min(map(len, answers)) >= _PAGES)
        wait_for(lambda: not before & answering(process.pid))
        count = max(map(len, answers))
        wait_for(lambda: min(map(len, answers)) > count)
    assert {answer for each in answers for answer in each} == {"200"}


@contextlib.contextmanager
def _browsing(site: OperatorsSite) -> Iterator[list[list[str]]]:
    """Visitors who ask for pages until the block ends; what each was answered so far."""
    answers: list[list[str]] = [[] for _number in range(_BROWSERS)]
    ended = threading.Event()

    def browse(own: list[str]) -> None:
        while not ended.wait(_PAUSE_SECONDS):
            try:
                with urllib.request.urlopen(site.url(""), timeout=60) as answer:
                    own.append(str(answer.status) if b"</html>" in answer.read() else "cut off")
            except OSError as problem:
                own.append(repr(problem))

    threads = [threading.Thread(target=browse, args=(own,)) for own in answers]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ended.set()
        for thread in threads:
            thread.join()
