"""Programs that end with who has started them, and with all that they have started."""

import pathlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from kallithea.vcs.process_tree import MARK, bounded, end_tree, tied

SLEEP = ["sleep", "1000"]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_tied_program_ends_with_the_thread_that_started_it() -> None:
    started: list[subprocess.Popen[bytes]] = []
    goes_on = threading.Event()

    def start() -> None:
        started.append(subprocess.Popen(tied([*SLEEP])))
        goes_on.wait()

    thread = threading.Thread(target=start)
    thread.start()
    wait_until(lambda: bool(started))
    wait_until(lambda: pathlib.Path(f"/proc/{started[0].pid}/comm").read_text() == "sleep\n")
    assert started[0].poll() is None
    goes_on.set()
    thread.join()
    assert started[0].wait(30) == -signal.SIGTERM


@pytest.mark.parametrize("setpriv", [None, "echo setpriv: unrecognized option >&2; exit 1"])
def test_command_is_as_it_was_where_nothing_can_tie_it(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, setpriv: str | None
) -> None:
    program = tmp_path / "sleep"
    for path, text in ((program, "exit 0"), (tmp_path / "setpriv", setpriv)):
        if text is not None:
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tied([*SLEEP]) == SLEEP
    assert bounded(SLEEP, 5) == SLEEP


def test_all_that_has_the_mark_ends_also_in_sessions_of_its_own(tmp_path: pathlib.Path) -> None:
    script = f"setsid sh -c 'echo $$ > {tmp_path}/a; exec sleep 1000' & sh -c 'echo $$ > {tmp_path}/b; exec sleep 1000'"
    files = [tmp_path / "a", tmp_path / "b"]
    environment = {"PATH": "/usr/bin:/bin", MARK: "0123"}
    process = subprocess.Popen(["sh", "-c", script], env=environment, start_new_session=True)
    other = subprocess.Popen(SLEEP, env=environment | {MARK: "01234"})
    wait_until(lambda: all(file.exists() and file.read_text() for file in files))
    end_tree(process, "0123")
    ids = [file.read_text().strip() for file in files]
    wait_until(lambda: not any(_is_running(number) for number in ids))
    assert other.poll() is None
    other.kill()
    other.wait()


def _is_running(number: str) -> bool:
    arguments = pathlib.Path("/proc", number, "cmdline")
    return arguments.exists() and arguments.read_bytes() != b""


def test_bounded_program_ends_with_its_children() -> None:
    done = subprocess.run(bounded(["sh", "-c", "sleep 1000"], 1), check=False)
    assert done.returncode == 124
