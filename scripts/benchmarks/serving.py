"""Servers that the bench starts: each in a folder of its own, on a free port of this machine."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scripts.benchmarks.client import Client

_START_SECONDS = 60
_END_SECONDS = 30
# Systems take those of connections from above.
_PORTS = range(10_000, 32_000)


class ServerError(Exception):
    """A server does not start; the words contain what it said."""


def free_port() -> int:
    """A port of 127.0.0.1 at which nobody listens now, and that no other is likely to find meanwhile."""
    for port in random.SystemRandom().sample(_PORTS, 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise ServerError("no port of 127.0.0.1 is free")


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    stdin: socket.socket | None = None,
) -> Iterator[int]:
    """Run a server until the block ends, with its log in ``server.log``; its process id."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env=dict(environment),
            stdin=stdin.fileno() if stdin is not None else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
        # whatever of it is left
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_served(port: int, address: str, folder: Path) -> None:
    """Wait for the first good answer. Raises ServerError with the logs in the folder if there is none."""
    client, deadline, words = Client(port), time.monotonic() + _START_SECONDS, "It does not answer."
    while time.monotonic() < deadline:
        try:
            answer = client.get(address)
        except OSError:
            time.sleep(0.1)
            continue
        client.close()
        if answer.status == 200:
            return
        words = f"{address} is {answer.status}."
        break
    logs = "\n".join(path.read_text(errors="replace") for path in sorted(folder.glob("*.log")))
    raise ServerError(f"{words}\n{logs}")
