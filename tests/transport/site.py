"""A site with people and repositories, a server process in front of it, and the real clients."""

import base64
import contextlib
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from kallithea.auth.passwords import hash_password
from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.migrations.upgrade import create_schema
from kallithea.model.journal import JournalEntry
from kallithea.model.push_intent import PushIntent
from kallithea.services.application import Application
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import open_application, reading, writing
from kallithea.vcs.hg.mercurial_setup import open_local
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.factories.repositories import HgBuilder
from tests.transport import door

ROOT = pathlib.Path(__file__).resolve().parents[2]
HG = pathlib.Path(sys.executable).parent / "hg"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Done:
    """What a client said, and its exit status."""

    status: int
    output: str
    errors: str

    @property
    def words(self) -> str:
        return self.output + self.errors


@dataclass
class Site:
    """Folder, database and people: ``ada`` may write everywhere, ``bob`` may read what all signed in may read."""

    folder: pathlib.Path
    application: Application = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.application = open_application(settings_for(f"sqlite:///{self.folder / 'site.db'}", self.folder))
        create_schema(self.application.engine)
        hashed = hash_password(PASSWORD)
        with writing(self.application) as services:
            services.settings.set_(COMMAND_LINE, "visitors", "true")
            ada = services.users.create(COMMAND_LINE, name="ada", password_hash=hashed)
            services.users.create(COMMAND_LINE, name="bob", password_hash=hashed)
            services.permissions.set_(COMMAND_LINE, None, SIGNED_IN, Level.READ)
            services.permissions.set_(COMMAND_LINE, None, Subject(SubjectKind.USER, ada.user_id), Level.WRITE)

    def add(self, kind: Kind, *, private: bool = False, visitors: bool = False) -> str:
        """A new empty repository; the answer is its path. With ``visitors`` everybody may read it."""
        self.count += 1
        path = f"{kind}-{self.count}"
        create_repository(self.application, COMMAND_LINE, None, kind=kind, path=path, private=private)
        if visitors:
            with writing(self.application) as services:
                services.permissions.set_(COMMAND_LINE, services.repositories.get(path), VISITORS, Level.READ)
        return path

    def disk(self, path: str) -> pathlib.Path:
        """Where the repository lies."""
        with reading(self.application) as services:
            return services.repositories.folder(services.repositories.get(path))

    def repository_id(self, path: str) -> int:
        with reading(self.application) as services:
            return services.repositories.get(path).repository_id

    def token(self, user: str, *scopes: str) -> str:
        with writing(self.application) as services:
            return services.tokens.create(COMMAND_LINE, services.users.get(user), scopes=scopes)[1]

    def outcomes(self, path: str) -> list[str | None]:
        """How the intents of a repository ended, oldest first; None for those still open."""
        wanted = select(PushIntent.outcome).where(PushIntent.repository_id == self.repository_id(path))
        with reading(self.application) as services:
            return list(services.session.scalars(wanted.order_by(PushIntent.push_intent_id)))

    def journal(self, path: str) -> list[tuple[str, str]]:
        """Who pushed and what the journal has of it, oldest first."""
        wanted = select(JournalEntry.user_name, JournalEntry.details).where(
            JournalEntry.repository_id == self.repository_id(path), JournalEntry.action == "push"
        )
        with reading(self.application) as services:
            rows = services.session.execute(wanted.order_by(JournalEntry.journal_entry_id))
            return [(row.user_name, row.details) for row in rows]


@dataclass
class Server:
    """A running server process. ``pid`` is that of the process that answers requests."""

    port: int
    process: subprocess.Popen[bytes]
    log: pathlib.Path

    def url(self, path: str, user: str | None = "ada", password: str = PASSWORD) -> str:
        credentials = f"{user}:{urllib.parse.quote(password)}@" if user else ""
        return f"http://{credentials}127.0.0.1:{self.port}/{path}"

    @property
    def worker_pid(self) -> int:
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    @property
    def anonymous_memory(self) -> int:
        """Bytes of RssAnon of the process that answers requests."""
        status = pathlib.Path(f"/proc/{self.worker_pid}/status").read_text()
        return 1024 * int(re.search(r"RssAnon:\s+(\d+)", status)[1])  # type: ignore[index]


