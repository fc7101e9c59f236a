"""A site on two machines: two instances that share repositories and database, and nothing else of their folders."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, make_url

from kallithea.core.ini import read_ini
from kallithea.vcs.types import Kind
from scripts.benchmarks import postgresql
from scripts.benchmarks.accounting import family_of, wait_until_idle
from scripts.benchmarks.kallithea_site import PASSWORD, PROGRAM, USER, environment, run_command
from scripts.benchmarks.load import haproxy
from scripts.benchmarks.serving import free_port, wait_until_served

#: Somebody who is now and then given the right to read the repository GUARDED, and is shut out again.
GUEST = "bob"
GUARDED = "guarded"
#: Requests that are on their way when an instance is asked to end get so long.
_GRACEFUL_SECONDS = 120
# What the secrets of the second machine are copied from.
_SECRETS = ("session.secret", "remote_secret")


@dataclass
class Instance:
    """One machine: an .ini in a folder of its own, and ``kallithea serve``, which can be ended and started again."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def process_id(self) -> int:
        """Of gunicorn's main process, whose tree the instance is; 0 where it was never started."""
        return self._process.pid if self._process is not None else 0

    @property
    def dead(self) -> bool:
        """Whether its main process has ended."""
        return self._process is not None and self._process.poll() is not None

    def start(self) -> None:
        """Start it, and wait for its first page. Raises ServerError."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "-c", "site.ini"],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until_served(self.port, "/_readyz", self.folder)

    def end(self) -> None:
        """Ask it to end, and wait until it has answered what it was asked."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACEFUL_SECONDS)
            self.sweep()

    def reload(self) -> None:
        """Have the processes that answer replaced by new ones."""
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def sweep(self) -> None:
        """Kill whatever of it is left, as a supervisor does that knows all processes of a service."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def processes(self) -> list[int]:
        """All of it that runs now."""
        return [process.process_id for process in family_of([self.process_id])]

    def workers(self) -> list[int]:
        """The processes that answer requests: children of the main one that have its program."""
        family = family_of([self.process_id])
        names = {process.process_id: process.name for process in family}
        own = names.get(self.process_id)
        return [
            process.process_id
            for process in family
            if process.parent_id == self.process_id
            and process.name == own
            and not _is_worker_of_jobs(process.process_id)
        ]


@dataclass(frozen=True)
class Cluster:
    """``front`` is None where there is no HAProxy. ``database`` is the URL for SQLAlchemy.

    ``settings`` are those lines of each .ini that make it one of this site, as ``name=value``.
    """

    instances: Sequence[Instance]
    repositories: Path
    database: URL
    front: haproxy.Front | None
    token: str
    settings: Sequence[str]

    @property
    def ports(self) -> list[int]:
        """Of the instances themselves."""
        return [instance.port for instance in self.instances]

    def address(self, port: int, repository: str) -> str:
        """Where a client of somebody who may push reaches a repository."""
        return f"http://{USER}:{self.token}@127.0.0.1:{port}/{repository}"


@contextlib.contextmanager
def serve(folder: Path, repositories: Path, settings: Sequence[str]) -> Iterator[Cluster]:
    """Serve what lies side by side in a folder by two instances of two processes, until the block ends.

    ``settings`` are further lines of each .ini, as ``name=value``; ``sqlalchemy.url`` names an empty database to use.
    Raises ServerError.
    """
    with contextlib.ExitStack() as stack:
        database = _find_database(settings) or _open_database(folder, stack)
        own = (
            f"sqlalchemy.url={database.render_as_string(hide_password=False).replace('%', '%%')}",
            f"index.backend={'postgresql' if database.get_backend_name() == 'postgresql' else 'sqlite'}",
        )
        all_settings = (*own, *settings)
        instances = make_instances(folder, repositories, all_settings, workers=(2, 2))
        first = instances[0].folder
        run_command(first, "db-create", "--user", USER, "--password", PASSWORD)
        run_command(first, "user", "create", GUEST, "--password", PASSWORD)
        run_command(first, "setting", "set", "visitors", "true")
        run_command(first, "permission", "set", "--visitors", "read", "/")
        run_command(first, "repo-scan", "--owner", USER)
        run_command(first, "repository", "create", GUARDED, "--kind", Kind.GIT, "--owner", USER, "--private")
        token = make_token(first)
        for instance in instances:
            stack.callback(instance.end)
            instance.start()
        if any(value.replace(" ", "") == "use_celery=true" for value in settings):
            stack.enter_context(_celery(first))
        wait_until_idle([instance.process_id for instance in instances])
        front = None
        if haproxy.PROGRAM.exists():
            (folder / "front").mkdir()
            front = stack.enter_context(haproxy.in_front_of([each.port for each in instances], folder / "front"))
        yield Cluster(instances, repositories, database, front, token, all_settings)


def make_instances(
    folder: Path, repositories: Path, settings: Sequence[str], workers: Sequence[int]
) -> Sequence[Instance]:
    """Folders with an .ini each, which have the same secrets; so many processes answer in each instance."""
    instances: list[Instance] = []
    secrets: list[str] = []
    for number, count in enumerate(workers, start=1):
        own = folder / f"machine-{number}-of-{count}"
        own.mkdir(parents=True)
        port = free_port()
        values = (
            f"port={port}",
            f"workers={count}",
            f"repository_folder={repositories}",
            f"graceful_timeout={_GRACEFUL_SECONDS}",
            "remote_addr_variable=HTTP_X_FORWARDED_FOR",
            "trusted_proxies=127.0.0.1",
            # all of them come from one network here
            "visitor_budget=0",
            "wire_sends_each=0",
            "wire_pushes_each=0",
        )
        run_command(own, "config-create", "site.ini", *values, *secrets, *settings)
        if not secrets:
            made = read_ini(own / "site.ini").application
            secrets = [f"{name}={made[name]}" for name in _SECRETS if name in made]
        instances.append(Instance(own, port))
    return instances


def make_token(folder: Path) -> str:
    """A token of who administers the site, with which clients push."""
    return run_command(folder, "token", "create", USER, "--json").partition('"token": "')[2].partition('"')[0]


def _find_database(settings: Sequence[str]) -> URL | None:
    named = [value for name, _, value in (setting.partition("=") for setting in settings) if name == "sqlalchemy.url"]
    return make_url(named[-1].replace("%%", "%")) if named else None


def _open_database(folder: Path, stack: contextlib.ExitStack) -> URL:
    if postgresql.find_missing():
        return make_url(f"sqlite:///{folder / 'kallithea.db'}?timeout=30")
    given = stack.enter_context(postgresql.fresh_database()).address
    port = given.get("port")
    return URL.create(
        "postgresql", given.get("user"), given.get("password"), given.get("host"), int(port) if port else None,
        given.get("dbname"),
    )  # fmt: skip


@contextlib.contextmanager
def _celery(folder: Path) -> Iterator[None]:
    with (folder / "celery.log").open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, "celery-run", "-c", "site.ini"], cwd=folder, env=environment(), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACEFUL_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_worker_of_jobs(process_id: int) -> bool:
    """Whether it is the embedded worker, which has a command line of its own."""
    try:
        return b"worker" in Path(f"/proc/{process_id}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return True
