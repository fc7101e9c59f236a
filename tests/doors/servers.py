"""The six ways to serve an .ini, each started as its documentation says."""

import contextlib
import dataclasses
import os
import pwd
import signal
import site as python_site
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.doors.sites import ENVIRONMENT, PROGRAMS, OperatorsSite, free_port

APACHE = Path("/usr/sbin/apache2")
NGINX = Path("/usr/sbin/nginx")
MODULES = Path("/usr/lib/apache2/modules")
CONFIGURATION = Path(__file__).resolve().parents[2] / "docs/administrator_guide/apache.conf"

Command = list[str | Path]


def kallithea_serve(site: OperatorsSite) -> Command:
    """Our own."""
    return [PROGRAMS / "kallithea", "serve", "-c", site.ini]


def pserve(site: OperatorsSite) -> Command:
    """Pyramid's."""
    return [PROGRAMS / "pserve", site.ini]


def paster_serve(site: OperatorsSite) -> Command:
    """PasteScript's."""
    return [PROGRAMS / "paster", "serve", site.ini]


def gearbox_serve(site: OperatorsSite) -> Command:
    """TurboGears'."""
    return [PROGRAMS / "gearbox", "serve", "-c", site.ini]


def gunicorn_paste(site: OperatorsSite) -> Command:
    """gunicorn's, which reads no settings of its own from the file."""
    options = "--workers 2 --threads 8 --timeout 300 --keep-alive 300 --no-control-socket".split()
    options += ["--worker-class", "kallithea.cli.web_process.WebProcess"]
    return [PROGRAMS / "gunicorn", "--paste", site.ini, "--bind", f"127.0.0.1:{site.port}", *options]


def apache(site: OperatorsSite, timeout: int = 60) -> Command:
    """Apache with mod_wsgi, by the configuration of the administrator's guide, with the paths of the test.

    ``timeout`` is the number of seconds after which clients that do nothing are dropped.
    """
    for program in (APACHE, MODULES / "mod_wsgi.so"):
        if not program.exists():
            pytest.fail(f"{program} is not here. On Debian: apt-get install apache2 libapache2-mod-wsgi-py3")
    script = site.folder / "kallithea.wsgi"
    script.write_text(
        "from pyramid.paster import get_app, setup_logging\n"
        f'INI = "{site.ini}"\n'
        "setup_logging(INI)\n"
        'application = get_app(INI, "main")\n'
    )
    configuration = site.folder / "httpd.conf"
    configuration.write_text(_apache_configuration(site, timeout))
    command: Command = [APACHE, "-D", "FOREGROUND", "-d", site.folder, "-f", configuration]
    # Apache refuses to work as root. In a user namespace root's own files stay readable, whoever Apache is there.
    if os.getuid() == 0:
        command = ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]
    return command


def _apache_configuration(site: OperatorsSite, timeout: int) -> str:
    """The documented configuration below the directives that Debian's packages have elsewhere."""
    documented = CONFIGURATION.read_text(encoding="utf-8")
    packages = ":".join([*python_site.getsitepackages(), str(CONFIGURATION.parents[2])])
    for ours, theirs in {
        "user=kallithea group=kallithea": "",
        "python-home=/srv/kallithea/venv": f"python-home=/usr python-path={packages}",
        "*:80": f"127.0.0.1:{site.port}",
        "/srv/kallithea": str(site.folder),
        "response-socket-timeout=60": f"response-socket-timeout={timeout}",
        "\nTimeout 60": f"\nTimeout {timeout}",
    }.items():
        assert ours in documented
        documented = documented.replace(ours, theirs)
    modules = "\n".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so"
        for name in ("mpm_event", "authz_core", "mime", "rewrite", "wsgi")
    )
    return f"""
{modules}
Listen 127.0.0.1:{site.port}
PidFile {site.folder}/httpd.pid
ErrorLog {site.folder}/httpd-error.log
TypesConfig /etc/mime.types
WSGISocketPrefix {site.folder}/wsgi
Mutex file:{site.folder}
{documented}
"""


@contextlib.contextmanager
def behind_nginx(site: OperatorsSite) -> Iterator[OperatorsSite]:
    """The same site behind nginx, by the configuration of the administrator's guide, until the block ends.

    The access log has the bytes that came from the site and those that were sent.
    """
    if not NGINX.exists():
        pytest.fail(f"{NGINX} is not here. On Debian: apt-get install nginx-light")
    front = dataclasses.replace(site, port=free_port())
    configuration = site.folder / "nginx.conf"
    configuration.write_text(_nginx_configuration(site, front))
    with (site.folder / "nginx.log").open("ab") as log:
        process = subprocess.Popen([NGINX, "-p", site.folder, "-c", configuration, "-e", "stderr"], stderr=log)
    try:
        _wait_until_served(front, process)
        yield front
    finally:
        process.terminate()
        process.wait(30)


def _nginx_configuration(site: OperatorsSite, front: OperatorsSite) -> str:
    documented = CONFIGURATION.with_name("nginx.conf").read_text(encoding="utf-8")
    for ours, theirs in {
        "listen 80": f"listen 127.0.0.1:{front.port}",
        "127.0.0.1:5000": f"127.0.0.1:{site.port}",
        "/srv/kallithea": str(site.folder),
    }.items():
        assert ours in documented
        documented = documented.replace(ours, theirs)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "\n".join(f"{kind}_temp_path {site.folder}/nginx-{kind};" for kind in kinds)
    # Its processes read the files of the site as whoever runs the test.
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
    return f"""
{user}
daemon off;
pid {site.folder}/nginx.pid;
events {{}}
http {{
log_format bytes "$request_method $uri $upstream_bytes_received $body_bytes_sent";
access_log {site.folder}/nginx-access.log bytes;
{folders}
{documented}
}}
"""


@contextlib.contextmanager
def serving(site: OperatorsSite, server: Callable[[OperatorsSite], Command]) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the site until the block ends; then the server must end by SIGTERM within some seconds."""
    with site.log.open("ab") as log:
        process = subprocess.Popen(
            server(site), cwd=site.folder, env=ENVIRONMENT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_served(site, process)
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    except BaseException:
        print(_logs(site))
        raise
    finally:
        # whatever of it is left; a failed test must leave no processes either
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_served(site: OperatorsSite, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(site.url(""), timeout=60).close()
        except urllib.error.HTTPError as answer:
            pytest.fail(f"The first page is {answer.code}.\n{_logs(site)}")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server does not serve.\n{_logs(site)}")


def _logs(site: OperatorsSite) -> str:
    return "\n".join(path.read_text(errors="replace") for path in site.folder.glob("*.log"))
