"""What a run was measured on."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.truth.commands import hg_program

_PACKAGES = (
    "apache2",
    "cgit",
    "gitweb",
    "haproxy",
    "libapache2-mod-wsgi-py3",
    "mariadb-server",
    "mercurial",
    "nginx",
    "postgresql",
    "redis-server",
)
_INFO = Path("/proc/cpuinfo")


def describe_machine() -> list[str]:
    """Lines: processor, cores, memory, and the versions of what is compared."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return [
        f"{_processor()}, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB, Linux {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_first_line(['git', '--version'])}, "
        f"{_first_line([hg_program(), '--version', '--quiet'])}",
        *_packages(),
    ]


def _processor() -> str:
    names = [line.partition(":")[2].strip() for line in _INFO.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _packages() -> Sequence[str]:
    """Debian's packages; nothing where there are none."""
    try:
        done = subprocess.run(
            ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", *_PACKAGES],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return []
    return [", ".join(done.stdout.splitlines())] if done.stdout else []


def _first_line(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
