"""Probes of imports from other sites: what they may reach, and that nobody learns a password."""

import base64
import contextlib
import datetime
import ipaddress
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from kallithea.core.remote_addresses import PORTS, RemoteAddressError, parse_remote_address
from kallithea.model.remote import Remote
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.work import reading
from kallithea.services.worker import Worker
from kallithea.vcs.opener import VcsOptions, clone_repository, open_repository, pull_repository
from kallithea.vcs.remote import RemoteError, RemoteRules
from kallithea.vcs.remote_hosts import pin_host
from kallithea.vcs.types import Kind
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import ELSEWHERE, RULES, Recorder, clone, refuse, source
from tests.factories.repositories import RepositoryBuilder, make_builder
from tests.factories.writing import to_nobody
from tests.web.site import Site, form_of, get

PASSWORD = "p4ssw0rd-of-elsewhere"

#: How this machine and what is near to it can be written.
SPELLINGS = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "100.100.100.200",
    "168.63.129.16",
    "10.0.0.1",
    "192.168.1.1",
    "\u2460\u2461\u2466.0.0.1",
    "127.0.0.1.",
    "localhost",
    "localhost.localdomain",
)

#: What git, hg or a library behind them would take for something else than a web address.
ADDRESSES = (
    "file:///etc/passwd",
    "/etc/passwd",
    "../r",
    "C:\\r",
    "\\\\host\\share",
    "ext::sh -c id",
    "fd::17",
    "--upload-pack=id",
    "-u",
    "ssh://-oProxyCommand=id/r",
    "ssh://-oProxyCommand=id@example.com/r",
    "ssh://example.com/-oProxyCommand=id",
    "git@example.com:r",
    "bundle:/etc/passwd",
    "bundle://example.com/r",
    "union:a+b",
    "static-http://example.com/r",
    "svn+ssh://example.com/r",
    "hg+file:///r",
    "https://example.com/r\nfile:///etc",
    "https://example.com/r\r\nHost: other",
    "https://exa\tmple.com/r",
    "https::https://example.com/r",
    "https://example.com\\@127.0.0.1/r",
    "https://example.com#@127.0.0.1/r",
    "https://example.com?@127.0.0.1/r",
    "https://example.com%00.example.org/r",
    "https://example.com/%0d%0aHost:%20other",
    "https://ada:word@example.com/r",
    "https://example.com@127.0.0.1/r",
)


LATE_REDIRECT = "leads to another one now|answered with the status 302"


