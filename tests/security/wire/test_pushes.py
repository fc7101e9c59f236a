"""P71, P77: what is pushed cannot trick this server, nor through it those who clone; the reason is said."""

import hashlib
import pathlib
import urllib.parse
import zlib
from collections.abc import Callable

import pytest

from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.hg.mercurial_setup import bookmarks, bundle2, new_ui
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Response, Server, Site, hg_bookmarks, hg_log, request

NOTHING = "0" * 40
_EMPTY = b"PACK" + (2).to_bytes(4) + (0).to_bytes(4)
EMPTY_PACK = _EMPTY + hashlib.sha1(_EMPTY).digest()


@pytest.fixture
def pushed(site: Site, server: Server, clients: Clients) -> str:
    """Path of a repository with one commit on ``main``."""
    path = site.add(Kind.GIT)
    assert clients.git("push", server.url(path), "main", cwd=clients.git_repository()).status == 0
    return path


def refs(clients: Clients, site: Site, path: str) -> list[str]:
    return clients.git("for-each-ref", "--format=%(refname)", cwd=site.disk(path)).output.split()


def push(server: Server, path: str, body: bytes, **headers: str) -> Response:
    sent = {"Content-Type": "application/x-git-receive-pack-request"} | headers
    return request(server, "POST", f"/{path}/git-receive-pack", body, user="ada", headers=sent)


def command(commit: str, ref: bytes) -> bytes:
    return packet(NOTHING.encode() + b" " + commit.encode() + b" " + ref + b"\0report-status") + FLUSH


@pytest.mark.parametrize(
    "ref",
    [
        b"refs/heads/../../x",
        b"refs/heads/x.lock",
        b"refs/heads/a..b",
        b"refs/heads/.a",
        b"refs/heads/a b",
        b"refs/heads/a\nb",
        b"refs/heads/a~1",
        b"refs/heads/HEAD",
        b"refs/heads/-x",
        b"refs/heads/" + b"a1" * 20,
        b"refs/hidden/x",
        b"refs/pull/1/head",
        b"refs/keep-around/x",
        b"HEAD",
        b"config",
        b"../config",
    ],
)
def test_p77_name_that_git_or_the_site_forbids_is_refused(
    site: Site, server: Server, clients: Clients, pushed: str, ref: bytes
) -> None:
    commit = clients.git("rev-parse", "main", cwd=site.disk(pushed)).output.strip()
    answer = push(server, pushed, command(commit, ref) + EMPTY_PACK)
    assert answer.status == 200
    assert b"ng " in answer.body
    assert refs(clients, site, pushed) == ["refs/heads/main"]
    assert not list(site.disk(pushed).parent.glob("x*"))


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("tree", b"100644 a\0{blob}100644 a\0{blob}", "duplicateEntries"),
        ("tree", b"40000 .git\0{tree}", "hasDotgit"),
        ("tree", b"40000 .GIT\0{tree}", "hasDotgit"),
        ("tree", b"40000 ..\0{tree}", "hasDotdot"),
        ("tree", b"100644 a/b\0{blob}", "fullPathname"),
        ("commit", b"tree {id}\ncommitter A <a@b> 1 +0000\n\nx\n", "missingAuthor"),
        ("commit", b"tree {id}\nauthor A <a@b> 1 +0000\n\nx\n", "missingCommitter"),
    ],
)
def test_p77_object_that_could_trick_a_client_is_refused(
    site: Site, server: Server, clients: Clients, kind: str, content: bytes, words: str
) -> None:
    path, work = site.add(Kind.GIT), clients.git_repository()
    blob, tree = (clients.git("rev-parse", name, cwd=work).output.strip() for name in ("HEAD:file0.txt", "HEAD^{tree}"))
    for name, value in ((b"{blob}", bytes.fromhex(blob)), (b"{tree}", bytes.fromhex(tree)), (b"{id}", tree.encode())):
        content = content.replace(name, value)
    (work / "object").write_bytes(content)
    made = clients.git("hash-object", "-t", kind, "-w", "--literally", "object", cwd=work).output.strip()
    commit = clients.git("commit-tree", made, "-m", "evil", cwd=work).output.strip() if kind == "tree" else made
    refused = clients.git("push", server.url(path), f"{commit}:refs/heads/evil", cwd=work)
    assert refused.status == 1
    assert words in refused.errors
    assert refs(clients, site, path) == []


@pytest.mark.parametrize("name", [b".hg/hgrc", b".hgsub", b".hgsubstate"])
def test_p77_file_of_mercurials_own_name_does_nothing(
    site: Site, server: Server, clients: Clients, name: bytes
) -> None:
    path, mark = site.add(Kind.HG), clients.folder / "mark"
    work = clients.hg_repository(commits=0)
    work.commit({name: b"[hooks]\nchangegroup = touch %s\n" % bytes(mark)})
    clients.hg("push", server.url(path), cwd=work.path)
    # Neither the next push nor a clone does what it says.
    work.commit({b"file": b"text"})
    clients.hg("push", server.url(path), cwd=work.path)
    clients.hg("clone", server.url(path), "copy")
    assert not mark.exists()
    assert not (site.disk(path) / name.decode()).exists()
    assert bytes(mark) not in read_if_there(clients.folder / "copy/.hg/hgrc")


def hg_push(server: Server, path: str, name: str, body: bytes = b"", **arguments: str | bytes) -> Response:
    headers = {"Content-Type": "application/mercurial-0.1", "X-HgArg-1": urllib.parse.urlencode(arguments)}
    return request(server, "POST", f"/{path}?cmd={name}", body, user="ada", headers=headers)


