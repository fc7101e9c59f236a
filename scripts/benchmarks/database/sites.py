"""Our server on a database, with members who sign in and clients with tokens."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.browser import Browser
from scripts.benchmarks.database.servers import Database
from scripts.benchmarks.kallithea_site import (
    PASSWORD,
    USER,
    Kallithea,
    RunningKallithea,
    make_token,
    run_command,
)
from scripts.benchmarks.suite import Run
from scripts.benchmarks.transfer.exchange import Server, basic


@dataclass(frozen=True)
class DatabaseSite:
    """A running site, what clients of git ask it with a token, and the processes of its database server."""

    running: RunningKallithea
    repository: str
    server: Server
    database: Database

    def member(self, name: str = USER) -> Browser:
        """A browser in which somebody is signed in."""
        browser = Browser()
        browser.fill_in(self.running.port, "/_admin/login", {"username": name, "password": PASSWORD})
        return browser

    def make_account(self, name: str) -> None:
        """An account of this name. Raises ServerError."""
        run_command(self.running.folder, "user", "create", name, "--password", PASSWORD)


@contextlib.contextmanager
def serve(run: Run, repository: Path, name: str, settings: Sequence[str], database: Database) -> Iterator[DatabaseSite]:
    """Serve one repository until the block ends, in a folder of this name. Raises ServerError."""
    folder = run.folder / name
    folder.mkdir(parents=True)
    # What a worker does of its own accord is not what is measured.
    with Kallithea(settings=("worker=separate", *settings)).serve(folder, [repository]) as running:
        server = Server(running.port, repository.name, basic(USER, make_token(running, "read")))
        yield DatabaseSite(running, repository.name, server, database)
