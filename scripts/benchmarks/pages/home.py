"""The list of repositories of a large site, for a visitor: the first page, and what a filter finds."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from scripts.benchmarks.client import Client
from scripts.benchmarks.kallithea_site import Kallithea
from scripts.benchmarks.measuring import LackError, Visit, measure, warm_up
from scripts.benchmarks.pages.columns import KNOWN
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run
from scripts.benchmarks.truth.commands import output_of

HOME = "home"

_GROUPS, _IN_EACH = 1_000, 10
#: The first page, and the page that a filter by name and kind leaves.
_ADDRESSES = ("/", "/?sort=name", "/?f=r7&kind=git")


def measure_home(run: Run) -> Iterator[Row]:
    """One row: there is nothing to compare it with. Raises ServerError."""
    groups = max(2, round(_GROUPS * run.repositories.scale))
    folder = run.folder / "home"
    folder.mkdir(parents=True)
    first = _make_repositories(folder / "many", groups)
    # A worker would look after ten thousand new repositories for a long time.
    with Kallithea(settings=("worker=separate",)).serve(folder, [first]) as running:
        visits = [partial(_visit, running.port, address, groups * _IN_EACH) for address in _ADDRESSES]
        warm_up(visits[0], run.effort)
        cell = measure("kallithea", running, visits, run.effort)
    yield Row(HOME, KNOWN, Unit.CPU, None if cell.lack else cell.cpu, failure=cell.lack, cells=(cell,))


def _make_repositories(folder: Path, groups: int) -> Path:
    """So many groups of repositories, which share their files; the answer is one that lies beside them."""
    first = folder / "first"
    output_of(["git", "init", "--quiet", "--bare", str(first)])
    shutil.rmtree(first / "hooks", ignore_errors=True)
    for group in range(groups):
        for number in range(_IN_EACH):
            shutil.copytree(first, folder / f"g{group:04}" / f"r{number}", copy_function=os.link)
    return first


def _visit(port: int, address: str, least: int) -> Visit:
    client = Client(port)
    answer = client.get(address)
    client.close()
    rows = answer.body.count(b'scope="row"')
    if answer.status != 200 or rows < min(least // _IN_EACH, 50):
        raise LackError(f"{address}: {answer.status}, {rows} rows")
    return Visit(answer.wall, answer.wall)
