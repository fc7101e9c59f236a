"""What was told or sent to one client is not made again for the next."""

import base64
import concurrent.futures
import pathlib
import random
import subprocess
import time
import urllib.request

import pytest

from kallithea.vcs.git.fetch_request import meaning_of, parse_refs_question, split_request
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.git.ref_listing import tell_refs, whole_question
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, request, serve
from tests.transport.test_lost_clients import child_ids
from tests.transport.tracing import tracing


@pytest.fixture
def pushed(site: Site, server: Server, clients: Clients) -> str:
    """Path of a repository with three commits on ``main`` and an annotated tag."""
    path = site.add(Kind.GIT)
    work = clients.git_repository(commits=3)
    clients.git("tag", "-a", "-m", "one", "v1", cwd=work)
    assert clients.git("push", server.url(path), "main", "v1", cwd=work).status == 0
    return path


def packs(site: Site) -> set[pathlib.Path]:
    return set((site.folder / "packs").glob("*"))


def test_equal_clones_are_made_once(pushed: str, site: Site, server: Server, clients: Clients) -> None:
    before = packs(site)
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        clones = list(
            threads.map(lambda n: clients.git("clone", "--depth=1", server.url(pushed), f"copy{n}"), range(8))
        )
    assert [clone.status for clone in clones] == [0] * 8, clones
    assert len(packs(site) - before) == 1
    assert clients.git("fsck", "--strict", cwd=clients.folder / "copy7").status == 0


@pytest.mark.slow
def test_many_fetches_after_a_push_start_one_process(pushed: str, site: Site, server: Server, clients: Clients) -> None:
    work = clients.folder / "work"
    old = clients.git("rev-parse", "HEAD", cwd=work).output.strip()
    new = clients.git_commit(work, "new.txt")
    assert clients.git("push", server.url(pushed), "main", cwd=work).status == 0
    asked = [packet(b"command=fetch"), b"0001", *(packet(b"%s\n" % line) for line in (b"ofs-delta", b"no-progress"))]
    asked += [packet(f"want {new}\n".encode()), packet(f"have {old}\n".encode()), packet(b"done\n"), FLUSH]
    headers = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
    headers["Authorization"] = f"Bearer {site.token('ada', 'read')}"
    address = f"/{pushed}/git-upload-pack"

    with tracing(server, clients.folder) as trace, concurrent.futures.ThreadPoolExecutor(50) as threads:
        sent = [threads.submit(request, server, "POST", address, b"".join(asked), headers=headers) for _ in range(50)]
        answers = [one.result() for one in sent]

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    # What ties it to the server does not count.
    assert trace.count(r'execve\("[^"]*/git", .*"upload-pack"') == 1


_LINGERING_GIT = """#!/bin/sh
git "$@"
status=$?
sleep 0.5
exit $status
"""


@pytest.mark.parametrize("lingers", [False, True], ids=["ends", "lingers"])
def test_git_itself_says_why_it_sends_nothing(
    pushed: str, site: Site, clients: Clients, tmp_path: pathlib.Path, lingers: bool
) -> None:
    """Also where it has not ended yet when its words are there."""
    program = tmp_path / "git"
    program.write_text(_LINGERING_GIT)
    program.chmod(0o755)
    gone = "7" * 40
    asked = [packet(b"command=fetch"), b"0001", packet(f"want {gone}\n".encode()), packet(b"done\n"), FLUSH]
    headers = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
    headers["Authorization"] = f"Bearer {site.token('ada', 'read')}"

    with serve(site.folder, settings=f"git_path={program}" if lingers else "") as server:
        address = f"/{pushed}/git-upload-pack"
        answers = [request(server, "POST", address, b"".join(asked), headers=headers) for _ in "12"]
        fetched = clients.git("fetch", server.url(pushed), gone, cwd=clients.folder / "work")

    assert [(answer.status, b"ERR upload-pack: not our ref" in answer.body) for answer in answers] == [(200, True)] * 2
    assert fetched.status != 0
    assert f"not our ref {gone}" in fetched.errors


