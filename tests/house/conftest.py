"""The files of the checkout."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FindFiles = Callable[..., list[Path]]


@pytest.fixture(scope="session")
def find_files() -> FindFiles:
    """Return a function that lists the files whose paths fit one of its patterns, without what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [path for name in output.split("\0") if name and (path := ROOT / name).is_file()]

    def find(*patterns: str) -> list[Path]:
        return [path for path in files if any(path.relative_to(ROOT).match(pattern) for pattern in patterns)]

    return find


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT
