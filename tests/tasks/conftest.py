"""Sites whose jobs are run by processes: without a broker, by RabbitMQ, by Redis, on several databases."""

import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller

from kallithea.cli.config import create_config
from kallithea.core.ini import VARIABLE, read_ini
from kallithea.core.jobs import Job
from kallithea.core.settings import parse_settings
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.services.application import Application
from kallithea.services.work import open_application, writing
from scripts.benchmarks.serving import free_port
from tests.prepared_databases import PreparedDatabases
from tests.services.test_outbox import stored_jobs
from tests.wires import Wire

_RABBIT_PORT = 5672
_PATIENCE_SECONDS = 90

PLACES = [
    pytest.param(("none", "sqlite"), id="none-sqlite"),
    pytest.param(("none", "postgresql"), id="none-postgresql", marks=pytest.mark.services),
    pytest.param(("none", "mariadb"), id="none-mariadb", marks=pytest.mark.services),
    pytest.param(("rabbitmq", "sqlite"), id="rabbitmq-sqlite", marks=pytest.mark.services),
    pytest.param(("rabbitmq", "postgresql"), id="rabbitmq-postgresql", marks=pytest.mark.services),
    pytest.param(("redis", "sqlite"), id="redis-sqlite", marks=pytest.mark.services),
    pytest.param(("redis", "mariadb"), id="redis-mariadb", marks=pytest.mark.services),
]


@dataclass
class Broker:
    """A message broker, or none: then it has no address, and its wire leads nowhere.

    Redis is stopped itself and forgets everything; of RabbitMQ, which other tests use, the wire is cut.
    """

    url: str = ""
    wire: Wire | None = None
    redis: "Redis | None" = None

    def stop(self) -> None:
        if self.wire is not None:
            self.wire.cut()
        if self.redis is not None:
            self.redis.stop()

    def start(self) -> None:
        if self.redis is not None:
            self.redis.start()
        if self.wire is not None:
            self.wire.mend()


@dataclass
class Redis:
    """A server of Redis that keeps nothing on the disk."""

    folder: pathlib.Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        _wait_for_port(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


class Post:
    """A mail server that takes a moment for each message, and counts them by their Message-IDs."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's word
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        self.received[next(line for line in head.splitlines() if line.lower().startswith("message-id:"))] += 1
        return "250 taken"


@dataclass
class JobSite:
    """A site and the processes that run its jobs."""

    application: Application
    ini: pathlib.Path
    broker: Broker
    post: Post
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def ask(self, *jobs: Job) -> None:
        for job in jobs:
            with writing(self.application) as services:
                services.outbox.add(job)

    def start(self, how: str = "hasty") -> None:
        """Start what runs jobs: a worker, or what hands them over and a worker of Celery with one process."""
        command = [sys.executable, "-m", f"tests.tasks.{how}", "worker", "-c", str(self.ini)]
        if not self.broker.url:
            self._start(command)
            return
        command[3] = "relay"
        self._start(command)
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", f"tests.tasks.{how}_worker", "worker"]
        self._start([*celery, "-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"])

    def _start(self, command: list[str]) -> None:
        log = (self.ini.parent / "processes.log").open("ab")
        environment = os.environ | {VARIABLE: str(self.ini)}
        with log:
            self.processes.append(
                subprocess.Popen(
                    command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            )

    def kill(self) -> None:
        """Kill them and all processes that they have started."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def count(self, kind: type[Job], state: str) -> int:
        return sum(row.state == state for row in stored_jobs(self.application, kind))

    def wait_for(self, kind: type[Job], number: int, state: str = OutboxState.DONE) -> None:
        """Wait until so many jobs of the kind are done, or in another state."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.count(kind, state) < number:
            assert time.monotonic() < deadline, self.describe(kind)
            time.sleep(0.1)

    def wait_until_done(self, *kinds: type[Job]) -> None:
        """Wait until no job of these kinds is left; none may be given up."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while states := {row.state for row in stored_jobs(self.application, *kinds)} - {OutboxState.DONE}:
            assert OutboxState.DEAD not in states, self.describe(*kinds)
            assert time.monotonic() < deadline, self.describe(*kinds)
            time.sleep(0.1)

    def describe(self, *kinds: type[Job]) -> str:
        """What is known of jobs that do not come to an end."""
        rows: list[OutboxJob] = [row for row in stored_jobs(self.application, *kinds) if row.state != OutboxState.DONE]
        log = (self.ini.parent / "processes.log").read_text(errors="replace")[-3000:]
        return "\n".join(
            [
                *(
                    f"{row.outbox_id} {row.kind} {row.state} {row.attempts} {row.taken_by} {row.problem}"
                    for row in rows
                ),
                log,
            ]
        )


@contextlib.contextmanager
def open_broker(kind: str, folder: pathlib.Path) -> Iterator[Broker]:
    """A virtual host of RabbitMQ, or a Redis server, that is this test's alone; the way to it can be cut."""
    if kind == "none":
        yield Broker()
        return
    if kind == "rabbitmq":
        name = f"kallithea_test_{secrets.token_hex(6)}"
        _rabbitmq("add_vhost", name)
        try:
            _rabbitmq("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
            wire = Wire(_RABBIT_PORT)
            yield Broker(f"amqp://guest:guest@127.0.0.1:{wire.port}/{quote(name)}", wire)
            wire.cut()
        finally:
            _rabbitmq("delete_vhost", name)
        return
    redis = Redis(folder, free_port())
    redis.start()
    try:
        wire = Wire(redis.port)
        yield Broker(f"redis://127.0.0.1:{wire.port}/0", wire, redis)
        wire.cut()
    finally:
        redis.stop()


def _rabbitmq(*words: str) -> None:
    subprocess.run([shutil.which("rabbitmqctl") or "rabbitmqctl", "--quiet", *words], check=True, timeout=60)


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    pytest.fail(f"nothing listens at {port}")


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    kept = Post()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield kept, controller.port
    controller.stop()


@pytest.fixture(params=PLACES)
def job_site(
    request: pytest.FixtureRequest,
    prepared_databases: PreparedDatabases,
    tmp_path: pathlib.Path,
    post: tuple[Post, int],
) -> Iterator[JobSite]:
    broker_kind, database = request.param
    with prepared_databases.lend(database, tmp_path) as url, open_broker(broker_kind, tmp_path) as broker:
        values = {
            "sqlalchemy.url": url.replace("%", "%%"),
            "smtp_server": "127.0.0.1",
            "smtp_port": str(post[1]),
            "canonical_url": "https://code.example.org",
            "use_celery": "true" if broker.url else "false",
            "celery.broker_url": broker.url,
        }
        ini = tmp_path / "site.ini"
        create_config(ini, values)
        settings = parse_settings(read_ini(ini).application)
        for folder in (settings.repository_folder, settings.cache_dir):
            folder.mkdir(parents=True)
        application = open_application(settings)
        site = JobSite(application, ini, broker, post[0])
        try:
            yield site
        finally:
            site.kill()
            application.close()