def test_clone_that_is_larger_than_the_store_drives_nothing_out(pushed: str, site: Site, clients: Clients) -> None:
    large = site.add(Kind.GIT)
    work = clients.git_repository("large")
    clients.git_commit(work, "random", random.Random(1).randbytes(300_000).hex())
    with serve(site.folder, settings="pack_cache_size=100000") as server:
        assert clients.git("push", server.url(large), "main", cwd=work).status == 0
        before = packs(site)
        assert clients.git("clone", server.url(pushed), "small").status == 0
        kept = packs(site) - before
        assert len(kept) == 1
        for number in range(2):
            assert clients.git("clone", server.url(large), f"copy{number}").status == 0
        assert kept <= packs(site)


def give_working_copy(bare: pathlib.Path) -> None:
    """Move a repository into the folder ``.git``."""
    aside = bare.rename(bare.with_name(f"{bare.name}-aside"))
    bare.mkdir()
    aside.rename(bare / ".git")


@pytest.mark.parametrize("bare", [True, False])
def test_push_makes_the_next_clone_new(
    pushed: str, site: Site, server: Server, clients: Clients, *, bare: bool
) -> None:
    work = clients.folder / "work"
    if not bare:
        give_working_copy(site.disk(pushed))
    assert clients.git("clone", server.url(pushed), "before").status == 0
    new = clients.git_commit(work, "new.txt")
    assert clients.git("push", server.url(pushed), "main", cwd=work).status == 0
    assert clients.git("clone", server.url(pushed), "after").status == 0
    assert clients.git("rev-parse", "HEAD", cwd=clients.folder / "after").output.strip() == new


def test_poll_starts_no_process(pushed: str, site: Site, server: Server, clients: Clients) -> None:
    assert clients.git("ls-remote", server.url(pushed)).status == 0
    # git can no longer be asked
    objects = site.disk(pushed) / "objects"
    aside = objects.rename(objects.with_name("aside"))
    try:
        assert "refs/tags/v1^{}" in clients.git("ls-remote", server.url(pushed)).output
        assert clients.git("-c", "protocol.version=0", "ls-remote", server.url(pushed)).status == 128
    finally:
        aside.rename(objects)


@pytest.mark.parametrize("version", ["version=2", "version=1", ""])
def test_words_beside_the_version_make_no_other_question(pushed: str, site: Site, server: Server, version: str) -> None:
    address = f"/{pushed}/info/refs?service=git-upload-pack"
    told = request(server, "GET", address, user="ada", headers={"Git-Protocol": version})
    # git can no longer be asked
    objects = site.disk(pushed) / "objects"
    aside = objects.rename(objects.with_name("aside"))
    try:
        again = request(server, "GET", address, user="ada", headers={"Git-Protocol": f"{version}:any=word"})
    finally:
        aside.rename(objects)
    assert (told.status, again.body) == (200, told.body)


def test_reader_without_a_right_gets_nothing_that_was_kept(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.GIT, private=True)
    work = clients.git_repository()
    assert clients.git("push", server.url(path), "main", cwd=work).status == 0
    assert clients.git("clone", server.url(path), "copy").status == 0
    assert clients.git("ls-remote", server.url(path, "bob")).status == 128


def test_client_that_stops_reading_holds_no_process(pushed: str, site: Site, server: Server) -> None:
    head = subprocess.run(
        ["git", "-C", site.disk(pushed), "rev-parse", "main"], capture_output=True, text=True, check=True
    ).stdout.strip()
    body = packet(f"want {head} no-progress ofs-delta\n".encode()) + FLUSH + packet(b"done\n")
    request = urllib.request.Request(
        server.url(pushed, None) + "/git-upload-pack",
        data=body,
        headers={"Content-Type": "application/x-git-upload-pack-request", "Authorization": authorization(site)},
    )
    with urllib.request.urlopen(request, timeout=30):
        deadline = time.monotonic() + 10
        while child_ids(server) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not child_ids(server)


def authorization(site: Site) -> str:
    return "Basic " + base64.b64encode(f"ada:{site.token('ada', 'read')}".encode()).decode()


