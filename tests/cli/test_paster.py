"""The commands for those who are used to `paster`."""

import subprocess
from pathlib import Path

import pytest

from kallithea.core.ini import read_ini
from tests.doors.sites import ENVIRONMENT, PROGRAMS

pytestmark = pytest.mark.slow


def _paster(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAMS / "paster", *words], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


def test_site_is_made_and_managed(tmp_path: Path) -> None:
    made = _paster(tmp_path, "make-config", "kallithea", "site.ini", "title=Ours")
    assert made.returncode == 0, made.stderr
    assert read_ini(tmp_path / "site.ini").application["title"] == "Ours"
    created = _paster(tmp_path, "setup-db", "site.ini", "--user", "ada", "--password", "correct horse")
    assert created.returncode == 0, created.stderr
    listed = _paster(tmp_path, "user", "list", "site.ini")
    assert "ada" in listed.stdout


def test_refusal_is_told_by_the_exit_code(tmp_path: Path) -> None:
    refused = _paster(tmp_path, "setup-db", "none.ini")
    assert refused.returncode == 1
    assert "config-create" in refused.stderr


def test_commands_are_listed_with_what_they_do(tmp_path: Path) -> None:
    assert "Make the tables, and an administrator." in _paster(tmp_path, "help").stdout
