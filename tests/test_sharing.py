"""What a module makes once is made once, however many processes run its tests."""

import os
import pathlib
import subprocess
import sys

_MODULE = """
import pathlib

import pytest


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = pathlib.Path(__file__).with_name("made")
    with made.open("a") as file:
        file.write("once ")


@pytest.mark.parametrize("number", range(20))
def test_shares(made, number):
    pass
"""


def test_a_group_of_tests_goes_to_one_process(tmp_path: pathlib.Path) -> None:
    (tmp_path / "test_module.py").write_text(_MODULE)
    root = pathlib.Path(__file__).parents[1]
    options = f"-n 2 --dist loadgroup -p tests.sharing -p no:cacheprovider -c /dev/null --rootdir={tmp_path}"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options.split(), tmp_path],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "20 passed" in done.stdout, done.stdout + done.stderr
    assert (tmp_path / "made").read_text() == "once "
