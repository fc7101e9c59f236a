"""Parts of bundles that a server must not act on, whoever sends them."""

import contextlib
import errno
import io
import pathlib
import re
import socket
import tracemalloc

import pytest

from kallithea.vcs.hg.mercurial_setup import create_local, new_ui, open_local
from kallithea.vcs.hg.wire import HgRequest, HgWire
from kallithea.vcs.types import VcsError
from tests.factories.repositories import HgBuilder
from tests.vcs.hg.hostile_bundles import HOSTILE

# isort: split
from mercurial import bundle2


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    folder = tmp_path / "r"
    folder.mkdir()
    create_local(folder)
    return folder


def push(path: pathlib.Path, bundle: bytes) -> bytes:
    """What the client is told."""
    wire = HgWire(path, lambda _updates: None)
    request = HgRequest(b"unbundle", {b"heads": b"666f726365"}, frozenset(), "192.0.2.7", io.BytesIO(bundle).read)
    try:
        return b"".join(wire.answer(request).body)
    except VcsError as problem:
        return str(problem).encode()
    finally:
        wire.close()


def test_p26_bundle_cannot_send_the_server_to_an_address(path: pathlib.Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        sent = bundle2.bundle20(new_ui())
        part = sent.newpart(b"remote-changegroup")
        part.addparam(b"url", b"http://127.0.0.1:%d/latest/meta-data" % listener.getsockname()[1])
        part.addparam(b"size", b"7")
        told = push(path, b"".join(sent.getchunks()))
        with pytest.raises(TimeoutError), contextlib.closing(listener.accept()[0]):
            pass
    assert b"remote-changegroup" in told


@pytest.mark.parametrize("name", [b"stream2", b"stream3-exp"])
def test_bundle_cannot_bring_files_that_nobody_checks(path: pathlib.Path, name: bytes) -> None:
    sent = bundle2.bundle20(new_ui())
    part = sent.newpart(name, data=b"store")
    for parameter in (b"requirements", b"filecount", b"bytecount"):
        part.addparam(parameter, b"1")
    assert name in push(path, b"".join(sent.getchunks()))
    assert len(open_local(path)) == 0


@pytest.mark.parametrize("bundle", HOSTILE.values(), ids=HOSTILE)
def test_p71_bundle_that_does_not_fit_into_memory_is_refused_in_words(path: pathlib.Path, bundle: bytes) -> None:
    tracemalloc.start()
    try:
        told = push(path, bundle)
        assert tracemalloc.get_traced_memory()[1] < 300 << 20
    finally:
        tracemalloc.stop()
    assert re.search(rb"The push has more than (256|64) MiB in one piece", told)
    assert len(open_local(path)) == 0


def test_bundle_of_the_files_of_a_store_brings_nothing(path: pathlib.Path) -> None:
    assert push(path, b"HGS1UN" + bytes(100)) == b"0\n"
    assert len(open_local(path)) == 0


def test_push_that_the_disk_refused_once_is_no_success(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = HgBuilder(tmp_path / "built")
    commit_id = builder.commit({b"a": b"1"}).encode()
    refusals = iter([OSError(errno.EIO, "it is broken")])

    def sync(_path: pathlib.Path) -> None:
        for refusal in refusals:
            raise refusal

    monkeypatch.setattr("kallithea.vcs.hg.wire.sync_file_system", sync)
    wire = HgWire(builder.path, lambda _updates: None)
    arguments = {b"namespace": b"bookmarks", b"key": b"mark", b"old": b"", b"new": commit_id}
    with pytest.raises(OSError, match="it is broken"):
        wire.answer(HgRequest(b"pushkey", arguments, frozenset(), "192.0.2.7", io.BytesIO().read))
    wire.close()


def test_no_client_is_told_that_bundles_are_fetched_elsewhere(path: pathlib.Path) -> None:
    assert b"remote-changegroup" not in bundle2.getrepocaps(open_local(path), role=b"server")