def push_key(server: Server, path: str, name: bytes, commit: str) -> Response:
    return hg_push(server, path, "pushkey", namespace="bookmarks", key=name, old="", new=commit)


def push_part(server: Server, path: str, name: bytes, commit: str) -> Response:
    bundle = bundle2.bundle20(new_ui())
    bundle.newpart(b"bookmarks", data=bookmarks.binaryencode(None, [(name, bytes.fromhex(commit))]))
    return hg_push(server, path, "unbundle", b"".join(bundle.getchunks()), heads=b"force".hex())


@pytest.mark.parametrize("send", [push_key, push_part])
@pytest.mark.parametrize(
    "name", [b"x\n%s release", b"x@y\n%s release", b"release ", b" release", b"a\tb", b"a\rb", b"a\x7fb", b""]
)
def test_p77_bookmark_that_would_be_read_as_another_is_refused(
    site: Site, server: Server, clients: Clients, name: bytes, send: Callable[[Server, str, bytes, str], Response]
) -> None:
    path = site.add(Kind.HG)
    clients.hg("push", server.url(path), cwd=clients.hg_repository().path)
    commit = hg_log(site.disk(path))[0][0]
    send(server, path, name.replace(b"%s", commit.encode()), commit)
    assert hg_bookmarks(site.disk(path)) == {}
    assert site.outcomes(path) == ["recorded"]


def test_p77_names_with_control_characters_are_refused_in_words(site: Site, server: Server, clients: Clients) -> None:
    path, work = site.add(Kind.HG), clients.hg_repository()
    work.bookmark(b"a\x01b", hg_log(work.path)[0][0])
    with_bookmark = clients.hg("push", "-B", "a\x01b", server.url(path), cwd=work.path)
    work.delete_bookmark(b"a\x01b")
    work.commit({b"file": b"text"}, branch=b"x\n%s %s heads/release" % (b"0" * 40, b"1" * 40))
    with_branch = clients.hg("push", "--new-branch", server.url(path), cwd=work.path)
    for refused in (with_bookmark, with_branch):
        assert refused.status == 255
        assert "A name of a branch or bookmark has control characters, or spaces around it: '" in refused.words
    assert hg_log(site.disk(path)) == []
    assert site.outcomes(path) == []


def test_p71_request_of_mercurial_is_not_decompressed(site: Site, server: Server) -> None:
    path = site.add(Kind.HG)
    headers = {"Content-Type": "application/mercurial-0.1", "Content-Encoding": "gzip"}
    body = zlib.compress(bytes(1 << 20), wbits=31)
    answer = request(server, "POST", f"/{path}?cmd=unbundle", body, user="ada", headers=headers)
    assert (answer.status, answer.body) == (415, b"Requests of Mercurial have no content encoding.\n")


def read_if_there(file: pathlib.Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def delta_bomb(size: int) -> bytes:
    """A pack with a file of 16 MiB less one byte, and one of ``size`` bytes as a delta of a few kilobytes upon it."""
    piece = (1 << 24) - 1
    base = bytes(piece)
    base_id = hashlib.sha1(b"blob %d\0" % piece + base).digest()
    copies = size // piece
    delta = varint(piece) + varint(copies * piece) + copies * (b"\xf0" + piece.to_bytes(3, "little"))
    objects = entry(3, len(base), base) + entry(7, len(delta), delta, base_id)
    pack = b"PACK" + (2).to_bytes(4) + (2).to_bytes(4) + objects
    return pack + hashlib.sha1(pack).digest()


def varint(number: int) -> bytes:
    low = number & 0x7F
    return bytes([low]) if number < 0x80 else bytes([low | 0x80]) + varint(number >> 7)


def entry(kind: int, size: int, data: bytes, before: bytes = b"") -> bytes:
    """An object in a pack: gitformat-pack(5)."""
    begin = kind << 4 | size & 0x0F
    rest = size >> 4
    return (bytes([begin | 0x80]) + varint(rest) if rest else bytes([begin])) + before + zlib.compress(data)


def test_p71_object_that_grows_without_end_is_refused(
    site: Site, server: Server, clients: Clients, pushed: str
) -> None:
    commit = clients.git("rev-parse", "main", cwd=site.disk(pushed)).output.strip()
    answer = push(server, pushed, command(commit, b"refs/heads/bomb") + delta_bomb(6 << 30))
    assert (answer.status, b"unpack index-pack abnormal exit" in answer.body) == (200, True)
    assert refs(clients, site, pushed) == ["refs/heads/main"]
    small = push(server, pushed, command(commit, b"refs/heads/small") + delta_bomb(64 << 20))
    assert b"unpack ok" in small.body


def test_p71_push_that_grows_without_end_takes_no_memory(
    site: Site, server: Server, clients: Clients, pushed: str
) -> None:
    commit = clients.git("rev-parse", "main", cwd=site.disk(pushed)).output.strip()
    compressor, zeros = zlib.compressobj(9, wbits=31), bytes(1 << 20)
    bomb = compressor.compress(command(commit, b"refs/heads/bomb"))
    bomb += b"".join(compressor.compress(zeros) for _number in range(200)) + compressor.flush()
    before = server.anonymous_memory
    answer = push(server, pushed, bomb, **{"Content-Encoding": "gzip"})
    assert answer.status == 200
    assert b"unpack " in answer.body
    assert server.anonymous_memory < before + (16 << 20)
    assert refs(clients, site, pushed) == ["refs/heads/main"]
    assert site.outcomes(pushed) == ["recorded", "nothing"]
