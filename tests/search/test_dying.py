"""A process that writes and is killed leaves the index as it was after one of its steps."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.search import dying_writer
from tests.search.conftest import ENGINES
from tests.search.samples import ask

ROOT = Path(__file__).resolve().parents[2]
_KILLS = 8


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return str(tmp_path / request.param)


def test_what_was_told_is_there_and_steps_are_whole(place: str) -> None:
    engine, told = dying_writer.open_engine(place), 0
    for kill in range(_KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-m", dying_writer.__name__, place],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _line in range(3 + 5 * kill):
            told = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        with engine.open() as index:
            # waits until a server has ended what the killed one had begun
            index.forget(2)
            state = int(index.states()[1])
            found = ask(index, "same", (1,)).total
            assert state >= told
            # each odd step takes away the file of the one before
            assert found == len(index.files(1, "main")) == state - (state - 1) // 2
            assert ask(index, f"word{state} *adding*", (1,)).total == 1
