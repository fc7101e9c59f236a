"""The ways to serve an .ini, each started as its documentation says."""

import contextlib
import dataclasses
import os
import pwd
import re
import shutil
import signal
import site as python_site
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import pytest

from kallithea.web.static import PUBLIC
from scripts.benchmarks.load import haproxy
from scripts.benchmarks.serving import free_port
from tests.doors.sites import ENVIRONMENT, PROGRAMS, OperatorsSite

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


def gunicorn_gthread(site: OperatorsSite) -> Command:
    """Gunicorn's own threads."""
    options = (
        "--worker-class gthread --workers 2 --threads 8 --timeout 300 --keep-alive 300 --no-control-socket".split()
    )
    return [PROGRAMS / "gunicorn", "--paste", site.ini, "--bind", f"127.0.0.1:{site.port}", *options]


def waitress(site: OperatorsSite) -> Command:
    """waitress, which has threads alone."""
    _write_script(site)
    options = [f"--listen=127.0.0.1:{site.port}", "--threads=8", "--no-clear-untrusted-proxy-headers"]
    return [PROGRAMS / "waitress-serve", *options, "kallithea_wsgi:application"]


def uwsgi(site: OperatorsSite) -> Command:
    """uWSGI, by the file of the administrator's guide; it does not speak HTTP."""
    _write_script(site)
    text = CONFIGURATION.with_name("uwsgi.ini").read_text(encoding="utf-8")
    for ours, theirs in {
        "/srv/kallithea/venv": sys.prefix,
        "127.0.0.1:5000": f"127.0.0.1:{site.port}",
        "/srv/kallithea": str(site.folder),
    }.items():
        assert ours in text
        text = text.replace(ours, theirs)
    (site.folder / "uwsgi.ini").write_text(text)
    return [PROGRAMS / "uwsgi", "--ini", site.folder / "uwsgi.ini"]


def _write_script(site: OperatorsSite) -> None:
    text = CONFIGURATION.with_name("kallithea_wsgi.py").read_text(encoding="utf-8")
    assert "/srv/kallithea/kallithea.ini" in text
    (site.folder / "kallithea_wsgi.py").write_text(text.replace("/srv/kallithea/kallithea.ini", str(site.ini)))


def missing(words: str) -> NoReturn:
    """A program is not here: a failure where everything has to be, else a reason to leave the test out."""
    if "CI" in os.environ:
        pytest.fail(words)
    pytest.skip(words)


class Layout(StrEnum):
    """Where the guide says that the static files of an installation are."""

    SITE_PACKAGES = "/srv/kallithea/venv/lib/python3.11/site-packages/kallithea/public"
    CHECKOUT = "/srv/kallithea/checkout/kallithea/public"


