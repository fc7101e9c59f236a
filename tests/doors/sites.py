"""A site as an operator makes it, with the commands, and a browser that signs in to it."""

import email.message
import gzip
import http.cookiejar
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from kallithea.cli.main import main
from kallithea.vcs.types import Kind
from scripts.benchmarks.serving import free_port
from tests.passwords import hashed_as_on_sites

PASSWORD = "correct horse battery"
PROGRAMS = Path(sys.executable).parent

#: Neither the locale nor a variable of the user must matter to how Mercurial reads names.
ENVIRONMENT = {
    "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
    "PYTHONWARNINGS": "ignore",
    # What is tested is this checkout, whichever one is installed.
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
}


@dataclass(frozen=True)
class OperatorsSite:
    """A folder with an .ini and a database; ``ada`` administers it, and has an empty repository of each kind."""

    folder: Path
    port: int

    @property
    def ini(self) -> Path:
        """The file that every server is given."""
        return self.folder / "site.ini"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    def url(self, path: str, credentials: str = "") -> str:
        """An address on the site."""
        return f"http://{credentials}127.0.0.1:{self.port}/{path}"

    def kallithea(self, *words: str) -> str:
        """Run a command on the site; fails the test if it fails."""
        done = subprocess.run(
            [PROGRAMS / "kallithea", *words],
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def make_site(folder: Path, *values: str) -> OperatorsSite:
    """Make a site in the empty folder; the worker runs apart unless ``values`` say otherwise.

    The commands run in this process, which has loaded already what each would load for itself.
    """
    site = OperatorsSite(folder, free_port())
    ini = str(site.ini)
    commands = [
        ("config-create", ini, f"port={site.port}", "worker=separate", *values),
        ("db-create", "-c", ini, "--user", "ada", "--password", PASSWORD),
        *(("repository", "create", "-c", ini, kind.value, "--kind", kind.value, "--owner", "ada") for kind in Kind),
    ]
    with hashed_as_on_sites():
        for words in commands:
            done = CliRunner().invoke(main, words, catch_exceptions=False)
            assert done.exit_code == 0, done.output
    return site


@dataclass(frozen=True)
class Answer:
    """What came back. ``address`` is that of the page, after redirections."""

    status: int
    headers: email.message.Message
    body: bytes
    address: str

    @property
    def content(self) -> bytes:
        """The body as it is before it is compressed."""
        return gzip.decompress(self.body) if self.headers["Content-Encoding"] == "gzip" else self.body


class Browser:
    """Keeps cookies, as browsers do. ``context`` says whom it trusts where the site is https."""

    def __init__(self, site: OperatorsSite, context: ssl.SSLContext | None = None) -> None:
        self._site = site
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.HTTPSHandler(context=context)
        )

    def ask(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """What is at an address, whatever its status; the ``headers`` have "_" for "-"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            urllib.parse.urljoin(self._site.url(""), address), headers=named, method=method
        )
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as problem:
            answer = problem
        with answer:
            return Answer(answer.status, answer.headers, answer.read(), answer.url)

    def get(self, path: str) -> str:
        """The page at a path. Raises HTTPError for those that cannot be shown."""
        with self._opener.open(self._site.url(path), timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self) -> None:
        """Fill in the form as ``ada``."""
        form = self.get("_admin/login")
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        filled = urllib.parse.urlencode({**fields, "username": "ada", "password": PASSWORD})
        with self._opener.open(self._site.url("_admin/login"), filled.encode(), timeout=60) as answer:
            assert "_admin/login" not in answer.url, answer.read().decode()
            assert answer.url.startswith(self._site.url("")), answer.url


def make_certificate(folder: Path) -> ssl.SSLContext:
    """Make ``chain.pem`` and ``key.pem`` for 127.0.0.1 in a new folder; what trusts them."""
    folder.mkdir()
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(
        [*command.split(), "-keyout", folder / "key.pem", "-out", folder / "chain.pem"], check=True, capture_output=True
    )
    return ssl.create_default_context(cafile=str(folder / "chain.pem"))
