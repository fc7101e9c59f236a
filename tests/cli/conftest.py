"""A site for the commands to work on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kallithea.cli.config import create_config
from kallithea.cli.main import main

Kallithea = Callable[..., Result]


@pytest.fixture
def kallithea(tmp_path: Path) -> Kallithea:
    """The command, working on a site without a database: ``kallithea("user", "list", typed="...")``."""
    ini = tmp_path / "site.ini"
    create_config(ini, {})

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, [*words, "-c", str(ini)], input=typed, catch_exceptions=False)

    return run


@pytest.fixture
def site(kallithea: Kallithea) -> Kallithea:
    """The command, working on a site with the administrator ``ada``."""
    done(kallithea("db-create", "--user", "ada", typed="correct horse\n"))
    return kallithea


def done(result: Result) -> str:
    """What a command printed that must not fail."""
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(result: Result) -> Any:
    """What a command printed with --json."""
    return json.loads(done(result))


def refused(result: Result) -> str:
    """The words of a command that must be refused without a traceback."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.stderr
