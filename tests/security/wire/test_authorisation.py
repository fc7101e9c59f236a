"""P64-P66: what changes a repository needs the right to write, however it is dressed."""

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Response, Server, Site, build_on, hg_bookmarks, hg_log, request

HG = {"Content-Type": "application/mercurial-0.1"}
BOOKMARK = "namespace=bookmarks&key=x&old=&new={}"


def send(server: Server, method: str, path: str, command: str, arguments: str = "", user: str = "bob") -> Response:
    headers = HG | {"X-HgArg-1": arguments}
    return request(
        server, method, f"/{path}?cmd={command}", b"" if method == "POST" else None, user=user, headers=headers
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("command", ["unbundle", "pushkey", "nonsense", "evoext_pushobsmarkers_0", "putlfile", ""])
def test_p64_command_that_writes_or_is_unknown_is_refused_to_a_reader(
    site: Site, server: Server, method: str, command: str
) -> None:
    path = site.add(Kind.HG)
    assert send(server, method, path, command, BOOKMARK.format("0" * 40)).status == 403


@pytest.mark.parametrize("namespace", ["bookmarks", "phases", "obsolete"])
@pytest.mark.parametrize("in_batch", [False, True])
def test_p64_pushkey_by_a_reader(site: Site, server: Server, namespace: str, in_batch: bool) -> None:
    path = site.add(Kind.HG)
    builder = build_on(site.disk(path))
    node = builder.commit({b"f": b"x"})
    builder.set_phase(node, "draft")
    old, new = ("1", "0") if namespace == "phases" else ("", node)
    key = node if namespace == "phases" else "evil"
    if in_batch:
        parts = f"heads ;pushkey namespace={namespace},key={key},old={old},new={new}"
        response = send(server, "POST", path, "batch", "cmds=" + parts.replace("=", "%3D").replace(";", "%3B"))
    else:
        response = send(server, "POST", path, "pushkey", f"namespace={namespace}&key={key}&old={old}&new={new}")
    assert response.status == 403
    assert hg_bookmarks(site.disk(path)) == {}
    assert hg_log(site.disk(path)) == [(node, "draft")]


@pytest.mark.parametrize("part", ["unbundle heads=", "batch cmds=heads ", "getbundle ", "nonsense "])
def test_p64_batch_takes_only_small_known_commands(site: Site, server: Server, part: str) -> None:
    cmds = ("heads ;" + part).replace("=", "%3D").replace(";", "%3B").replace(" ", "+")
    assert send(server, "GET", site.add(Kind.HG), "batch", f"cmds={cmds}", user="ada").status == 403


@pytest.mark.parametrize("command", ["unbundle", "pushkey"])
def test_p64_writing_by_get_is_refused_to_everybody(site: Site, server: Server, command: str) -> None:
    path = site.add(Kind.HG)
    response = send(server, "GET", path, command, BOOKMARK.format("0" * 40) + "&heads=666f726365", user="ada")
    assert response.status == 405
    assert response.headers["Allow"] == "POST"


def test_p64_second_command_in_the_address_is_not_a_way_in(site: Site, server: Server) -> None:
    path = site.add(Kind.HG)
    for address in (f"/{path}?cmd=heads&cmd=unbundle", f"/{path}?cmd=unbundle&cmd=heads&heads=666f726365"):
        response = request(server, "POST", address, b"HG20\0\0\0\0\0\0\0\0", user="bob", headers=HG)
        assert response.status == 403 or response.body == b"0" * 40 + b"\n"


def test_p65_reader_who_was_shown_refs_may_not_push(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT)
    shown = request(server, "GET", f"/{path}/info/refs?service=git-upload-pack", user="bob")
    assert shown.status == 200
    body = packet(b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/evil\0report-status") + FLUSH
    headers = {"Content-Type": "application/x-git-receive-pack-request"}
    for address in (
        f"/{path}/git-receive-pack",
        f"/{path}.git/git-receive-pack",
        f"/{path}/git-receive-pack?service=git-upload-pack",
        f"/_{site.repository_id(path)}/git-receive-pack",
    ):
        assert request(server, "POST", address, body, user="bob", headers=headers).status == 403
        assert request(server, "POST", address, body, headers=headers).status == 401
    assert site.outcomes(path) == []


def test_p65_form_of_another_site_cannot_write(site: Site, server: Server) -> None:
    git, hg = site.add(Kind.GIT), site.add(Kind.HG)
    body = packet(b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/evil\0report-status") + FLUSH
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"Content-Type": content_type}
        assert request(server, "POST", f"/{git}/git-receive-pack", body, user="ada", headers=headers).status == 415
        address = f"/{hg}?cmd=pushkey&" + BOOKMARK.format("0" * 40)
        assert request(server, "POST", address, b"", user="ada", headers=headers).status == 415


def test_p66_unreachable_commit_cannot_be_fetched_by_its_id_in_the_first_versions(
    site: Site, server: Server, clients: Clients
) -> None:
    path = site.add(Kind.GIT)
    work = clients.git_repository()
    lost = clients.git_commit(work, "lost.txt")
    clients.git("push", server.url(path), "main:main", "main:lost", cwd=work)
    clients.git("reset", "-q", "--hard", "HEAD~1", cwd=work)
    clients.git("push", "--force", server.url(path), "main:main", ":lost", cwd=work)
    refused = clients.git(
        "-c", "protocol.version=0", "fetch", server.url(path, "bob"), lost, cwd=clients.git_repository("x")
    )
    assert refused.status != 0
    assert "not our ref" in refused.errors or "unadvertised object" in refused.errors


def test_p66_secret_changeset_is_in_no_answer(site: Site, server: Server) -> None:
    path = site.add(Kind.HG)
    builder = build_on(site.disk(path))
    public = builder.commit({b"f": b"x"})
    builder.set_phase(public, "public")
    secret = builder.commit({b"f": b"secret"})
    builder.set_phase(secret, "secret")
    builder.bookmark(b"hidden", secret)
    commands = [
        "heads",
        "branchmap",
        "listkeys",
        "lookup",
        "known",
        "stream_out",
        "getbundle",
        "changegroup",
        "branches",
    ]
    for command in commands:
        for arguments in ("", "namespace=bookmarks", "namespace=phases", f"key={secret}", f"nodes={secret}"):
            response = send(server, "GET", path, command, arguments)
            assert bytes.fromhex(secret) not in response.body, command
            if "key=" not in arguments:
                assert secret.encode() not in response.body, command
    assert send(server, "GET", path, "known", f"nodes={secret}").body == b"0"
    assert send(server, "GET", path, "lookup", "key=hidden").body == b"0 unknown revision 'hidden'\n"
