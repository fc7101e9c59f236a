"""Our own server: a site as an operator makes it, with SQLite, whose repositories everybody may read."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from kallithea.cache.growing_store import GrowingStore
from kallithea.cache.stores import open_caches
from kallithea.cli.main import main
from kallithea.services.changelog import PAGE_SIZE
from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import wait_until_idle
from scripts.benchmarks.pages import targets
from scripts.benchmarks.serving import ServerError, free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite, fill

#: An account that may push everywhere.
USER, PASSWORD = "ada", "correct horse battery"

#: Our command.
PROGRAM = Path(sys.executable).parent / "kallithea"
_ADDRESSES: dict[type[targets.Target], str] = {
    targets.Summary: "/{repository}",
    targets.Folder: "/{repository}/files/{commit}/{path}",
    targets.File: "/{repository}/files/{commit}/{path}",
    targets.Blame: "/{repository}/annotate/{commit}/{path}",
    targets.Log: "/{repository}/changelog/{commit}?page=",
    targets.PathLog: "/{repository}/changelog/{commit}/{path}",
    targets.Change: "/{repository}/changeset/{commit}",
    targets.Raw: "/{repository}/raw/{commit}/{path}",
    targets.Archive: "/{repository}/archive/{commit}.tar.gz",
}


@dataclass(frozen=True)
class RunningKallithea(RunningSite):
    """Our server. ``cache_dir`` is the setting of that name."""

    cache_dir: Path
    folder: Path

    def forget(self) -> None:
        """Empty all stores that the processes share; what they keep in their memory stays."""
        open_caches(self.cache_dir, size=0, archive_folder=self.cache_dir / "archives", archive_size=0).clear()
        GrowingStore(self.folder / "data/packs", 0, 0).clear()


@dataclass(frozen=True)
class Kallithea:
    """Two processes, as production.ini.template says, but for ``settings``, given as ``name=value``."""

    name: str = "kallithea"
    command: str = "kallithea serve, 2 processes of 8 threads, SQLite"
    kind: Kind | None = None
    makes_pages: bool = True
    keeps_pages: bool = True
    settings: Sequence[str] = ()

    def find_missing(self) -> str:
        """See ``sites.Site``."""
        return ""

    @contextlib.contextmanager
    def serve(self, folder: Path, repositories: Sequence[Path]) -> Iterator[RunningKallithea]:
        """See ``sites.Site``."""
        port, cache_dir = free_port(), folder / "cache"
        values = (
            f"port={port}",
            f"repository_folder={repositories[0].parent}",
            f"cache_dir={cache_dir}",
            # a single visitor asks for everything here
            "visitor_budget=0",
            *self.settings,
        )
        for words in (
            ("config-create", "site.ini", *values),
            ("db-create", "--user", USER, "--password", PASSWORD),
            ("setting", "set", "visitors", "true"),
            ("permission", "set", "--visitors", "read", "/"),
            ("repo-scan", "--owner", USER),
        ):
            run_command(folder, *words)
        with running([PROGRAM, "serve", "-c", "site.ini"], folder, environment()) as process_id:
            wait_until_served(port, f"/{repositories[0].name}", folder)
            # a new site looks after the repositories that it has found
            wait_until_idle([process_id])
            yield RunningKallithea(port, (process_id,), cache_dir, folder)

    def address(self, repository: str, target: targets.Target) -> str:
        """See ``sites.Site``."""
        address = fill(_ADDRESSES, repository, target)
        return f"{address}{target.offset // PAGE_SIZE + 1}" if isinstance(target, targets.Log) else address


def make_token(running: RunningKallithea, *scopes: str) -> str:
    """A token that may do so much."""
    options = [word for scope in scopes for word in ("--scope", scope)]
    return str(json.loads(run_command(running.folder, "token", "create", USER, *options, "--json"))["token"])


def run_command(folder: Path, *words: str) -> str:
    """What our command prints, in the folder of an .ini, to which this process goes meanwhile. Raises ServerError.

    A process for each would load the whole program for it.
    """
    with contextlib.chdir(folder):
        done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exit_code:
        said = done.stderr or repr(done.exception)
        raise ServerError(f"kallithea {' '.join(words)}: {said}")
    return done.stdout


def environment() -> dict[str, str]:
    """Of our command."""
    return dict(os.environ) | {"PYTHONWARNINGS": "ignore"}