def static_configuration(site: OperatorsSite, name: str, layout: Layout, prefix: str = "") -> str:
    """The lines of the guide by which a web server serves the static files, for an installation of this layout."""
    text = CONFIGURATION.with_name(name).read_text(encoding="utf-8")
    assert layout in text
    assert "^/(" in text
    folder = Path(layout.replace("/srv/kallithea", str(site.folder)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(PUBLIC)
    return text.replace(Layout.SITE_PACKAGES, str(folder)).replace("^/(", f"^{prefix}/(")


def apache(site: OperatorsSite, timeout: int = 60, prefix: str = "", layout: Layout | None = None) -> Command:
    """Apache with mod_wsgi, by the configuration of the administrator's guide, with the paths of the test.

    ``timeout`` is the number of seconds after which clients that do nothing are dropped. The site is below ``prefix``,
    and with a ``layout`` Apache serves the static files.
    """
    for program in (APACHE, MODULES / "mod_wsgi.so"):
        if not program.exists():
            pytest.fail(f"{program} is not here. On Debian: apt-get install apache2 libapache2-mod-wsgi-py3")
    _write_script(site)
    configuration = site.folder / "httpd.conf"
    text = _apache_configuration(site, timeout)
    mount = "    WSGIScriptAlias / "
    assert mount in text
    static = static_configuration(site, "apache_static.conf", layout, prefix) if layout is not None else ""
    configuration.write_text(text.replace(mount, f"{static}    WSGIScriptAlias {prefix or '/'} "))
    command: Command = [APACHE, "-D", "FOREGROUND", "-d", site.folder, "-f", configuration]
    # Apache refuses to work as root. In a user namespace root's own files stay readable, whoever Apache is there.
    if os.getuid() == 0:
        command = ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]
    return command


def apache_with_pips_module(site: OperatorsSite) -> Command:
    """The same with the mod_wsgi of pip, where its program is on PATH."""
    program = shutil.which("mod_wsgi-express")
    if program is None:
        missing("mod_wsgi-express is not here: apt-get install apache2-dev, pip install mod_wsgi")
    told = subprocess.run([program, "module-config"], capture_output=True, text=True, check=True).stdout
    module, home = re.findall(r'"(.*)"', told)
    command = apache(site)
    configuration = site.folder / "httpd.conf"
    text = configuration.read_text()
    for ours, theirs in {f"{MODULES}/mod_wsgi.so": module, "python-home=/usr": f"python-home={home}"}.items():
        assert ours in text
        text = text.replace(ours, theirs)
    configuration.write_text(text)
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
        for name in "mpm_event authz_core mime rewrite alias headers filter deflate wsgi".split()
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
def behind_nginx(
    site: OperatorsSite,
    name: str = "nginx.conf",
    layout: Layout | None = None,
    prefix: str = "",
    instances: Mapping[str, int] | None = None,
) -> Iterator[OperatorsSite]:
    """The same site behind nginx, by a configuration of the administrator's guide, until the block ends.

    The access log has the bytes that came from the site and those that were sent, and the instance. With a ``layout``
    nginx serves the static files of a site below ``prefix``. ``instances`` are ports by their documented addresses.
    """
    if not NGINX.exists():
        pytest.fail(f"{NGINX} is not here. On Debian: apt-get install nginx-light")
    front = dataclasses.replace(site, port=free_port())
    configuration = site.folder / "nginx.conf"
    static = static_configuration(site, "nginx_static.conf", layout, prefix) if layout is not None else ""
    place = f"    location {prefix}/ {{"
    documented = CONFIGURATION.with_name(name).read_text(encoding="utf-8")
    assert place in documented
    documented = documented.replace(place, static + place)
    configuration.write_text(_nginx_configuration(front, documented, instances or {"127.0.0.1:5000": site.port}))
    with (site.folder / "nginx.log").open("ab") as log:
        process = subprocess.Popen([NGINX, "-p", site.folder, "-c", configuration, "-e", "stderr"], stderr=log)
    try:
        # whether the site behind is there is known already
        _wait_until_listening(front, process)
        yield front
    finally:
        process.terminate()
        process.wait(30)


def _nginx_configuration(front: OperatorsSite, documented: str, instances: Mapping[str, int]) -> str:
    documented = documented.replace("include uwsgi_params;", "include /etc/nginx/uwsgi_params;")
    for ours, theirs in {
        "listen 443" if "ssl" in documented else "listen 80": f"listen 127.0.0.1:{front.port}",
        **{address: f"127.0.0.1:{port}" for address, port in instances.items()},
    }.items():
        assert ours in documented
        documented = documented.replace(ours, theirs)
    documented = documented.replace("/srv/kallithea", str(front.folder))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "\n".join(f"{kind}_temp_path {front.folder}/nginx-{kind};" for kind in kinds)
    # Its processes read the files of the site as whoever runs the test.
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
    return f"""
{user}
daemon off;
pid {front.folder}/nginx.pid;
events {{}}
http {{
log_format bytes "$request_method $uri $upstream_bytes_received $body_bytes_sent $upstream_addr";
access_log {front.folder}/nginx-access.log bytes;
include /etc/nginx/mime.types;
{folders}
{documented}
}}
"""


@dataclasses.dataclass(frozen=True)
class Served:
    """A site that is served: where clients reach it, its main process, and what sends requests to several of them.

    ``second`` is the main process of the other instance, where there are two.
    """

    front: OperatorsSite
    process: "subprocess.Popen[bytes]"
    balancer: haproxy.Front | None = None
    second: "subprocess.Popen[bytes] | None" = None


@contextlib.contextmanager
def uwsgi_behind_nginx(site: OperatorsSite) -> Iterator[Served]:
    """UWSGI behind nginx until the block ends."""
    with serving(site, uwsgi, http=False) as process, behind_nginx(site, "nginx_uwsgi.conf") as front:
        _wait_until_served(front, process)
        yield Served(front, process)


@contextlib.contextmanager
def two_behind_haproxy(site: OperatorsSite) -> Iterator[Served]:
    """The same site by two instances with caches of their own behind HAProxy, until the block ends."""
    if not haproxy.PROGRAM.exists():
        missing(f"{haproxy.PROGRAM} is not here. On Debian: apt-get install haproxy")
    with contextlib.ExitStack() as stack:
        # the path of its socket must be short
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="front-")))
        process, other, port = stack.enter_context(_two_instances(site))
        balancer = stack.enter_context(haproxy.in_front_of([site.port, port], folder))
        yield Served(dataclasses.replace(site, port=balancer.port), process, balancer, other)


@contextlib.contextmanager
def two_behind_nginx(site: OperatorsSite) -> Iterator[Served]:
    """The same behind nginx."""
    with _two_instances(site) as (process, other, port):
        instances = dict(zip(haproxy.SERVERS.values(), (site.port, port), strict=True))
        with behind_nginx(site, "nginx_several.conf", instances=instances) as front:
            yield Served(front, process, None, other)


@contextlib.contextmanager
def _two_instances(
    site: OperatorsSite,
) -> Iterator[tuple["subprocess.Popen[bytes]", "subprocess.Popen[bytes]", int]]:
    """The main processes of both, and the port of the second."""
    second = _Second(site.folder, free_port())
    text = site.ini.read_text()
    for name in ("cache", "packs"):
        text = text.replace(f"%(here)s/data/{name}", f"%(here)s/data/{name}-2")
    second.ini.write_text(text.replace(f"port = {site.port}", f"port = {second.port}"))
    with serving(site, kallithea_serve) as process, serving(second, kallithea_serve) as other:
        yield process, other, second.port


class _Second(OperatorsSite):
    """Another instance of a site."""

    @property
    def ini(self) -> Path:
        return self.folder / "second.ini"


@contextlib.contextmanager
def serving(
    site: OperatorsSite, server: Callable[[OperatorsSite], Command], *, http: bool = True
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the site until the block ends; then the server must end by SIGTERM within some seconds.

    One that does not speak ``http`` only has to listen.
    """
    with site.log.open("ab") as log:
        process = subprocess.Popen(
            server(site), cwd=site.folder, env=ENVIRONMENT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        (_wait_until_served if http else _wait_until_listening)(site, process)
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


def _wait_until_listening(site: OperatorsSite, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", site.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server does not listen.\n{_logs(site)}")


def _logs(site: OperatorsSite) -> str:
    return "\n".join(path.read_text(errors="replace") for path in site.folder.glob("*.log"))