@pytest.fixture(params=list(Kind), ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture
def builder(kind: Kind, tmp_path: pathlib.Path) -> RepositoryBuilder:
    made = make_builder(kind, tmp_path / "elsewhere" / "r")
    made.commit({b"a": b"1\n"})
    return made


@pytest.fixture
def site(builder: RepositoryBuilder) -> Iterator[RemoteSite]:
    with remote_site(builder.path.parent) as serving:
        yield serving


@pytest.fixture
def target(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "here" / "new"


@pytest.fixture
def site_here(application: Application) -> Site:
    """Pages of a site that allows all schemes and no inner network, with a repository that ada administers."""
    application.settings = replace(application.settings, remote_schemes=tuple(PORTS))
    application.remote_rules = replace(RULES, allowed=())
    made = Site(application)
    made.user("ada", administrator=True)
    made.repository("r")
    return made


@pytest.mark.parametrize("address", ADDRESSES)
def test_p16_p25_addresses_that_no_library_gets_to_see(address: str) -> None:
    with pytest.raises(RemoteAddressError):
        parse_remote_address(address, tuple(PORTS))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_p21_every_spelling_of_an_inner_address(spelling: str) -> None:
    """Refused as it is written, or as the system resolves it."""
    rules = RemoteRules()
    with pytest.raises((RemoteAddressError, RemoteError)) as caught:
        pin_host(parse_remote_address(f"http://{spelling}:8080/r", rules.schemes), rules)
    # no odd spelling is first looked up
    odd = spelling[0] in "02\u2460" or spelling in ("127.1", "127.0.0.1.")
    assert isinstance(caught.value, RemoteAddressError if odd and spelling != "0.0.0.0" else RemoteError)


@pytest.mark.parametrize("port", [22, 23, 25, 110, 143, 389, 445, 5432, 5672, 6379, 11211, 3306, 9200])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_p21_ports_of_other_services(scheme: str, port: int) -> None:
    with pytest.raises(RemoteAddressError, match="belongs to another service"):
        parse_remote_address(f"{scheme}://example.com:{port}/r", tuple(PORTS))


@pytest.mark.parametrize("scheme", ["ssh", "git"])
@pytest.mark.parametrize("port", [21, 23, 25, 80, 445, 3306, 6379])
def test_p21_ports_of_other_services_than_ssh_and_git(scheme: str, port: int) -> None:
    with pytest.raises(RemoteAddressError, match=f"port {port} belongs to another service"):
        parse_remote_address(f"{scheme}://example.com:{port}/r", tuple(PORTS))


@pytest.mark.parametrize("location", ["http://127.0.0.2:{port}/r", "http://inner.example:{port}/r", "http://[::1]/r"])
def test_p22_redirect_to_an_inner_address(kind: Kind, site: RemoteSite, target: pathlib.Path, location: str) -> None:
    """The first address is allowed, and what it leads to is not."""
    with remote_site(site.folder) as inner:
        site.redirects = {"r": location.format(port=inner.port)}
        only_first = [ipaddress.ip_network("127.0.0.1/32")]

        def resolve(host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.2" if host == "inner.example" else "127.0.0.1"]

        from_ = source(site.url("r"), allowed=only_first, resolve=resolve)
        refuse(kind, from_, target, "not on the public Internet")
        assert inner.asked == []


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ssh://example.com/r", "ext::id", "gopher://127.0.0.1/", "http://127.1/r", "//127.1/r"],
)
def test_p22_redirect_to_another_scheme_or_spelling(
    kind: Kind, site: RemoteSite, target: pathlib.Path, location: str
) -> None:
    site.redirects = {"r": location}
    refuse(kind, source(site.url("r")), target, "from which this site does not fetch|leads to another page")


def test_p22_redirect_that_comes_later(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    """Git and Mercurial themselves follow none."""
    with remote_site(site.folder) as inner:
        site.late_redirects = inner.url("r")
        refuse(kind, source(site.url("r")), target, LATE_REDIRECT)
        assert inner.asked == []


@pytest.mark.parametrize("late", [True, False])
def test_p22_redirect_that_begins_after_the_import(
    kind: Kind, builder: RepositoryBuilder, site: RemoteSite, target: pathlib.Path, late: bool
) -> None:
    """A later pull is led to an inner address, at its first request or at one after that."""
    only_first = [ipaddress.ip_network("127.0.0.1/32")]
    from_ = source(site.url("r"), allowed=only_first, resolve=lambda host, _port: [host])
    clone(kind, from_, target)
    with open_repository(kind, target, VcsOptions()) as repository:
        before = repository.state()
    builder.commit({b"a": b"2\n"})
    with remote_site(site.folder) as inner:
        if late:
            site.late_redirects = inner.url("r", "127.0.0.2")
        else:
            site.redirects = {"r": inner.url("r", "127.0.0.2")}
        words = LATE_REDIRECT if late else "not on the public Internet"
        with pytest.raises(RemoteError, match=words):
            pull_repository(kind, from_, target, VcsOptions(), Recorder(), to_nobody)
        assert inner.asked == []
    with open_repository(kind, target, VcsOptions()) as repository:
        assert repository.state() == before


def test_p23_one_inner_address_among_several_is_enough(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1", "10.0.0.1"]

    refuse(kind, source(site.url("r", ELSEWHERE), resolve=resolve), target, "not on the public Internet")
    assert site.asked == []


def test_p23_name_that_changes_between_two_looks(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    """One look is all there is; what git and hg connect to is what was looked at."""
    answers = ["127.0.0.1", "10.0.0.1"]
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return [answers[min(len(asked), len(answers)) - 1]]

    from_ = source(site.url("r", ELSEWHERE), resolve=resolve)
    clone(kind, from_, target)
    assert asked == [ELSEWHERE]
    with pytest.raises(RemoteError, match="not on the public Internet"):
        pull_repository(kind, from_, target, VcsOptions(), Recorder(), to_nobody)


def test_p24_later_pull_is_judged_by_the_rules_of_then(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    from_ = source(site.url("r"))
    clone(kind, from_, target)
    site.asked.clear()
    stricter = replace(from_, rules=replace(RULES, allowed=()))
    with pytest.raises(RemoteError, match="not on the public Internet"):
        pull_repository(kind, stricter, target, VcsOptions(), Recorder(), to_nobody)
    assert site.asked == []


def test_p25_password_is_in_no_process_and_no_words(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    """While the history is sent, neither arguments nor environments of any process hold it."""
    site.password = PASSWORD
    site.hold_back()
    seen: list[str] = []

    def look() -> None:
        if site.holding.is_set() and not site.released and site.hold is not None:
            seen.extend(_processes_with(PASSWORD))
            seen.append(f"{len(_children())} children")
            site.hold.set()

    listener = clone(kind, source(site.url("r"), password=PASSWORD), target, look)
    assert seen
    assert not [line for line in seen if not line.endswith("children")]
    if kind is Kind.GIT:
        assert seen != ["0 children"]
    assert PASSWORD not in repr(listener)
    assert [asked.authorization != "" for asked in site.asked][-1]


def test_p25_password_that_the_other_site_repeats(kind: Kind, site: RemoteSite, target: pathlib.Path) -> None:
    """As it is, as it was sent, and as an address has it: neither in words, nor in the log, nor in notes."""
    password = f"{PASSWORD}/@"
    site.password = password
    pair = base64.b64encode(f"ada:{password}".encode()).decode()
    escaped = quote(password, safe="")
    site.words = f"nothing for {password} nor {pair} nor {escaped}"
    listener = Recorder()
    with pytest.raises(RemoteError) as caught:
        clone_repository(kind, source(site.url("r"), password=password), target, VcsOptions(), listener)
    told = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", ()), repr(listener)])
    assert "nothing for (hidden) nor (hidden) nor (hidden)" in told
    assert [secret for secret in (password, pair, escaped) if secret in told] == []


def test_p25_nothing_of_the_users_files_is_used(
    kind: Kind, site: RemoteSite, target: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a stored password, nor a proxy, nor a redirection of addresses."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".netrc").write_text(f"machine 127.0.0.1 login ada password {PASSWORD}\n")
    (home / ".git-credentials").write_text(f"http://ada:{PASSWORD}@127.0.0.1:{site.port}\n")
    (home / ".gitconfig").write_text('[credential]\nhelper = store\n[url "file:///etc/"]\ninsteadOf = http://\n')
    (home / ".hgrc").write_text(f"[auth]\nx.prefix = *\nx.username = ada\nx.password = {PASSWORD}\n")
    monkeypatch.setenv("HOME", str(home))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    clone(kind, source(site.url("r")), target)
    site.password = PASSWORD
    refuse(kind, source(site.url("r")), target.with_name("other").parent / "x" / "y", "asks for a user name")


def test_p26_bundles_at_other_places(tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    """Mercurial's clients would fetch the bundles that a manifest names."""
    made = make_builder(Kind.HG, tmp_path / "elsewhere" / "r")
    made.commit({b"a": b"1\n"})
    with remote_site(tmp_path) as further, hg_serve(made.path, "extensions.clonebundles=") as port:
        manifest = made.path / ".hg" / "clonebundles.manifest"
        manifest.write_text(f"{further.url('bundle.hg')} BUNDLESPEC=gzip-v2\n")
        clone(Kind.HG, source(f"http://127.0.0.1:{port}/"), target)
        assert further.asked == []


def test_p26_objects_at_other_places(tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    """Git's old protocol over HTTP lets a server name further places for objects."""
    made = make_builder(Kind.GIT, tmp_path / "elsewhere" / "r")
    made.commit({b"a": b"1\n"})
    objects = made.path / "objects"
    subprocess.run(["git", f"--git-dir={made.path}", "update-server-info"], check=True)
    others = tmp_path / "further" / "x" / "objects"
    shutil.copytree(objects, others)
    for folder in (objects / "pack", *objects.glob("[0-9a-f][0-9a-f]")):
        shutil.rmtree(folder)
    with remote_site(tmp_path / "elsewhere") as site, remote_site(tmp_path / "further") as further:
        (objects / "info" / "http-alternates").write_text(f"{further.url('x/objects')}\n")
        site.becomes_dumb = True
        with pytest.raises(RemoteError):
            clone(Kind.GIT, source(site.url("r")), target)
        assert "r/HEAD" in [asked.path for asked in site.asked]
        assert further.asked == []


def test_p26_repositories_inside_are_not_fetched(kind: Kind, tmp_path: pathlib.Path, target: pathlib.Path) -> None:
    made = make_builder(kind, tmp_path / "elsewhere" / "r")
    with remote_site(tmp_path / "elsewhere") as site, remote_site(tmp_path) as inner:
        made.commit({b".gitmodules": f'[submodule "x"]\npath = x\nurl = {inner.url("r")}\n'.encode()})
        made.commit({b".hgsub": f"x = {inner.url('r')}\n".encode(), b".hgsubstate": b"0" * 40 + b" x\n"})
        clone(kind, source(site.url("r")), target)
        assert inner.asked == []


def test_certificate_must_be_that_of_the_named_host(
    kind: Kind, builder: RepositoryBuilder, target: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """Pinned or not, TLS is with the name of the host."""
    certificate = _make_certificate(tmp_path, ELSEWHERE)
    with remote_site(builder.path.parent, certificate) as site:
        trusting = replace(RULES, ca_file=certificate)
        refuse(kind, source(site.url("r", ELSEWHERE)), target, "certificate of elsewhere.example cannot be trusted")
        refuse(kind, source(site.url("r", "other.example"), trusting), target, "certificate of other.example")
        clone(kind, source(site.url("r", ELSEWHERE), trusting), target)
        assert {asked.host for asked in site.asked} == {f"{ELSEWHERE}:{site.port}"}


def test_redirect_from_https_to_http_is_refused(
    kind: Kind, builder: RepositoryBuilder, target: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    certificate = _make_certificate(tmp_path, ELSEWHERE)
    with remote_site(builder.path.parent, certificate) as site, remote_site(builder.path.parent) as plain:
        site.redirects = {"r": plain.url("r")}
        trusting = replace(RULES, ca_file=certificate)
        refuse(kind, source(site.url("r", ELSEWHERE), trusting), target, "begins with https://")
        assert plain.asked == []


#: What is an address for git, on a site that allows it, and none for Mercurial.
FOR_GIT = ("git://example.com/r", "GIT://example.com:9418/r")


@pytest.mark.parametrize(
    ("kind", "address"),
    [*((kind, address) for kind in Kind for address in ADDRESSES), *((Kind.HG, address) for address in FOR_GIT)],
)
def test_p16_addresses_in_forms(site_here: Site, kind: Kind, address: str) -> None:
    """The form of imports and that of a repository's remote: refused in words, and nothing is stored."""
    browser = site_here.browser("ada")
    site_here.repository("of-hg", Kind.HG)
    fields = {"clone_uri": address, "repo_type": kind.value, "repo_name": "new"}
    for form in ("/_admin/import_repository", f"/{'r' if kind is Kind.GIT else 'of-hg'}/settings/remote"):
        answer = site_here.post(browser, form, fields)
        assert answer.status_int == 422
        assert answer.html.select_one("#a-e")
    with reading(site_here.application) as services:
        assert services.session.scalars(select(Remote)).all() == []


def test_p24_address_that_is_changed_later(site_here: Site, site: RemoteSite, kind: Kind) -> None:
    """A remote that is edited, or whose host moves, is judged when it is pulled from."""
    site_here.repository("other", kind)
    browser = site_here.browser("ada")
    for address in (site.url("r"), site.url("r", "inner.example")):
        form = form_of(get(browser, "/other/settings/remote"), "clone_uri")
        form["clone_uri"] = address
        assert form.submit().status_int == 303
        task = site_here.post(browser, "/other/settings/remote/pull", {}).headers["Location"]
        worker = Worker(site_here.application, HANDLERS, "worker")
        while worker.run_once():
            pass
        assert "not on the public Internet" in get(browser, task).text
    assert site.asked == []


@contextlib.contextmanager
def hg_serve(path: pathlib.Path, *settings: str) -> Iterator[int]:
    """Mercurial's own server, at a port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = pathlib.Path(sys.executable).with_name("hg")
    command: list[str | pathlib.Path] = [program, "serve", "-R", path, "-a", "127.0.0.1", "-p", str(port)]
    for setting in settings:
        command += ["--config", setting]
    environment = {"PATH": os.defpath, "HGRCPATH": os.devnull, "HOME": "/nonexistent"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def _processes_with(text: str) -> list[str]:
    """Processes, besides this one, whose arguments or environment hold the text."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        for name in ("cmdline", "environ"):
            try:
                if text.encode() in (process / name).read_bytes():
                    found.append(f"{process.name} {name}")
            except OSError:
                continue
    return found


def _children() -> list[str]:
    listed = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if line.startswith("git ")]


def _make_certificate(folder: pathlib.Path, host: str) -> pathlib.Path:
    """A certificate of its own for the host, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path
