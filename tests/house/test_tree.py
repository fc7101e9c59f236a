"""The tree says nothing about the machines on which it was made, and what its documents name exists."""

import re
from importlib.metadata import EntryPoint, distribution
from pathlib import Path

import pytest

from kallithea.cli.main import COMMANDS
from tests.house.conftest import FindFiles

TEXTS = (
    "*.py",
    "*.rst",
    "*.mako",
    "*.toml",
    "*.txt",
    "*.json",
    "*.css",
    "*.js",
    "*.template",
    "*.ini",
    "scripts/*",
    ".ci/*",
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|opt|Users)/\w|/home/(?!kallithea\b|hg\b|git\b|USER\b)\w+")
ISSUE = re.compile(r"""\b(?:issue|ticket|bug) #?\d+\b|(?<![\w&"'/])#\d+\b(?![^\n]*[{;])""", re.IGNORECASE)


def _lines(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    this = Path(__file__).name
    return [
        f"{path.name}:{number}: {line.strip()}"
        for path in files
        if path.name != this
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_some_machine(find_files: FindFiles) -> None:
    assert _lines(find_files(*TEXTS), MACHINE) == []


def test_no_file_names_the_number_of_an_issue(find_files: FindFiles) -> None:
    assert _lines(find_files("*.py", "*.rst", "*.mako", "*.toml", "scripts/*", ".ci/*"), ISSUE) == []


def test_every_script_that_a_document_names_exists(find_files: FindFiles, root: Path) -> None:
    named = re.compile(r"(?<![\w/])scripts/([a-z][a-z-]*)(?![\w./-])")
    missing = {
        name
        for path in find_files("*.rst", "scripts/*", ".ci/*")
        for name in named.findall(path.read_text(encoding="utf-8"))
        if not (root / "scripts" / name).exists()
    }
    assert missing == set()


def test_every_command_that_a_document_names_exists(find_files: FindFiles) -> None:
    named = re.compile(r"^ +(?:\$ )?(?:\S*/)?kallithea(?:-cli)? ([a-z][a-z-]+)", re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in find_files("*.rst")]
    assert {name for text in texts for name in named.findall(text)} - COMMANDS.keys() == set()


def test_scripts_can_be_run(find_files: FindFiles) -> None:
    scripts = [path for path in find_files("scripts/*", ".ci/run") if path.read_bytes().startswith(b"#!")]
    assert [path for path in scripts if not path.stat().st_mode & 0o100] == []


def test_lock_file_names_no_registry(root: Path) -> None:
    assert '"resolved"' not in (root / "kallithea/front_end/package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "entry", distribution("kallithea").entry_points, ids=lambda entry: f"{entry.group}:{entry.name}"
)
def test_entry_point_can_be_loaded(entry: EntryPoint) -> None:
    assert callable(entry.load())
