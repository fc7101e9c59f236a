"""What the real clients of git and hg do with a site that is served by one of the doors."""

import base64
import contextlib
import random
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.doors.sites import PASSWORD, Answer, Browser, OperatorsSite
from tests.transport.site import Clients

ADA = f"ada:{PASSWORD.replace(' ', '%20')}@"
MESSAGE = "Grüße in alle Häfen"
#: More than git sends without chunks, and too irregular to be packed into less.
BULK = random.Random(1).randbytes(2_000_000)

_PATIENCE_SECONDS = 120
# git, but for a large answer to a client, whose rest comes when the file "hold" beside it is gone.
_HOLDING_GIT = f"""#!{sys.executable} -IS
import os, subprocess, sys, time
if "upload-pack" not in sys.argv:
    os.execvp("git", ["git", *sys.argv[1:]])
git, hold, sent = subprocess.Popen(["git", *sys.argv[1:]], stdout=-1), os.path.dirname(sys.argv[0]) + "/hold", 0
while data := os.read(git.stdout.fileno(), 65536):
    os.write(1, data)
    sent += len(data)
    while sent > 300_000 and os.path.exists(hold):
        time.sleep(0.05)
sys.exit(git.wait())
"""


def push_and_clone_git(site: OperatorsSite, clients: Clients) -> None:
    """Push to the repository ``git``, and clone it."""
    push_git(site, clients)
    clone_git(site, clients, "git-clone")


def push_git(site: OperatorsSite, clients: Clients) -> None:
    """Push a first commit to the repository ``git``, with a large file."""
    folder = clients.folder / "git-work"
    assert clients.git("init", "-q", "--initial-branch=main", folder).status == 0
    (folder / "bulk").write_bytes(BULK)
    (folder / "hafen.txt").write_text(MESSAGE)
    assert clients.git("add", "bulk", "hafen.txt", cwd=folder).status == 0
    assert clients.git("commit", "-q", "-m", MESSAGE, cwd=folder).status == 0
    pushed = clients.git("push", site.url("git", ADA), "main", cwd=folder)
    assert pushed.status == 0, pushed.words


def clone_git(site: OperatorsSite, clients: Clients, name: str) -> None:
    """Clone the repository ``git``, and look at all that has come."""
    cloned = clients.git("clone", "-q", site.url("git", ADA), name)
    assert cloned.status == 0, cloned.words
    assert (clients.folder / name / "bulk").read_bytes() == BULK
    checked = clients.git("fsck", "--strict", cwd=clients.folder / name)
    assert checked.status == 0, checked.words


def push_and_clone_hg(site: OperatorsSite, clients: Clients) -> None:
    """Push to the repository ``hg``, and clone it."""
    folder = clients.folder / "hg-work"
    assert clients.hg("init", folder).status == 0
    (folder / "bulk").write_bytes(BULK)
    (folder / "hafen.txt").write_text(MESSAGE)
    committed = clients.hg("commit", "-q", "-A", "-m", MESSAGE, cwd=folder)
    assert committed.status == 0, committed.words
    pushed = clients.hg("push", site.url("hg", ADA), cwd=folder)
    assert pushed.status == 0, pushed.words
    clone_hg(site, clients, "hg-clone")


def clone_hg(site: OperatorsSite, clients: Clients, name: str) -> None:
    """Clone the repository ``hg``, and look at all that has come."""
    cloned = clients.hg("clone", "-q", site.url("hg", ADA), name)
    assert cloned.status == 0, cloned.words
    assert (clients.folder / name / "bulk").read_bytes() == BULK
    checked = clients.hg("verify", cwd=clients.folder / name)
    assert checked.status == 0, checked.words


def statuses_of_a_promised_push(site: OperatorsSite) -> list[str]:
    """Of a client that waits until it is told to go on (100-continue), as git does where it may have to sign in."""
    head = (
        f"POST /git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {_basic()}\r\n"
        "Content-Type: application/x-git-receive-pack-request\r\nContent-Length: 4\r\nExpect: 100-continue\r\n"
        "Connection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        connection.sendall(head.encode())
        first = connection.recv(12).decode()
        connection.sendall(b"0000")
        rest = b"".join(iter(lambda: connection.recv(4096), b"")).decode(errors="replace")
    return re.findall(r"HTTP/1\.1 (\d+)", first + rest)


def texts_are_compressed(front: OperatorsSite, file: str = "bulk") -> None:
    """A web server in front compresses texts for those who ask for it, and still knows them again; and nothing else.

    ``file`` is one in the repository ``git`` that is no text.
    """
    browser = Browser(front)
    browser.sign_in()
    for path, varies in (("git/files/main", "cookie"), ("git/feed/atom", "cookie"), ("css/kallithea.css", "")):
        plain, packed = browser.ask(path), browser.ask(path, Accept_Encoding="gzip")
        assert plain.headers["Content-Encoding"] is None, path
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert packed.content.startswith(plain.body[:50]), path
        assert {varies, "accept-encoding"} - {""} <= set(_varies(packed)), (path, _varies(packed))
    for path in ("git/feed/atom", "css/kallithea.css"):
        known = browser.ask(path, Accept_Encoding="gzip")
        again = browser.ask(path, Accept_Encoding="gzip", If_None_Match=known.headers["ETag"])
        assert (again.status, again.body) == (304, b""), path
    for path in (f"git/raw/main/{file}", "git/archive/main.tar.gz", "git/info/refs?service=git-upload-pack"):
        answer = browser.ask(path, Accept_Encoding="gzip", Authorization=_basic())
        assert answer.status == 200, path
        assert answer.headers["Content-Encoding"] is None, path
        assert answer.headers["Content-Length"] or "info/refs" in path, path


def _varies(answer: Answer) -> list[str]:
    lines = answer.headers.get_all("Vary") or []
    return [word.strip().lower() for line in lines for word in line.split(",")]


def _basic() -> str:
    return f"Basic {base64.b64encode(f'ada:{PASSWORD}'.encode()).decode()}"


def holding_git(folder: Path) -> str:
    """The setting by which the site uses a git whose answers ``held_clone`` can hold up."""
    program = folder / "git"
    program.write_text(_HOLDING_GIT)
    program.chmod(0o755)
    return f"git_path={program}"


@contextlib.contextmanager
def held_clone(site: OperatorsSite, clients: Clients, name: str) -> Iterator[None]:
    """A clone while git makes only a part of it: the client has something of that, and has all after the block.

    It must be the first of its repository, or what is known already is sent.
    """
    hold = site.folder / "hold"
    hold.touch()
    with ThreadPoolExecutor(1) as thread:
        cloning = thread.submit(clone_git, site, clients, name)
        try:
            wait_for(lambda: cloning.done() or _received(clients.folder / name) > 0)
            assert hold.exists()
            assert not cloning.done(), "it was not held up"
            yield
        finally:
            hold.unlink()
        cloning.result()


def _received(clone: Path) -> int:
    """Bytes of a pack that a client has written so far."""
    return sum(path.stat().st_size for path in clone.glob(".git/objects/pack/tmp_pack_*"))


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until it holds; a busy machine may take long."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
