"""Nginx in front of our server, by the files of the administrator's guide."""

import contextlib
import os
import pwd
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.benchmarks.serving import ServerError, free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite

PROGRAM = Path("/usr/sbin/nginx")
GUIDE = Path(__file__).resolve().parents[3] / "docs/administrator_guide"
#: Where the guide says that the static files are.
DOCUMENTED_PUBLIC = "/srv/kallithea/venv/lib/python3.11/site-packages/kallithea/public"

_PROCESSES = 2
_MIME_TYPES = Path("/etc/nginx/mime.types")


def find_missing() -> str:
    """What is not installed here, and how to install it on Debian; empty if all is here."""
    missing = [str(path) for path in (PROGRAM, _MIME_TYPES) if not path.exists()]
    return f"{' '.join(missing)}: apt-get install nginx-light" if missing else ""


@contextlib.contextmanager
def in_front_of(site: RunningSite, folder: Path, public: Path, *, compressing: bool) -> Iterator[RunningSite]:
    """The same site behind nginx, which serves the static files in ``public`` itself, until the block ends.

    ``folder`` is empty. The processes are those of both. Raises ServerError.
    """
    port = free_port()
    behind = {"127.0.0.1:5000": f"127.0.0.1:{site.port}"}
    server = replaced(GUIDE / "nginx.conf", {"listen 80": f"listen 127.0.0.1:{port}", **behind})
    static = replaced(GUIDE / "nginx_static.conf", {DOCUMENTED_PUBLIC: str(public), **behind})
    if not compressing:
        server = server.replace("gzip on;", "gzip off;")
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its processes read the files as whoever runs the bench.
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}\ndaemon off;\nworker_processes {_PROCESSES};\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\naccess_log off;\nsendfile on;\ntcp_nopush on;\ninclude {_MIME_TYPES};\n{temporary}\n"
        f"{server.replace('    location / {', f'{static}    location / {{')}\n}}\n"
    )
    with running([PROGRAM, "-p", folder, "-c", "nginx.conf", "-e", "stderr"], folder, os.environ) as process_id:
        wait_until_served(port, "/css/kallithea.css", folder)
        yield RunningSite(port, (*site.process_ids, process_id))


def replaced(path: Path, changes: Mapping[str, str]) -> str:
    """A file of the guide with other values. Raises ServerError where it does not say what is to be replaced."""
    text = path.read_text(encoding="utf-8")
    for documented, ours in changes.items():
        if documented not in text:
            raise ServerError(f"{path} does not say {documented!r}")
        text = text.replace(documented, ours)
    return text
