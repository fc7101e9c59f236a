"""``kallithea serve``: gunicorn with the settings of ``[server:main]``, and the worker as one more process."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse
import warnings
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from paste.deploy import loadapp

from kallithea.cli.run import config_option, require_database_file
from kallithea.core.errors import UnavailableError
from kallithea.core.ini import Ini, find_ini, read_ini
from kallithea.core.settings import Settings, SettingsError, parse_settings
from kallithea.migrations.schema import require_tables
from kallithea.model.engine import open_engine

_IN_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes its files there safely

#: gunicorn's settings where ``[server:main]`` says nothing.
DEFAULTS: dict[str, Any] = {
    "workers": 2,
    "worker_class": "kallithea.cli.web_process.WebProcess",
    "logger_class": "kallithea.cli.web_process.ServerLog",
    "threads": 8,
    # The application is loaded once, before the processes are made: what is wrong with it ends the server in words.
    "preload_app": True,
    # Of a gthread process only the thread that accepts connections must react in this time, so long clones may last.
    "timeout": 300,
    "graceful_timeout": 20,
    # hg prepares a push while its connection idles, and cannot send it again from the start.
    "keepalive": 300,
    "limit_request_line": 8190,
    "limit_request_fields": 1000,
    "control_socket_disable": True,
    # What headers say counts by ``trusted_proxies`` alone.
    "secure_scheme_headers": {},
    "forwarder_headers": "",
    # A process shows several times a request that it lives, by touching a file; in memory that costs next to nothing.
    "worker_tmp_dir": _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None,
}

#: Where to listen if the .ini says nothing.
HOST, PORT = "127.0.0.1", "5000"

_PAUSE_SECONDS = 5.0
_END_SECONDS = 10.0


@click.command("serve")
@config_option
@click.option("--host", help="Address to listen at, instead of that in the .ini.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at, instead of that in the .ini.")
def serve(config: str | None, host: str | None, port: int | None) -> None:
    """Run the web server, and the worker with it, until SIGINT or SIGTERM."""
    ini = read_ini(find_ini(config))
    settings = parse_settings(ini.application)
    require_database_file(settings)
    _require_tables(settings)
    given = {"host": host, "port": str(port) if port else None}
    values = ini.server | {key: value for key, value in given.items() if value}
    _require_free_address(values.get("host", HOST), values.get("port", PORT))
    worker = EmbeddedWorker(ini.path) if settings.worker == "embedded" else None
    Server(_Application(ini, values), worker).run()


def _require_tables(settings: Settings) -> None:
    """Say what to do where the database is empty. One that is away, or has other tables, may be waited for."""
    engine = open_engine(settings.database_url)
    try:
        with contextlib.suppress(UnavailableError):
            require_tables(engine)
    finally:
        engine.dispose()


def _require_free_address(host: str, port: str) -> None:
    """Look before gunicorn does, which tries for seconds and says less. Raises UnavailableError, SettingsError."""
    if not port.isdecimal():
        raise SettingsError(f"[server:main] port = {port}: write a number from 1 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Without listening: a client that comes in this moment would be accepted, and cut off.
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except (OSError, OverflowError) as problem:
        raise UnavailableError(
            f"The server cannot listen at {host}, port {port}: {problem}. Name another address: --host, --port."
        ) from problem


class EmbeddedWorker:
    """The worker as a child process that is started again whenever it ends."""

    def __init__(self, ini: pathlib.Path) -> None:
        self._ini = ini
        self._process: subprocess.Popen[bytes] | None = None
        self._next_start = 0.0
        self._ending = False

    def tend(self, parent: int) -> None:
        """Start the worker if it does not run; one that ends at once is started every few seconds only."""
        if self._ending or (self._process is not None and self._process.poll() is None):
            return
        if time.monotonic() < self._next_start:
            return
        if self._process is not None:
            click.echo("The worker has ended; it is started again.", err=True)
        command = [sys.executable, "-m", "kallithea.cli", "worker", "-c", str(self._ini), "--parent", str(parent)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._next_start = time.monotonic() + _PAUSE_SECONDS

    def terminate(self) -> None:
        """Ask the worker to end."""
        self._ending = True
        if self._process is not None:
            self._process.terminate()

    def wait(self) -> None:
        """Wait until the worker has ended, and kill it when it takes too long: its job is handed over again."""
        if self._process is None:
            return
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Server(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's main process, which also tends the worker."""

    def __init__(self, application: "_Application", worker: EmbeddedWorker | None) -> None:
        self._worker = worker
        super().__init__(application)

    def start(self) -> None:
        """Listen, and tell where."""
        super().start()
        click.echo(f"Kallithea serves at {' and '.join(map(_url, self.LISTENERS))}  (Ctrl-C ends it)", err=True)

    def manage_workers(self) -> None:
        """Called by gunicorn about once a second."""
        super().manage_workers()
        if self._worker is not None:
            self._worker.tend(self.pid)

    def stop(self, graceful: bool = True) -> None:
        """End all processes, the worker at the same time as the others."""
        if self._worker is None:
            super().stop(graceful)
            return
        self._worker.terminate()
        super().stop(graceful)
        self._worker.wait()


class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """What gunicorn asks for its configuration and for the WSGI application."""

    def __init__(self, ini: Ini, values: dict[str, str]) -> None:
        self._ini = ini
        self._values = values
        super().__init__()

    def load_config(self) -> None:
        """Settings of gunicorn from ``[server:main]``; those of another server are named and left out."""
        values = dict(self._values)
        host, port = values.pop("host", HOST), values.pop("port", PORT)
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.cfg.set("bind", address)
        self.cfg.set("default_proc_name", str(self._ini.path))
        if self._ini.logging:
            self.cfg.set("logconfig", str(self._ini.path))
        for key, value in (DEFAULTS | values).items():
            if key in self.cfg.settings:
                self._set(key, value)
            elif key != "use":
                click.echo(f"[server:main] {key} is no setting of gunicorn; it is left out.", err=True)

    def _set(self, key: str, value: Any) -> None:
        try:
            self.cfg.set(key, value)
        except (ValueError, TypeError) as problem:
            raise SettingsError(f"[server:main] {key} = {value}: {problem}") from problem

    def load(self) -> Any:
        """The WSGI application with its filters, as the .ini says."""
        # Pyramid still imports it; docs/develop/decisions/005-dependencies.rst tells until when that works.
        warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
        return loadapp("config:" + urllib.parse.quote(str(self._ini.path)))


def _url(listener: Any) -> str:
    """An address as people open it."""
    name = listener.sock.getsockname()
    if not isinstance(name, tuple):
        return f"the socket {name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}/"
