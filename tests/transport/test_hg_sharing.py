"""What was told or sent to one client of hg is not made again for the next."""

import concurrent.futures
import pathlib
import time

import pytest

from kallithea.cache.slots import Claim, Slots
from kallithea.vcs.types import Kind
from tests.transport.site import Clients, Server, Site, build_on, hg_log, request, serve


@pytest.fixture
def filled(site: Site) -> str:
    """Path of a repository with three changesets."""
    path = site.add(Kind.HG)
    builder = build_on(site.disk(path))
    for number in range(3):
        builder.set_phase(builder.commit({b"file%d" % number: b"text\n"}), "public")
    return path


def packs(site: Site) -> set[pathlib.Path]:
    return set((site.folder / "packs").glob("*"))


@pytest.mark.parametrize("way", ["--pull", "--stream"])
def test_equal_clones_are_made_once(filled: str, site: Site, server: Server, clients: Clients, way: str) -> None:
    before = packs(site)
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        clones = list(threads.map(lambda n: clients.hg("clone", way, server.url(filled), f"copy{n}"), range(4)))
    assert [clone.status for clone in clones] == [0] * 4, clones
    assert len(packs(site) - before) == 1
    assert clients.hg("verify", cwd=clients.folder / "copy3").status == 0


def test_new_changeset_makes_the_next_clone_new(filled: str, site: Site, server: Server, clients: Clients) -> None:
    assert clients.hg("clone", server.url(filled), "before").status == 0
    build_on(site.disk(filled)).commit({b"new": b"new\n"})
    assert clients.hg("clone", server.url(filled), "after").status == 0
    assert [len(hg_log(clients.folder / name)) for name in ("before", "after")] == [3, 4]


def test_changeset_that_becomes_secret_is_not_told_any_more(
    filled: str, site: Site, server: Server, clients: Clients
) -> None:
    builder = build_on(site.disk(filled))
    last = builder.commit({b"new": b"new\n"})
    assert clients.hg("identify", "--id", "-r", last, server.url(filled)).status == 0
    builder.set_phase(last, "secret")
    assert clients.hg("identify", "--id", "-r", last, server.url(filled)).status == 255
    assert clients.hg("clone", server.url(filled), "copy").status == 0
    assert len(hg_log(clients.folder / "copy")) == 3


def test_poll_does_not_open_the_repository(filled: str, site: Site, server: Server, clients: Clients) -> None:
    assert clients.hg("clone", server.url(filled), "copy").status == 0
    copy = clients.folder / "copy"
    assert clients.hg("incoming", server.url(filled), cwd=copy).status == 1
    # Mercurial can no longer be asked: it reads this when it opens a repository
    requirements = site.disk(filled) / ".hg/store/requires"
    content, status = requirements.read_bytes(), requirements.stat()
    requirements.write_bytes(content + b"nothing-that-is-known\n")
    try:
        assert clients.hg("incoming", server.url(filled), cwd=copy).status == 1
    finally:
        requirements.write_bytes(content)
    assert status.st_size == requirements.stat().st_size


def test_reader_without_a_right_gets_nothing_that_was_kept(site: Site, server: Server, clients: Clients) -> None:
    path = site.add(Kind.HG, private=True)
    build_on(site.disk(path)).commit({b"f": b"1"})
    assert clients.hg("clone", server.url(path), "copy").status == 0
    assert clients.hg("clone", server.url(path, "bob"), "other").status == 255
    assert clients.hg("identify", server.url(path, "bob")).status == 255


def test_each_of_many_is_told_of_a_refusal(filled: str, site: Site, clients: Clients) -> None:
    slot = Claim("make-machine", "", 1)
    taken = Slots(site.folder / "cache/wire-slots").try_to_take([slot])
    assert taken is not None
    with (
        serve(site.folder, settings="wire_productions=1") as server,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        address = f"/{filled}?cmd=getbundle&common=&heads={'7' * 40}"
        asked = [threads.submit(request, server, "GET", address, user="ada") for _number in range(2)]
        queue = site.folder / "cache/wire-slots/queue"
        deadline = time.monotonic() + 20
        while len(list(queue.glob("*"))) != 1 and time.monotonic() < deadline:
            time.sleep(0.02)
        taken.close()
        answers = [answer.result() for answer in asked]
    assert [answer.status for answer in answers] == [200] * 2, answers
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/hg-error"}
    assert all(b"bundle2 required" in answer.body for answer in answers)
