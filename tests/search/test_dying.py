"""A process that writes and is killed leaves the index as it was after one of its steps."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from kallithea.search.sqlite_engine import SqliteEngine
from tests.search import dying_writer
from tests.search.samples import ask

ROOT = Path(__file__).resolve().parents[2]
_KILLS = 8


def test_what_was_told_is_there_and_steps_are_whole(tmp_path: Path) -> None:
    engine, told = SqliteEngine(tmp_path / "index"), 0
    for kill in range(_KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-m", dying_writer.__name__, str(tmp_path / "index")],
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
            state = int(index.states()[1])
            found = ask(index, "same", (1,)).total
            assert state >= told
            # each odd step takes away the file of the one before
            assert found == len(index.files(1, "main")) == state - (state - 1) // 2
            assert ask(index, f"word{state} *adding*", (1,)).total == 1
