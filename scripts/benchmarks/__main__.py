"""``scripts/bench``: servers side by side on the same repositories."""

import os
import random
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kallithea.vcs.types import Kind
from scripts.benchmarks.database.suite import Databases
from scripts.benchmarks.load.suite import Load
from scripts.benchmarks.machine import describe_machine
from scripts.benchmarks.measuring import Effort
from scripts.benchmarks.pages.suite import Pages
from scripts.benchmarks.report import line_of, write_json, write_rst
from scripts.benchmarks.repositories import Repositories, RepositoryError
from scripts.benchmarks.rows import Row
from scripts.benchmarks.search.suite import Search
from scripts.benchmarks.serving import ServerError
from scripts.benchmarks.static.suite import Static
from scripts.benchmarks.suite import Run, Suite
from scripts.benchmarks.transfer.suite import Transfer
from scripts.benchmarks.truth.commands import CommandError

SUITES: dict[str, Suite] = {
    "pages": Pages(),
    "transfer": Transfer(),
    "search": Search(),
    "load": Load(),
    "database": Databases(),
    "static": Static(),
}

_LOG_LINES = 30
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)
_FILE = click.Path(dir_okay=False, writable=True, path_type=Path, resolve_path=True)


@dataclass(frozen=True)
class Options:
    """What was given on the command line."""

    name: str
    git: Path | None
    hg: Path | None
    only: str | None
    seed: int | None
    seconds: float
    requests: int
    scale: float
    kills: int
    settings: tuple[str, ...]
    json_path: Path | None
    rst_path: Path | None


_HELP = "\n\n".join(
    f"The suite {name}. {suite.about}\n\nIts workloads: {' '.join(suite.workloads)}" for name, suite in SUITES.items()
)


@click.command("bench", context_settings={"help_option_names": ["-h", "--help"]}, epilog=_HELP)
@click.argument("name", metavar="SUITE", type=click.Choice(list(SUITES)))
@click.option("--git", type=_FOLDER, help="A Git repository to measure on; without it, one is generated.")
@click.option("--hg", type=_FOLDER, help="A Mercurial repository to measure on; without it, one is generated.")
@click.option("--only", help="Workloads, separated by commas; without it, all.")
@click.option("--seed", type=int, help="Picks files and commits; without it, a new one that is printed.")
@click.option(
    "--seconds", type=float, default=1.0, help="CPU time for which each figure is measured, at least; of load, time."
)
@click.option("--requests", type=click.IntRange(1), default=500, help="Requests for one figure, at most.")
@click.option("--scale", type=float, default=1.0, help="Size of generated repositories; 1 is like git/git.")
@click.option("--kills", type=click.IntRange(1), default=50, help="Processes that are killed under load.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A line of the .ini, for load.")
@click.option("--json", "json_path", type=_FILE, help="Write the rows there as JSON, too.")
@click.option("--rst", "rst_path", type=_FILE, help="Write the rows there as a table for the documentation, too.")
def bench(**given: Any) -> None:
    """Measure servers side by side on the same repositories, which are only read: copies are measured.

    Each answer is checked for its contents; an incomplete one never counts, and of ours it is a failure. What is not
    installed is named and left out. Exits with 1 if a workload failed or is missing, and judges nothing else.
    """
    # what was started is ended, whatever ends this
    signal.signal(signal.SIGTERM, _end)
    options = Options(**given)
    suite = SUITES[options.name]
    chosen = _workloads(suite, options.only)
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    effort = f"{options.seconds:g} s or {options.requests} requests for a figure"
    about = [*describe_machine(), f"seed {seed}, {effort}, load average {os.getloadavg()[0]:.1f} before"]
    click.echo("\n".join([*about, *(f"missing: {words}" for words in suite.missing())]))
    rows = []
    with tempfile.TemporaryDirectory(prefix="kallithea-bench-") as folder:
        try:
            for row in suite.run(_make_run(options, chosen, seed, Path(folder))):
                rows.append(row)
                click.echo(line_of(row))
        except (CommandError, RepositoryError, ServerError) as problem:
            click.echo(str(problem), err=True)
        if any(row.failure for row in rows):
            for log in sorted(Path(folder).glob("servers/*/server.log")):
                _show_log(log)
    if options.json_path:
        write_json(options.json_path, rows)
    if options.rst_path:
        write_rst(options.rst_path, rows, about)
    _require_complete(chosen, rows)


def _end(*_: object) -> None:
    raise SystemExit(1)


def _make_run(options: Options, chosen: Sequence[str], seed: int, folder: Path) -> Run:
    named = ((Kind.GIT, options.git), (Kind.HG, options.hg))
    repositories = folder / "repositories"
    repositories.mkdir()
    return Run(
        chosen,
        {kind: path for kind, path in named if path is not None},
        seed,
        Effort(options.seconds, options.requests),
        folder / "servers",
        Repositories(repositories, seed, options.scale),
        options.kills,
        options.settings,
    )


def _show_log(path: Path) -> None:
    """What a server said last."""
    lines = path.read_text(errors="replace").splitlines()[-_LOG_LINES:]
    click.echo("\n".join(f"{path.parent.name}: {line}" for line in lines), err=True)


def _workloads(suite: Suite, only: str | None) -> Sequence[str]:
    chosen = only.split(",") if only else list(suite.workloads)
    for workload in chosen:
        if workload not in suite.workloads:
            raise click.BadParameter(f"{workload} is none of {' '.join(suite.workloads)}", param_hint="--only")
    return chosen


def _require_complete(chosen: Sequence[str], rows: Sequence[Row]) -> None:
    failed = {row.workload for row in rows if row.failure}
    missing = set(chosen) - {row.workload for row in rows}
    for words, workloads in (("failed", failed), ("missing", missing)):
        if workloads:
            click.echo(f"{words}: {' '.join(name for name in chosen if name in workloads)}", err=True)
    if failed or missing:
        sys.exit(1)


if __name__ == "__main__":
    bench()
