"""Clones that are made for many: whatever becomes of the first, the others wait no longer than they must."""

import contextlib
import dataclasses
import io
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from kallithea.cache.growing_store import GrowingStore, Production, Reader
from kallithea.cache.slots import Claim
from kallithea.transport.http import WireApplication
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.types import Kind
from tests.transport.door import say_404
from tests.transport.site import Clients, Site, build_on

BUSY = b"Too many clones and pulls are being worked on. Try again in a moment."


@dataclass
class Cloning:
    """The request of a clone, sent to an application in this process."""

    site: Site
    path: str
    kind: Kind
    tip: str

    def __call__(self) -> tuple[str, bytes]:
        """Status and body of the answer."""
        statuses: list[str] = []

        def begin(status: str, *_rest: object) -> Callable[[bytes], object]:
            statuses.append(status)
            return bytearray().extend

        answer = WireApplication(self.site.application, say_404)(self._environ(), begin)
        try:
            return statuses[0], b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()

    def _environ(self) -> dict[str, object]:
        environ: dict[str, object] = {"REMOTE_ADDR": "192.0.2.1"}
        if self.kind is Kind.HG:
            arguments = f"common={'0' * 40}&heads={self.tip}&bundlecaps=HG20"
            asked = {"PATH_INFO": f"/{self.path}", "QUERY_STRING": f"cmd=getbundle&{arguments}"}
            return environ | asked | {"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
        body = packet(f"want {self.tip}\n".encode()) + FLUSH + packet(b"done\n")
        return environ | {
            "PATH_INFO": f"/{self.path}/git-upload-pack",
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/x-git-upload-pack-request",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }


@pytest.fixture(params=list(Kind))
def cloning(request: pytest.FixtureRequest, site: Site, clients: Clients) -> Cloning:
    kind: Kind = request.param
    path = site.add(kind, visitors=True)
    if kind is Kind.HG:
        builder = build_on(site.disk(path))
        tip = builder.commit({b"file": b"text\n"})
        builder.set_phase(tip, "public")
    else:
        work = clients.git_repository()
        assert clients.git("push", site.disk(path), "main", cwd=work).status == 0
        tip = clients.git("rev-parse", "main", cwd=work).output.strip()
    return Cloning(site, path, kind, tip)


@contextlib.contextmanager
def no_threads() -> Iterator[None]:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        yield


@contextlib.contextmanager
def no_temporary_files() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/nowhere")
        yield


def packs_of(site: Site) -> GrowingStore:
    assert site.application.packs is not None
    return site.application.packs


@pytest.mark.parametrize(
    ("cloning", "trouble"),
    [(Kind.GIT, no_threads), (Kind.GIT, no_temporary_files), (Kind.HG, no_threads)],
    indirect=["cloning"],
)
def test_what_cannot_be_begun_keeps_nobody_waiting(
    cloning: Cloning, trouble: Callable[[], contextlib.AbstractContextManager[None]]
) -> None:
    with trouble():
        assert cloning()[0].startswith("500 ")
    assert list((cloning.site.folder / "packs").glob("*.new")) == []
    assert cloning()[0] == "200 OK"


def test_who_waits_for_what_nobody_makes_is_told_in_the_end(cloning: Cloning, monkeypatch: pytest.MonkeyPatch) -> None:
    application, store, keys = cloning.site.application, packs_of(cloning.site), list[str]()
    opened = store.open

    def remember(key: str, expected: int = 0) -> tuple[Reader, Production | None]:
        keys.append(key)
        return opened(key, expected)

    monkeypatch.setattr(store, "open", remember)
    monkeypatch.setattr(application, "settings", dataclasses.replace(application.settings, wire_time_limit=0))
    with no_threads():
        cloning()
    reader, production = opened(keys[-1])
    assert production is not None
    _status, body = cloning()
    production.give_up()
    reader.close()
    assert BUSY in body


def test_first_whose_time_is_over_leaves_what_others_wait_for(
    cloning: Cloning, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = cloning.site
    store = packs_of(site)
    opened, others = store.open, list[Reader]()

    def join(key: str, expected: int = 0) -> tuple[Reader, Production | None]:
        found = opened(key, expected)
        others.append(opened(key, expected)[0])
        return found

    monkeypatch.setattr(store, "open", join)
    settings = dataclasses.replace(site.application.settings, wire_productions=1, wire_wait_limit=0)
    monkeypatch.setattr(site.application, "settings", settings)
    taken = site.application.slots.try_to_take([Claim("make-machine", "", 1)])
    assert taken is not None
    with taken:
        # the first, and one who comes later
        assert all(BUSY in cloning()[1] for _number in range(2))
    for other in others:
        while other.read(1 << 16):
            pass
        other.close()