@contextlib.contextmanager
def serve(folder: pathlib.Path, *, die: str = "", settings: str = "") -> Iterator[Server]:
    """Serve the site in the folder until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    log = folder / "server.log"
    environment = os.environ | {door.FOLDER: str(folder), door.DIE: die, door.SETTINGS: settings}
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--threads=4"]
    command += ["--worker-class=kallithea.cli.web_process.WebProcess"]
    command += [f"--bind=fd://{listener.fileno()}", "--timeout=600", "--keep-alive=300", f"--worker-tmp-dir={folder}"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "tests.transport.door:make()"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            pass_fds=[listener.fileno()],
        )
    server = Server(listener.getsockname()[1], process, log)
    listener.close()
    try:
        _wait_until_served(server)
        yield server
    finally:
        process.terminate()
        process.wait(60)


def _wait_until_served(server: Server) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            urllib.request.urlopen(server.url("x?cmd=", None), timeout=60)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(server.log.read_text())


@dataclass(frozen=True)
class Clients:
    """git and hg with configurations of their own, run in ``folder``, each for so many ``seconds`` at most."""

    folder: pathlib.Path
    seconds: int = 300

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of this machine's or its user's configuration."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
            "HGRCPATH": "",
            "HGUSER": "Ada <ada@example.org>",
            "PYTHONWARNINGS": "ignore",
        }

    def run(self, *command: str | pathlib.Path, cwd: pathlib.Path | None = None, more: Mapping[str, str] = {}) -> Done:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd or self.folder,
            env={**self.environment, **more},
            capture_output=True,
            timeout=self.seconds,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    @contextlib.contextmanager
    def started(self, *command: str | pathlib.Path, cwd: pathlib.Path) -> Iterator[None]:
        """A client that is killed when the block ends, with all that it has started."""
        words = [str(word) for word in command]
        process = subprocess.Popen(words, cwd=cwd, env=self.environment, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def git(self, *arguments: str | pathlib.Path, cwd: pathlib.Path | None = None, **more: str) -> Done:
        return self.run("git", *arguments, cwd=cwd, more=more)

    def hg(self, *arguments: str | pathlib.Path, cwd: pathlib.Path | None = None, config: Sequence[str] = ()) -> Done:
        options = [f"--config={line}" for line in ("ui.interactive=no", *config)]
        return self.run(HG, *options, *arguments, cwd=cwd)

    def git_repository(self, name: str = "work", commits: int = 1) -> pathlib.Path:
        """A working copy with a history on ``main``."""
        folder = self.folder / name
        assert self.git("init", "-q", "--initial-branch=main", folder).status == 0
        for number in range(commits):
            self.git_commit(folder, f"file{number}.txt", f"text {number}\n")
        return folder

    def git_commit(self, folder: pathlib.Path, name: str = "file.txt", text: str = "text\n") -> str:
        (folder / name).write_text(text)
        assert self.git("add", name, cwd=folder).status == 0
        assert self.git("commit", "-q", "-m", f"add {name}", cwd=folder).status == 0
        return self.git("rev-parse", "HEAD", cwd=folder).output.strip()

    def hg_repository(self, name: str = "work", commits: int = 1) -> HgBuilder:
        """A repository with a history on ``default``, made without starting hg."""
        builder = HgBuilder(self.folder / name)
        for number in range(commits):
            builder.commit({b"file%d.txt" % number: b"text %d\n" % number})
        return builder


def build_on(path: pathlib.Path) -> HgBuilder:
    """A builder that adds to a Mercurial repository that is already there."""
    builder = HgBuilder.__new__(HgBuilder)
    builder.path, builder.commits_made = path, len(open_local(path))
    return builder


def hg_log(path: pathlib.Path, revisions: bytes = b"all()") -> list[tuple[str, str]]:
    """Id and phase of changesets, by a revset."""
    return [(found.hex().decode(), found.phasestr().decode()) for found in open_local(path).set(revisions)]


def hg_bookmarks(path: pathlib.Path) -> dict[str, str]:
    """Bookmarks and the ids they are on."""
    return {name.decode(): at.hex() for name, at in open_local(path)._bookmarks.items()}


@dataclass(frozen=True)
class Response:
    """An answer as it came."""

    status: int
    reason: str
    headers: http.client.HTTPMessage
    body: bytes


def request(
    server: Server,
    method: str,
    address: str,
    body: bytes | None = None,
    *,
    user: str | None = None,
    headers: Mapping[str, str] = {},
) -> Response:
    """Send one request as it is; ``user`` signs in with the password."""
    sent = dict(headers)
    if user:
        sent["Authorization"] = basic(user, PASSWORD)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, address, body, sent)
        response = connection.getresponse()
        return Response(response.status, response.reason, response.headers, response.read())


def basic(user: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
