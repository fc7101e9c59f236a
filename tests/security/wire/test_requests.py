"""P02, P12, P51, P69, P71 on the addresses of git and hg: a status and words, never a trace or a surprise."""

import gzip
import io
import itertools
import socket
import zlib

import pytest

from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from tests.transport.site import Server, Site, basic, request

UPLOAD = {"Content-Type": "application/x-git-upload-pack-request"}


def assert_plain(body: bytes, site: Site) -> None:
    assert b"Traceback" not in body
    assert b"root:" not in body
    assert str(site.folder).encode() not in body


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "{}/../../../etc",
        "{}%00",
        "{}/.git/../../x",
        "....//....//etc",
        "..\\..\\etc",
        "--upload-pack=touch",
        "-x",
    ],
)
def test_p02_path_that_leads_elsewhere_names_nothing(site: Site, server: Server, path: str) -> None:
    path = path.format(site.add(Kind.GIT))
    for tail in ("/info/refs?service=git-upload-pack", "?cmd=capabilities", "?cmd=heads"):
        response = request(server, "GET", f"/{path}{tail}", user="bob")
        assert response.status in (400, 404)
        assert_plain(response.body, site)


@pytest.mark.parametrize("tail", ["HEAD", "info/refs", "objects/info/packs", "objects/aa/" + "b" * 38])
def test_p02_files_of_a_repository_are_not_served(site: Site, server: Server, tail: str) -> None:
    git = {"User-Agent": "git/2.39.5"}
    path = site.add(Kind.GIT)
    response = request(server, "GET", f"/{path}/{tail}", user="bob", headers=git)
    assert response.status == 403
    assert b"smart protocol" in response.body
    hidden = site.add(Kind.GIT, private=True)
    assert request(server, "GET", f"/{hidden}/{tail}", user="bob", headers=git).status == 404


@pytest.mark.parametrize(
    "line", ["command=bogus", "command=", "want " + "0" * 40, "agent=x", "command=fetch\n", "object-format=sha256"]
)
def test_p12_what_is_no_command_of_version_2_is_the_clients_mistake(site: Site, server: Server, line: str) -> None:
    body = f"{len(line) + 4:04x}{line}0000".encode()
    address = f"/{site.add(Kind.GIT)}/git-upload-pack"
    headers = UPLOAD | {"Git-Protocol": "version=2"}
    response = request(server, "POST", address, body, user="bob", headers=headers)
    assert response.status in (200, 400)
    assert_plain(response.body, site)


@pytest.mark.parametrize("tail", ["/info/refs?service=git-upload-pack", "?cmd=heads", "/HEAD"])
def test_refusals_of_head_have_no_body(site: Site, tail: str) -> None:
    def never(*_: object) -> list[bytes]:
        raise AssertionError("a request of the wire came to the pages")

    application = WireApplication(site.application, never)
    path, _, query = f"/{site.add(Kind.GIT)}{tail}".partition("?")
    environ = {
        "REQUEST_METHOD": "HEAD", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_USER_AGENT": "git/2.39.5",
        "wsgi.input": io.BytesIO(),
    }  # fmt: skip
    told: list[str] = []
    body = application(environ, lambda status, headers, problem=None: told.append(status))  # type: ignore[arg-type]
    assert list(body) == []
    assert int(told[0][:3]) in (401, 405)


@pytest.mark.parametrize("service", ["git-upload-archive", "git-", "git-upload-pack--output=x", "git-shell"])
def test_p12_only_two_services_exist(site: Site, server: Server, service: str) -> None:
    response = request(server, "GET", f"/{site.add(Kind.GIT)}/info/refs?service={service}", user="ada")
    assert response.status == 403


@pytest.mark.parametrize("protocol", ["version=2;id", "$(id)", "--output=x", "version=2\tx", "x" * 5000, "version=99"])
def test_p12_odd_protocol_header_falls_back_to_the_oldest(site: Site, server: Server, protocol: str) -> None:
    address = f"/{site.add(Kind.GIT)}/info/refs?service=git-upload-pack"
    response = request(server, "GET", address, user="bob", headers={"Git-Protocol": protocol})
    assert response.status == 200
    assert response.body.startswith(b"001e# service=git-upload-pack\n0000")


@pytest.mark.parametrize(
    "header",
    [
        basic("zoe", ""),
        basic("zoe", "x" * 5000),
        basic("zoe", "\0"),
        basic("bob\0", "x"),
        basic("", ""),
        basic("*)(uid=*", "*"),
        basic("zoe", "a:b:c"),
        basic("zoe", "e\u0301"),
        basic("b\u00f6b", "x"),
        basic("x" * 300, "x"),
        "Basic",
        "Basic !!!",
        "Basic //79",
        "Basic " + "QUFB" * 4000,
        "Bearer",
        "Bearer kat_" + "0" * 40,
        "Digest x",
        "Negotiate abc",
    ],
)
def test_p51_odd_credentials_are_wrong_credentials(site: Site, server: Server, header: str) -> None:
    path = site.add(Kind.GIT, visitors=True)
    address = f"/{path}/info/refs?service=git-upload-pack"
    response = request(server, "GET", address, headers={"Authorization": header})
    # a web server has its own bound for headers
    assert response.status == 401 or (len(header) > 8000 and response.status in (400, 431))
    assert_plain(response.body, site)