QUESTIONS = [
    b"",
    b"peel ",
    b"symrefs ",
    b"unborn ",
    b"peel symrefs unborn ",
    b"peel symrefs ref-prefix:refs/heads/ ref-prefix:refs/tags/ ref-prefix:HEAD ",
    b"ref-prefix:refs/tags/n ",
    b"ref-prefix:nothing ",
    b"ref-prefix:HEAD symrefs unborn ",
]


def question_of(words: bytes, object_format: str) -> bytes:
    lines = [word.replace(b":", b" ", 1) for word in words.split()]
    about = packet(b"agent=git/9\n") + packet(f"object-format={object_format}\n".encode())
    return packet(b"command=ls-refs\n") + about + b"0001" + b"".join(packet(line + b"\n") for line in lines) + FLUSH


def ask_git(folder: pathlib.Path, request: bytes) -> bytes:
    return subprocess.run(
        ["git", "-c", "transfer.hideRefs=refs/keep-around", "upload-pack", "--strict", "--stateless-rpc", folder],
        input=request,
        env={"GIT_PROTOCOL": "version=2", "PATH": "/usr/bin:/bin", "HOME": "/"},
        capture_output=True,
        check=True,
    ).stdout


def make_refs(clients: Clients, case: str, object_format: str) -> pathlib.Path:
    folder = clients.folder / f"{case}-{object_format}"
    assert clients.git("init", "-q", "-b", "main", f"--object-format={object_format}", folder).status == 0
    if case == "unborn":
        return folder / ".git"
    commit = clients.git_commit(folder)
    clients.git("tag", "-a", "-m", "annotated", "annotated", cwd=folder)
    clients.git("tag", "-a", "-m", "nested", "nested", "annotated", cwd=folder)
    clients.git("tag", "light", cwd=folder)
    clients.git("update-ref", "refs/keep-around/x", commit, cwd=folder)
    clients.git("update-ref", "refs/pull/1/head", commit, cwd=folder)
    clients.git("symbolic-ref", "refs/heads/also", "refs/heads/main", cwd=folder)
    if case == "detached":
        clients.git("checkout", "-q", "--detach", cwd=folder)
    return folder / ".git"


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("case", ["usual", "detached", "unborn"])
def test_refs_are_told_as_git_tells_them(clients: Clients, case: str, object_format: str) -> None:
    folder = make_refs(clients, case, object_format)
    listing = ask_git(folder, whole_question(f"object-format={object_format}".encode()))
    for words in QUESTIONS:
        request = question_of(words, object_format)
        question = parse_refs_question(split_request(request))
        assert question is not None
        assert tell_refs(listing, question) == ask_git(folder, request), words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([b"want a x agent=git/1", b"want b"], [b"want b x agent=git/2 session-id=7", b"want a"], True),
        ([b"agent=git/1", b"want a"], [b"agent=git/2", b"want a"], True),
        ([b"want a", b"deepen 1"], [b"want a", b"deepen 2"], False),
        ([b"want a", b"have b"], [b"want a", b"have c"], False),
        ([b"want a x", b"filter blob:none"], [b"want a", b"filter blob:none"], False),
        ([b"want a", b"want b"], [b"want ab"], False),
    ],
)
def test_requests_are_the_same_whoever_sends_them(one: list[bytes], other: list[bytes], *, same: bool) -> None:
    meanings = [meaning_of(split_request(b"".join(packet(line + b"\n") for line in lines))) for lines in (one, other)]
    assert (meanings[0] == meanings[1]) is same


@pytest.mark.parametrize("version", [0, 2])
def test_refs_that_the_repository_hides_from_now_on_are_told_to_nobody(
    pushed: str, site: Site, server: Server, clients: Clients, version: int
) -> None:
    listing = ("-c", f"protocol.version={version}", "ls-remote", server.url(pushed))
    assert "refs/tags/v1" in clients.git(*listing).output
    clients.git("config", "uploadpack.hideRefs", "refs/tags", cwd=site.disk(pushed))
    assert "refs/tags/v1" not in clients.git(*listing).output
