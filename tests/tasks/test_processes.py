"""The commands as processes: what ``celery-run`` starts it ends, and a worker that becomes the relay hands over."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from kallithea.core.jobs import SendMail
from tests.tasks.conftest import JobSite
from tests.tasks.test_lost_and_found import mails

pytestmark = [
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.parametrize("job_site", [("redis", "sqlite")], indirect=True),
]


def start(site: JobSite, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "kallithea.cli", words[0], "-c", str(site.ini), *words[1:]]
    with (site.ini.parent / "processes.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    site.processes.append(process)
    return process


def children(pid: int) -> set[int]:
    """All that descend from a process."""
    found = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.add(int(path.parent.name))
    return found.union(*map(children, found))


def at_least(count: int, pid: int) -> set[int]:
    """All that descend from a process, once they are so many: the last may start after the first job has been done."""
    deadline = time.monotonic() + 60
    while len(running := children(pid)) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    return running


def gone(pids: set[int]) -> bool:
    deadline = time.monotonic() + 30
    while any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_celery_run_starts_and_ends_all_that_is_needed(job_site: JobSite) -> None:
    process = start(job_site, "celery-run")
    job_site.ask(*mails(0, 5))
    job_site.wait_for(SendMail, 5)
    # a relay, four workers, and two processes for the jobs of each
    running = at_least(13, process.pid)
    assert len(running) == 13
    process.terminate()
    assert process.wait(60) == 0
    assert gone(running)


def test_celery_run_ends_when_one_of_its_processes_does(job_site: JobSite) -> None:
    """So that whoever has started it sees it, and starts all of them again."""
    process = start(job_site, "celery-run")
    job_site.ask(*mails(0, 1))
    job_site.wait_for(SendMail, 1)
    running = children(process.pid)
    relay = next(pid for pid in running if b"kallithea.cli\0relay" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(relay, signal.SIGKILL)
    assert process.wait(60) == 1
    assert gone(running)


def test_worker_hands_over_where_celery_is_used(job_site: JobSite) -> None:
    start(job_site, "worker")
    start(job_site, "celery-run", "--", "-c", "1", "-n", "alone@%h")
    job_site.ask(*mails(0, 5))
    job_site.wait_for(SendMail, 5)
    assert job_site.post.received.total() == 5
