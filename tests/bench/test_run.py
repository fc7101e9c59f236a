"""A run on tiny repositories, with the peers that are here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.benchmarks.__main__ import SUITES
from scripts.benchmarks.load import haproxy
from scripts.benchmarks.rows import Unit

ROOT = Path(__file__).resolve().parents[2]


def _bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.benchmarks", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("suite", SUITES)
def test_every_workload_can_be_measured(tmp_path: Path, suite: str) -> None:
    if suite == "load" and not haproxy.PROGRAM.exists() and "CI" not in os.environ:
        pytest.skip(f"{haproxy.PROGRAM} is not here. On Debian: apt-get install haproxy")
    done = _bench(
        suite, "--scale", "0.001", "--requests", "1", "--seconds", "0",
        "--seed", "1", "--kills", "1", "--json", tmp_path / "rows.json", "--rst", tmp_path / "rows.rst",
    )  # fmt: skip
    rows = json.loads((tmp_path / "rows.json").read_text())
    assert [row["failure"] for row in rows if row["failure"]] == [], done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    assert {row["workload"] for row in rows} == set(SUITES[suite].workloads)
    may_be_nothing = (Unit.COUNT, Unit.PERCENT, Unit.GROWTH)
    assert [row for row in rows if row["ours"] <= 0 and row["unit"] not in may_be_nothing] == []
    begun = {f"* - {row['workload']}\n     - {row['kind']}".rstrip() for row in rows}
    written = (tmp_path / "rows.rst").read_text()
    assert {line for line in begun if line not in written} == set()


def test_a_workload_without_rows_is_named(tmp_path: Path) -> None:
    done = _bench("pages", "--git", tmp_path, "--only", "summary")
    assert done.returncode == 1
    assert f"{tmp_path} is no Git repository" in done.stderr
    assert "missing: summary" in done.stderr


def test_an_unknown_workload_is_named() -> None:
    done = _bench("pages", "--only", "summary,nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr


@pytest.mark.services
def test_every_peer_is_here() -> None:
    assert [words for suite in SUITES.values() for words in suite.missing()] == []
