"""What is written to Mercurial repositories does not stay in memory."""

import pathlib
import re
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_two_hundred_commits_leave_no_memory_behind(tmp_path: pathlib.Path) -> None:
    """In a process of its own, in which Python itself collects nothing."""
    script = pathlib.Path(__file__).with_name("memory_of_commits.py")
    command = [sys.executable, str(script), str(tmp_path / "repository")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = (int(number) for number in re.findall(r"\d+", done.stdout))
    assert after < before + 10_000