def raw(server: Server, text: str) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(text.encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: +4",
        "Content-Length: -4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 0x4",
        "Transfer-Encoding: chunked\r\n , identity",
        "Transfer-Encoding: xchunked",
    ],
)
def test_p69_bodies_of_two_lengths_are_refused(site: Site, server: Server, headers: str) -> None:
    path = site.add(Kind.GIT)
    answer = raw(
        server,
        f"POST /{path}/git-receive-pack HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: {basic('ada', 'correct horse battery')}\r\n"
        f"Content-Type: application/x-git-receive-pack-request\r\n{headers}\r\n\r\n"
        "0000\r\n0\r\n\r\n",
    )
    assert answer.split(b" ")[1] in (b"400", b"501")
    assert_plain(answer, site)
    assert answer.count(b"HTTP/1.1") == 1


def test_p71_request_that_grows_without_end_is_stopped(site: Site, server: Server) -> None:
    path = site.add(Kind.GIT)
    compressor = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    bomb = b"".join(compressor.compress(zeros) for _ in range(1000)) + compressor.flush()
    before = server.anonymous_memory
    response = request(
        server, "POST", f"/{path}/git-upload-pack", bomb, user="bob", headers=UPLOAD | {"Content-Encoding": "gzip"}
    )
    assert response.status == 413
    assert server.anonymous_memory < before + (16 << 20)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
def test_p71_other_encodings_are_refused(site: Site, server: Server, encoding: str) -> None:
    address = f"/{site.add(Kind.GIT)}/git-upload-pack"
    response = request(server, "POST", address, b"x", user="bob", headers=UPLOAD | {"Content-Encoding": encoding})
    assert response.status == 415


@pytest.mark.parametrize(
    "body",
    [b"x", gzip.compress(b"0000" * 1000)[:30], gzip.compress(b"0000")[:-4] + b"xxxx"],
    ids=["no gzip", "cut off", "wrong sum"],
)
def test_p71_broken_compression_is_refused(site: Site, server: Server, body: bytes) -> None:
    address = f"/{site.add(Kind.GIT)}/git-upload-pack"
    response = request(server, "POST", address, body, user="bob", headers=UPLOAD | {"Content-Encoding": "gzip"})
    assert response.status == 400
    assert_plain(response.body, site)


@pytest.mark.parametrize(
    "body", [b"", b"0", b"zzzz", b"ffff", b"0001", b"0008abcd", b"0032want " + b"g" * 40 + b"\n0000", b"0000" * 100]
)
def test_malformed_git_requests_get_an_answer_without_a_trace(site: Site, server: Server, body: bytes) -> None:
    path = site.add(Kind.GIT)
    for service in ("git-upload-pack", "git-receive-pack"):
        headers = {"Content-Type": f"application/x-{service}-request"}
        response = request(server, "POST", f"/{path}/{service}", body, user="ada", headers=headers)
        assert response.status in (200, 400)
        assert_plain(response.body, site)
    assert site.outcomes(path) == []


COMMANDS = """batch between branches branchmap capabilities changegroup changegroupsubset clonebundles
clonebundles_manifest debugwireargs get_cached_bundle_inline getbundle heads hello known listkeys lookup protocaps
stream_out evoext_obshash evoext_obshash1 evoext_obshashrange_v1 evoext_pullobsmarkers_0 pushkey unbundle""".split()
ARGUMENTS = [
    "",
    "nodes=zz&pairs=x&roots=-&heads=zz&bases=zz&key=all()&namespace=x&path=../../../../etc/passwd&ranges=x&cmds=x",
    "nodes=" + "f" * 40 + "&pairs=" + "f" * 40 + "-" + "f" * 40 + "&heads=" + "f" * 40 + "&key=%00&cmds=heads",
    "nodes=" + "e" * 40 + "&pairs=" + "e" * 40 + "-" + "e" * 40 + "&heads=" + "e" * 40 + "&key=" + "e" * 40,
    "common=" + "e" * 40 + "&bundlecaps=HG20&cg=1&stream=1&obsmarkers=1&phases=1&one=1&two=2&caps=x&roots=" + "e" * 40,
]


@pytest.mark.parametrize("command", COMMANDS)
def test_malformed_hg_requests_get_an_answer_without_a_trace(site: Site, server: Server, command: str) -> None:
    path = site.add(Kind.HG)
    for method, arguments in itertools.product(("GET", "POST"), ARGUMENTS):
        headers = {"Content-Type": "application/mercurial-0.1", "X-HgArg-1": arguments}
        body = b"HG20\0\0\0\0junk" if method == "POST" else None
        response = request(server, method, f"/{path}?cmd={command}", body, user="ada", headers=headers)
        assert response.status in (200, 400, 403, 405), (method, arguments)
        assert_plain(response.body, site)


@pytest.mark.parametrize("length", ["-1", "x", "99999999999", "100", "000000000300000000"])
def test_arguments_in_the_body_are_bounded(site: Site, server: Server, length: str) -> None:
    headers = {"Content-Type": "application/mercurial-0.1", "X-HgArgs-Post": length}
    response = request(server, "POST", f"/{site.add(Kind.HG)}?cmd=known", b"nodes=", user="bob", headers=headers)
    assert response.status == 400


def test_large_files_are_refused_in_words_without_telling_what_exists(site: Site, server: Server) -> None:
    addresses = [f"/{site.add(Kind.GIT)}.git/info/lfs/objects/batch", "/absent.git/info/lfs/objects/batch"]
    answers = [request(server, "POST", address, b"{}") for address in addresses]
    assert [answer.status for answer in answers] == [501, 501]
    assert answers[0].body == answers[1].body
    assert answers[0].headers["Content-Type"] == "application/vnd.git-lfs+json"
    assert b"large files" in answers[0].body
