"""Bare commands: what they print, and what CPU time they take."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Neither settings of the user nor the locale matter.
ENVIRONMENT: Mapping[str, str] = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "HG"))},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
    "HGRCPATH": os.devnull,
    "HGPLAIN": "1",
    "HGENCODING": "utf-8",
    "LC_ALL": "C.UTF-8",
}


class CommandError(Exception):
    """A command failed; the words are its own."""


@dataclass(frozen=True)
class Cost:
    """Seconds that a command took, with all that it waited for."""

    cpu: float
    wall: float


def output_of(command: Sequence[str | bytes], data: bytes = b"") -> bytes:
    """What a command prints. Raises CommandError if it fails."""
    done = subprocess.run(list(command), input=data, capture_output=True, env=ENVIRONMENT, check=False)
    if done.returncode:
        raise CommandError(f"{command!r}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def cost_of(command: Sequence[str | bytes]) -> Cost:
    """Run a command for its cost; its output goes to a file. Raises CommandError if it fails."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandError(f"{command!r} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - started)


def hg_program() -> str:
    """Mercurial's command: the first on PATH, else that of our own environment."""
    return shutil.which("hg") or str(Path(sys.executable).parent / "hg")
