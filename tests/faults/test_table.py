"""Every fault is shown by tests that exist, and what they leave open has a reason."""

import ast
import functools
import pathlib
import re

import pytest

from tests.faults.table import FAULTS, Fault

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_every_number_has_its_place() -> None:
    assert [fault.number for fault in FAULTS] == [f"F{number:02}" for number in range(1, 25)]


@functools.cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.number)
def test_what_shows_it_exists(fault: Fault) -> None:
    assert fault.tests or fault.not_shown
    for name in fault.tests:
        file, _colons, test = name.partition("::")
        assert test in functions(file) if test else (ROOT / file).is_file(), name


def test_every_test_of_this_folder_shows_a_fault() -> None:
    named = {name.partition("::")[0] for fault in FAULTS for name in fault.tests}
    here = {f"tests/faults/{path.name}" for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    assert here - named == {"tests/faults/test_table.py"}


def test_the_guide_tells_of_each() -> None:
    guide = (ROOT / "docs/administrator_guide/outages.rst").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^   \* - (F\d\d)$", guide, re.MULTILINE)) == [fault.number for fault in FAULTS]
