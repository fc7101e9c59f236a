"""Files that are read while they are written, by several processes."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

from kallithea.cache.growing_store import GrowingStore, LostError, Production, Reader

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "packs"


@pytest.fixture
def store(folder: pathlib.Path) -> GrowingStore:
    return GrowingStore(folder, 1000, 3600)


def begin(store: GrowingStore, key: str = "k") -> tuple[Reader, Production]:
    reader, production = store.open(key)
    assert production is not None
    return reader, production


def read_all(reader: Reader) -> bytes:
    parts = []
    while data := reader.read(7):
        parts.append(data)
    reader.close()
    return b"".join(parts)


def make(store: GrowingStore, key: str, content: bytes) -> None:
    reader, production = begin(store, key)
    os.write(production.fileno(), content)
    production.finish()
    reader.close()


def names(folder: pathlib.Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


def test_first_caller_makes_it_and_the_next_gets_it_whole(store: GrowingStore, folder: pathlib.Path) -> None:
    make(store, "k", b"content")
    reader, production = store.open("k")
    assert (production, reader.size, read_all(reader)) == (None, 7, b"content")
    assert names(folder) == [""]


def test_others_read_along_while_it_is_written(store: GrowingStore, folder: pathlib.Path) -> None:
    own, production = begin(store)
    os.write(production.fileno(), b"first ")
    followers = [GrowingStore(folder, 1000, 3600).open("k") for _number in range(3)]
    assert [made for _reader, made in followers] == [None] * 3
    assert [reader.read(99) for reader, _made in followers] == [b"first "] * 3
    assert own.size is None
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda one=reader: results.append(read_all(one))) for reader, _ in followers]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    os.write(production.fileno(), b"second")
    production.finish()
    for thread in threads:
        thread.join(10)
    assert results == [b"second"] * 3
    assert read_all(own) == b"first second"


def test_what_was_given_up_is_lost_for_those_who_read_and_made_anew_for_others(store: GrowingStore) -> None:
    own, production = begin(store)
    follower, _made = store.open("k")
    os.write(production.fileno(), b"part")
    production.give_up()
    for reader in (own, follower):
        assert reader.read(99) == b"part"
        with pytest.raises(LostError):
            reader.read(99)
        reader.close()
    make(store, "k", b"whole")


DYING = """
import os, sys, time
from kallithea.cache.growing_store import GrowingStore
reader, production = GrowingStore(__import__("pathlib").Path(sys.argv[1]), 1000, 3600).open("k")
os.write(production.fileno(), b"part")
print("begun", flush=True)
time.sleep(60)
"""


def test_killed_producer_leaves_nothing_that_is_served(store: GrowingStore, folder: pathlib.Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", DYING, folder], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    follower, made = store.open("k")
    assert (made, follower.read(99)) == (None, b"part")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with pytest.raises(LostError):
        follower.read(99)
    with pytest.raises(LostError):
        _size = follower.size
    follower.close()
    make(store, "k", b"whole")
    assert read_all(store.open("k")[0]) == b"whole"


def test_child_that_writes_keeps_it_growing_when_the_producer_is_gone(store: GrowingStore) -> None:
    own, production = begin(store)
    child = subprocess.Popen(["sleep", "0.3"], stdout=production.fileno())
    follower, _made = store.open("k")
    os.close(production.fileno())
    assert follower.size is None
    child.wait()
    with pytest.raises(LostError):
        follower.read(1)
    own.close()
    follower.close()


def test_producer_sees_whether_anybody_reads(store: GrowingStore) -> None:
    own, production = begin(store)
    assert production.is_wanted()
    follower, _made = store.open("k")
    own.close()
    assert production.is_wanted()
    follower.close()
    assert not production.is_wanted()
    # nobody can come to it any more
    reader, other = begin(store)
    production.give_up()
    os.write(other.fileno(), b"x")
    other.finish()
    assert read_all(reader) == b"x"


def test_producer_whom_nobody_reads_at_the_moment_is_found_by_the_next(
    store: GrowingStore, folder: pathlib.Path
) -> None:
    own, production = begin(store)
    own.close()
    for path in folder.iterdir():
        os.utime(path, (time.time() - 100, time.time() - 100))
    # what nobody uses is removed
    make(store, "other", b"x")
    follower, made = store.open("k")
    assert (made, production.is_wanted()) == (None, True)
    follower.close()
    assert not production.is_wanted()
    production.give_up()


def test_producer_whose_files_are_gone_is_not_wanted(store: GrowingStore, folder: pathlib.Path) -> None:
    own, production = begin(store)
    for path in folder.iterdir():
        path.unlink()
    assert not production.is_wanted()
    production.give_up()
    own.close()


def test_those_not_used_for_longest_go_first(store: GrowingStore, folder: pathlib.Path) -> None:
    for number, key in enumerate("ab"):
        make(store, key, key.encode() * 400)
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_ctime_ns)
        os.utime(newest, (time.time() - 5000 + number, time.time()))
    read_all(store.open("a")[0])
    make(store, "c", b"c" * 400)
    assert {key for key in "abc" if store.open(key)[1] is None} == {"a", "c"}


def test_old_ones_are_made_anew(folder: pathlib.Path) -> None:
    store = GrowingStore(folder, 1000, 0)
    make(store, "k", b"1")
    time.sleep(0.01)
    make(store, "k", b"2")


def test_what_is_older_than_the_machine_is_up_is_made_anew(store: GrowingStore, folder: pathlib.Path) -> None:
    """It may have been cut when the machine went down."""
    make(store, "k", b"1")
    (path,) = folder.iterdir()
    boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    os.utime(path, (boot - 1, boot - 1))
    make(GrowingStore(folder, 1000, 10 * 365 * 86400), "k", b"2")


def test_many_at_once_make_it_once(store: GrowingStore) -> None:
    made: list[Production] = []
    read: list[bytes] = []

    def ask() -> None:
        reader, production = store.open("k")
        if production is not None:
            made.append(production)
            os.write(production.fileno(), b"content")
            production.finish()
        read.append(read_all(reader))

    threads = [threading.Thread(target=ask) for _number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(made), read) == (1, [b"content"] * 30)


def test_what_is_being_written_counts(store: GrowingStore) -> None:
    make(store, "a", b"a" * 600)
    _reader, production = begin(store, "b")
    os.write(production.fileno(), b"b" * 600)
    make(store, "c", b"c")
    assert {key for key in "ac" if store.open(key)[1] is None} == {"c"}
    os.write(production.fileno(), b"b" * 600)
    with pytest.raises(OSError, match="full"):
        store.open("d")
    production.finish()
    # It was larger than all of the store.
    assert store.usage().size == 0
    make(store, "d", b"d")


def test_name_outlives_the_file_for_a_minute(
    store: GrowingStore, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(store, "a", b"a" * 900)
    reader = store.open("a")[0]
    name = reader.find_name()
    assert name is not None
    assert (reader.find_name(), names(folder)) == (name, ["", ".sent"])
    make(store, "b", b"b" * 900)
    assert store.open("a")[1] is not None
    assert (name.read_bytes(), reader.find_name()) == (b"a" * 900, name)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 180)
    make(store, "c", b"c")
    assert not name.exists()
    assert (reader.read(99), reader.find_name()) == (b"a" * 99, None)
